"""One chooser for the picture that is shown: a person's own files, a film whose opacity is known, or a sample. The last action wins."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.datasets import Dataset
from core.errors import InputError
from core.images import MAX_BYTES
from dashboard import state
from dashboard.components.inspect.analysis import DATASET
from dashboard.components.inspect.film.examples import example_titles, open_example
from dashboard.components.inspect.film.own_files import MB, PREFIX, ROOM, OwnFile, forget, own_files
from dashboard.components.inspect.film.picture import UPLOAD, Picture, decode
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link
from dashboard.opening import StillToMeasure

KEY, UPLOADER = "inspect_sample", "inspect_upload"
DATA = "inspect_data"  # in the link: the folder of a sample, where one was typed in on the Data page
BOXES = "inspect_boxes"  # in the link: what was drawn on its film
BOXED = "_inspect_boxed"  # of this session: the film that the link was of, None for one that is not here
MISSING = "_inspect_missing"  # of this session: the film of a link that is not here, whether it had boxes, and what is shown instead
LEFT_OUT = "what was drawn on it is left out"
LAST, WAITING = "_inspect_last_shown", "_inspect_waiting"  # of this session; the second: whether the data set is still to be measured
TITLE = "Your images"
HELP = (
    "JPEG, PNG, TIFF, BMP, WebP or DICOM: drop, paste or browse; frontal chest films, "
    f"up to {MAX_BYTES // MB} MB each. "
    f"They stay in memory, {ROOM} MB together at most, and are forgotten with this session or by **More**, *Forget my images*. Of a DICOM "
    "file the pixels are read, and whether its header says that it is no frontal film of a child of 1 to 5 years. "
    "Only what you download is kept."
)
CHOICE_HELP = "What is shown now. Whatever you did last decides: an upload, a choice here, or a click in the table of several files."

# A pasted picture takes the way of a chosen file.
_paste = st.components.v2.component(
    "pneumolens_paste",
    js="""export default function () {
        const onPaste = (event) => {
            const input = document.querySelector(".st-key-inspect_upload input[type=file]");
            if (!input || !event.clipboardData?.files.length) return;
            const pasted = new DataTransfer();
            for (const file of event.clipboardData.files) pasted.items.add(file);
            input.files = pasted.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        };
        if (window.pneumolensPaste) document.removeEventListener("paste", window.pneumolensPaste);
        window.pneumolensPaste = onPaste;
        document.addEventListener("paste", onPaste);
        return () => document.removeEventListener("paste", onPaste);
    }""",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Chosen:
    """What is shown, and what it is one of.

    Attributes
    ----------
    picture : Picture or None
    own : tuple of Picture
        All files of the person's own, where one of them is shown; else none.
    """

    picture: Picture | None
    own: tuple[Picture, ...] = ()


def choose_picture(upload_place, choice_place) -> Chosen:
    """Draw the uploader and the chooser, each in its place, and open what is chosen.

    Parameters
    ----------
    upload_place, choice_place : DeltaGenerator

    Returns
    -------
    Chosen

    Raises
    ------
    InputError
        If a sample cannot be read.
    """
    with upload_place:
        files, fresh = own_files(UPLOADER, TITLE, HELP)
    titles = {file.key: f"Yours: {file.name}" for file in files}
    dataset = _dataset_with_pixels(wait=not (fresh or _wanted() in {None, *titles, *example_titles(None, [])}))
    st.session_state[DATASET] = dataset
    titles |= example_titles(dataset, st.query_params.get_all(KEY))
    _settle(list(titles), fresh)
    if not titles:
        return Chosen(None)
    with choice_place:
        chosen = st.selectbox("Shown now", list(titles), key=KEY, format_func=lambda key: titles.get(key, key), help=CHOICE_HELP)
    st.session_state[LAST] = chosen
    keep_in_link(KEY, [chosen])
    own = {file.key: Picture(file.content, file.digest, UPLOAD, name=file.name, key=file.key) for file in files}
    return Chosen(own[chosen], tuple(own.values())) if chosen in own else Chosen(open_example(chosen, dataset))


def show(key: str) -> None:
    """Show the picture of this key from the next run on: for callbacks."""
    st.session_state[KEY] = key


def take_pasted() -> None:
    """Make a pasted picture an upload; shows nothing, so it comes last on the page."""
    _paste(key="inspect_paste", height=1)


def forget_button(shown: Picture | None) -> None:
    """Buttons that let own files go; nothing where an example is shown."""
    if shown is None or shown.source != UPLOAD:
        return
    with st.container(horizontal=True):
        st.button("Forget this image", icon=":material/delete:", key="inspect_forget", on_click=forget, args=(UPLOADER, shown.key))
        st.button("Forget my images", icon=":material/delete_sweep:", key="inspect_forget_all", on_click=forget, args=(UPLOADER,))


def _settle(options: Sequence[str], fresh: Sequence[OwnFile]) -> None:
    """Which picture is shown before anybody chooses one in the box: what just came, what the link says, what was last shown, the first."""
    linked = st.query_params.get(KEY)
    if fresh:
        st.session_state[KEY] = _first_usable(fresh).key
    elif KEY not in st.session_state:
        wanted, missing = _wanted(), linked and linked not in options
        if options:
            st.session_state[KEY] = wanted if wanted in options else options[0]
        st.session_state[BOXED] = None if missing else st.session_state.get(KEY)
        drawn = bool(missing and st.query_params.pop(BOXES, ""))  # on a film that is not here, so on no other
        st.session_state[MISSING] = (linked, drawn, st.session_state.get(KEY)) if missing else None
    elif st.session_state[KEY] not in options and options:
        st.session_state[KEY] = options[0]
    _say_missing()


def _wanted() -> str | None:
    """Which picture is to be shown, unless one just came: what stands in the box, what the link says, what was last shown."""
    return st.session_state.get(KEY) or st.query_params.get(KEY) or st.session_state.get(LAST)


def _first_usable(files: Sequence[OwnFile]) -> OwnFile:
    """The first file that is a picture; the first of all if none is."""
    for file in files:
        try:
            decode(Picture(file.content, file.digest, UPLOAD))
        except InputError:
            continue
        return file
    return files[0]


def _say_missing() -> None:
    """That the film of the link is not here, and with it what was drawn on it, as long as another one stands in its place."""
    linked, drawn, instead = st.session_state.get(MISSING) or ("", False, None)
    if not linked or st.session_state.get(KEY) != instead:
        st.session_state[MISSING] = None
    elif linked.startswith(PREFIX):
        more = f"; {LEFT_OUT}" if drawn else ""
        own = f"The link shows an image of its sender's own, which is not in this session: upload it to see it{more}."
        st.info(own, icon=":material/upload:")
    else:
        here = f"is not here, so {LEFT_OUT}" if drawn else "is not here"
        st.warning(f"The link names the sample {plain(linked, 200)}, which {here}; set `PNEUMOLENS_DATA` to the folder that holds it.")


def measure_the_rest() -> None:
    """Measure a data set that the page went on without, at its end, and draw the page anew with its films; a click only interrupts it."""
    if not st.session_state.pop(WAITING, False):
        return
    st.caption("The films of your data set can be chosen, and its neighbours are shown, once its images are measured. Go on meanwhile.")
    with suppress(InputError):  # which the page says when it is drawn anew, without another look
        state.dataset(st.query_params.get(DATA))
    st.rerun()


def _dataset_with_pixels(wait: bool) -> Dataset | None:
    """The data set; None for one without pictures, or if it is still to be measured and nothing waits for it."""
    try:
        dataset = state.dataset(st.query_params.get(DATA), wait)
    except StillToMeasure:
        st.session_state[WAITING] = True
        return None
    except InputError as error:
        st.warning(plain(error))
        return None
    return dataset if dataset.has_pixels else None
