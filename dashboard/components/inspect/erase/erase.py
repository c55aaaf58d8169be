"""Erase and ask: draw a box on the film, and every chosen model answers again; or change a setting of the film and see the curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import numpy as np
import streamlit as st

from core.errors import InputError
from core.figures.palette import run_colours
from core.images.edits.boxes import MOST_BOXES, Box, as_boxes, at_peak
from core.images.edits.erasing import TITLES, erase, letters
from core.images.edits.settings import CHANGES
from core.inference.prediction import NOT_RELIABLE, Prediction
from core.runs.run import Run
from dashboard.components.inspect.erase.answers import Answer, after_erasing, over_setting
from dashboard.components.inspect.erase.answers_table import table
from dashboard.components.inspect.erase.film_boxes import answer, reduced, show_film
from dashboard.components.inspect.film.chooser import BOXED, BOXES
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.maps.tiles import Shown
from dashboard.components.inspect.predictions import subject
from dashboard.components.inspect.remarks import Remarks
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link, preset
from dashboard.figures.what_if import what_if_figure

PAST, OF, FAULT = "_inspect_boxes_past", "_inspect_boxes_of", "_inspect_boxes_fault"
TITLE = "Erase a part and ask again"
QUESTIONS = {"erase": "Erase a part"} | {key: change.title for key, change in CHANGES.items()}
NO_LETTERS = (
    "No letters were found in the corners of this film: as in the audit of the data, only marks that are nearly white with a sharp edge "
    "count. Draw a box over a fainter one."
)
FILL_HELP = """What stands in the erased place. The model sees it too: trust a change that all three agree on.\\
**Smooth**: a surface without detail that meets the rim (Laplace's equation). **Mean of its rim**: one grey level. **Blurred**: the film
itself without its detail."""


@st.fragment
def show_erase(
    picture: Picture,
    grey: np.ndarray,
    labelled: Mapping[str, Run],
    said: Mapping[str, Prediction],
    shown: Sequence[Shown],
    remarks: Remarks,
) -> None:
    """The question and its answers, in a box that opens with a click: a fragment, so that a new box reruns nothing else.

    Parameters
    ----------
    picture : Picture
    grey : ndarray of shape (height, width), uint8
    labelled : mapping of str to Run
    said : mapping of str to Prediction
        What each says of the whole film.
    shown : sequence of Shown
        Whose first map has the peak that a click takes.
    remarks : Remarks
        Filled with what is asked, for the files.
    """
    boxes = _boxes(picture)
    box = st.expander(TITLE, icon=":material/ink_eraser:", key="inspect_erase", on_change="rerun", bind="query-params")
    if not (box.open or boxes):
        return
    with box:
        preset("inspect_question", QUESTIONS.values(), QUESTIONS["erase"], QUESTIONS)
        left, right = st.columns(2, vertical_alignment="bottom")
        question = left.selectbox("Change", list(QUESTIONS.values()), key="inspect_question", bind="query-params")
        if question == QUESTIONS["erase"]:
            preset("inspect_fill", TITLES.values(), TITLES["smooth"], TITLES)
            title = right.selectbox(
                "Fill", list(TITLES.values()), key="inspect_fill", help=FILL_HELP, bind="query-params", persist_state="page"
            )
            _erase(picture, grey, labelled, said, shown, remarks, boxes, _key(TITLES, title))
        else:
            _curve(_key(QUESTIONS, question), picture, labelled, said)
            with suppress(InputError):  # which stands beside the boxes
                fill = _key(TITLES, st.session_state.get("inspect_fill", TITLES["smooth"]))
                _note(remarks, boxes, fill, after_erasing(labelled, said, picture, boxes, fill) if boxes else {})


def _note(remarks: Remarks, boxes: Sequence[Box], fill: str, answers: Mapping[str, Answer]) -> None:
    """For the files, whatever the page shows of it."""
    remarks.boxes, remarks.fill, remarks.answers = boxes, fill, list(answers.values())


def _key(titles: Mapping[str, str], title: str) -> str:
    return next(key for key, known in titles.items() if known == title)


def _erase(picture, grey, labelled, said, shown, remarks, boxes, fill) -> None:
    film = reduced(grey)
    fault = st.session_state.pop(FAULT, None)
    _buttons(grey, shown, boxes)
    try:
        answers = after_erasing(labelled, said, picture, boxes, fill) if boxes else {}
        show_film(erase(film, boxes, fill), boxes, _draw, film if boxes else None)
    except InputError as error:
        answers, fault = {}, str(error)
        show_film(film, boxes, _draw)
    _note(remarks, boxes, fill, answers)
    if fault:
        st.warning(plain(fault))
    if answers:
        st.html(table(answers))
        st.caption(f"This film, n = 1, without what the {_count(boxes)} covered. The models see the fill as well: try another.")


def _buttons(grey: np.ndarray, shown: Sequence[Shown], boxes: Sequence[Box]) -> None:
    height, width = grey.shape
    with st.container(horizontal=True, gap="small"):
        peaked = next((item for item in shown if not item.reading.explanation.is_empty), None)
        if peaked:
            peak = lambda: [at_peak(peaked.on_picture(height, width))]  # noqa: E731
            st.button("Map's peak", on_click=_add, args=(peak,), help=f"Erase where the map of {plain(peaked.title)} is strongest.")
        written = "Erase all letters in the corners, found as the audit of the data finds them."
        st.button("Letters", on_click=_add, args=(lambda: _letters(grey),), help=written)
        st.button("Undo", on_click=_undo, disabled=not (st.session_state[PAST] or boxes), icon=":material/undo:")
        st.button("Clear", on_click=_keep, args=([],), disabled=not boxes)


def _curve(key: str, picture: Picture, labelled: Mapping[str, Run], said: Mapping[str, Prediction]) -> None:
    change = CHANGES[key]
    with st.spinner(f"Asking at {len(change.values)} settings …"):
        curves = {label: over_setting(labelled[label], prediction, picture, key) for label, prediction in said.items()}
    names = list(dict.fromkeys(subject(prediction) for prediction in said.values()))
    of, axis = f"p({names[0]})" if len(names) == 1 else "Probability of the class called", f"{change.title}, {change.unit}"
    thresholds = {label: prediction.threshold for label, prediction in said.items()}
    colours = dict(zip(said, run_colours([labelled[label].name for label in said]).values(), strict=True))
    figure = what_if_figure(change.values, curves, thresholds, colours, axis, of, change.none)
    doubt = {True: "", False: f" ({NOT_RELIABLE})"}
    spoken = "; ".join(f"{label}{doubt[said[label].reliable]}: {min(curve):.3f} to {max(curve):.3f}" for label, curve in curves.items())
    st.plotly_chart(figure, key="inspect_what_if", config={"displayModeBar": False}, alt=f"{of} over {axis}. {spoken}")
    st.caption(f"{change.explanation} Upright line: the film as it is; dotted: threshold. {plain(spoken)}; n = 1 film.")


def _boxes(picture: Picture) -> tuple[Box, ...]:
    """The boxes of this film: of the session, or of a link to this film that was just opened; another film has none yet."""
    session = st.session_state
    if BOXES not in session:
        texts = filter(None, st.query_params.get_all(BOXES) if session.get(BOXED) == picture.key else [])
        linked, fault = as_boxes(texts)
        session[BOXES] = list(map(str, linked))
        if fault:
            session[FAULT] = fault
        session[PAST], session[OF] = [], picture.digest
    elif session.get(OF) != picture.digest:
        session[BOXES], session[PAST], session[OF] = [], [], picture.digest
    if session[BOXES] or BOXES in st.query_params:
        keep_in_link(BOXES, session[BOXES])
    return as_boxes(session[BOXES])[0]


def _draw() -> None:
    """Take what was drawn on the film."""
    with suppress(KeyError):  # the film is gone, and another is shown
        try:
            said = answer()
        except InputError as error:
            st.session_state[FAULT] = str(error)
            return
        if said == "undo":
            _undo()
        elif said:
            _add(lambda: [said])


def _letters(grey: np.ndarray) -> list[Box]:
    found = letters(grey)
    if not found:
        raise InputError(NO_LETTERS)
    return list(found)


def _add(more: Callable[[], Sequence[Box]]) -> None:
    """Add boxes; a sentence where that cannot be, and those that were there stay."""
    try:
        texts = list(dict.fromkeys([*st.session_state[BOXES], *map(str, more())]))
        if len(texts) > MOST_BOXES:
            raise InputError(f"A film takes at most {MOST_BOXES} boxes; undo one, or draw a larger one.")
    except InputError as error:
        st.session_state[FAULT] = str(error)
        return
    _keep(texts)


def _keep(texts: list[str]) -> None:
    st.session_state[PAST].append(st.session_state[BOXES])
    st.session_state[BOXES] = texts


def _undo() -> None:
    if st.session_state[PAST]:
        st.session_state[BOXES] = st.session_state[PAST].pop()
    elif st.session_state[BOXES]:  # those of a link have no past
        st.session_state[BOXES] = st.session_state[BOXES][:-1]


def _count(boxes: Sequence[Box]) -> str:
    return "box" if len(boxes) == 1 else f"{len(boxes)} boxes"
