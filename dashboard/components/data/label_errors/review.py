"""Suspected label errors: films whose label most models contradict, to be looked at and tagged; the tags stay and can be taken away."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from core.audit.label_errors import TAGS, HeldOut, Suspects, Tag, as_csv, put_tag, read_tags, review_table, undo_tag
from core.audit.label_errors.tags import LONGEST, tag_of
from core.counted import counted
from core.datasets import Dataset
from core.errors import InputError
from dashboard import state
from dashboard.components.data.freshness import redraw_if_changed
from dashboard.components.data.images.gallery import thumbnails
from dashboard.components.data.label_errors.filter import SUSPECTED, TAG, found_suspects
from dashboard.components.images.image_dialog import elsewhere
from dashboard.components.links import train_link
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset

MOST, ANY, TAGGED = "Most models", "At least one model", "Tagged"
PER_PAGE = 10
UNDO, PROBLEM = "review_undo", "review_problem"
CAUTION = (
    "What a model says of images that it was trained on proves little, so only images held out of its training count: validation, "
    "out-of-fold and test. Models that learnt from the same images err alike: each film here is one to look at, not a wrong label found. "
    "To drop test images because models contradict them would flatter every test result."
)
HOW = (
    "Confident learning (Northcutt et al. 2021): a model is confident of a class where its probability reaches the mean that it gives to "
    "images labelled so. Films with a larger share of votes come first, then those whose label has the smaller mean margin over the other "
    "classes."
)
HERE = Path(__file__)

_cards = st.components.v2.component(
    "pneumolens_review",
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)


@st.fragment
def show_review(dataset: Dataset, n_classes: int) -> None:
    """The ranked films, their tags, undo and download; its own widgets redraw it alone.

    Parameters
    ----------
    dataset : Dataset
    n_classes : {2, 3}
        Label scheme.
    """
    redraw_if_changed(dataset)
    try:
        held, found = found_suspects(dataset, n_classes)
        tags = read_tags(dataset.fingerprint)
    except InputError as error:
        st.warning(plain(str(error)))
        return
    if not found.n_models and not tags:
        st.info("No finished run has scores of these images that were held out of its training: train one, and it judges the labels too.")
        train_link()
        _left_out(held)
        return
    _headline(dataset, held, found)
    table = review_table(dataset, found, tags)
    _films(dataset, _chosen(table, found), tags)
    _below(dataset, table, len(found.by_most))


def _headline(dataset: Dataset, held: HeldOut, found: Suspects) -> None:
    n, rest = len(found.by_most), len(dataset.samples) - found.n_judged
    by = f"most of the models that judge it ({counted(found.n_models, 'run')} in all)" if found.n_models > 1 else "the one model"
    st.markdown(
        f"**{n:,}** of {found.n_judged:,} held-out images {'has' if n == 1 else 'have'} a label that {by} contradict"
        f"{'s' if found.n_models == 1 else ''} with confidence."
        + (f" The other {rest:,} images were trained on by every model." if rest else "")
    )
    st.caption(CAUTION, help=HOW)
    _left_out(held)


def _left_out(held: HeldOut) -> None:
    if held.left_out:
        names = state.names()
        with st.popover(f"{counted(len(held.left_out), 'run')} without a full say", icon=":material/info:", type="tertiary"):
            for name, reason in held.left_out.items():
                st.markdown(f"**{plain(names.get(name, name))}**  \n{plain(state.named(reason))}")


def _chosen(table: pd.DataFrame, found: Suspects) -> pd.DataFrame:
    """The rows that the switch asks for."""
    parts = {
        MOST: found.by_most["sample_id"],
        ANY: found.table["sample_id"],
        TAGGED: table.loc[(table[["tag", "note"]] != "").any(axis=1), "sample_id"],
    }
    titles = {name: f"{name} ({len(part):,})" for name, part in parts.items()}
    preset("data_review_show", list(parts), MOST)
    shown = st.segmented_control(
        "Contradicted by", list(parts), key="data_review_show", required=True, wrap=True, bind="query-params", format_func=titles.get
    )
    return table[table["sample_id"].isin(parts[shown])].reset_index(drop=True)


def _films(dataset: Dataset, rows: pd.DataFrame, tags: dict[str, Tag]) -> None:
    """A page of films as cards."""
    if rows.empty:
        st.info("There is no such film.")
        return
    n_pages = -(-len(rows) // PER_PAGE)
    page = st.pagination(n_pages, key="data_review_page", bind="query-params") if n_pages > 1 else 1
    shown = rows.iloc[(min(page, n_pages) - 1) * PER_PAGE :][:PER_PAGE]
    names = tuple(shown["sample_id"])
    pictures = thumbnails(dataset.fingerprint, names, dataset) if dataset.has_pixels else [""] * len(names)
    cards = [card(row, tags.get(row.sample_id), picture, dataset) for row, picture in zip(shown.itertuples(), pictures, strict=True)]
    data = {"cards": cards, "tags": list(TAGS), "longest": LONGEST}
    _cards(key="data_review_cards", data=data, on_said_change=lambda: _said(dataset, names))


def card(row, said: Tag | None, picture: bytes | str, dataset: Dataset) -> dict:
    """One film as the browser gets it.

    Parameters
    ----------
    row : namedtuple
        Of `core.audit.label_errors.review_table`.
    said : Tag or None
    picture : bytes or str
        JPEG, or the reason why there is none.
    dataset : Dataset
    """
    judged = pd.notna(row.votes)
    against = (
        f"{row.votes} of {counted(int(row.n_models), 'model')} say{'s' if row.n_models == 1 else ''} {row.suggested}"
        if judged
        else "Held out of no training"
    )
    mean = f"Mean probability of {row.label}: {row.p_label:.2f}" if judged else ""
    where = urlencode({"inspect_sample": row.sample_id} | ({"inspect_data": path} if (path := elsewhere(dataset)) else {}))
    return {
        "sample_id": row.sample_id,
        "name": row.sample_id.rpartition("/")[2],
        "label": f"Label: {row.label} ({row.split})",
        "against": against,
        "mean": mean,
        "tag": said.tag if said else "",
        "note": said.note if said else "",
        "picture": "" if isinstance(picture, str) else "data:image/jpeg;base64," + base64.b64encode(picture).decode(),
        "problem": picture if isinstance(picture, str) else "",
        "inspect": f"inspect?{where}" if dataset.has_pixels else "",
    }


def _said(dataset: Dataset, names: tuple[str, ...]) -> None:
    """Keep what the browser says of a film on the page."""
    said = st.session_state["data_review_cards"]["said"]
    try:
        sample_id, tag = str(said["sample_id"]), tag_of(str(said["tag"]), str(said["note"]))
        if sample_id in names:
            before = put_tag(dataset.fingerprint, sample_id, tag)
            st.session_state.setdefault(UNDO, []).append((dataset.fingerprint, sample_id, tag, before))
    except (KeyError, TypeError):
        st.session_state[PROBLEM] = "That could not be read; try again."
    except InputError as error:
        st.session_state[PROBLEM] = str(error)
    _redraw_filtered()


def _undo() -> None:
    fingerprint, sample_id, said, before = st.session_state[UNDO].pop()
    try:
        if not undo_tag(fingerprint, sample_id, said, before):
            st.session_state[PROBLEM] = "Another session has said something else of that film since, so it stays."
    except InputError as error:
        st.session_state[PROBLEM] = str(error)
    _redraw_filtered()


def _below(dataset: Dataset, table: pd.DataFrame, n_suspected: int) -> None:
    """What can be done with all of them."""
    if problem := st.session_state.pop(PROBLEM, ""):
        st.warning(plain(problem))
    mine = [one for one in st.session_state.get(UNDO, []) if one[0] == dataset.fingerprint]
    with st.container(horizontal=True):
        st.button("Show the suspected above", icon=":material/visibility:", key="data_review_filter", type="tertiary", on_click=_show)
        st.button("Undo", icon=":material/undo:", key="data_review_undo", type="tertiary", on_click=_undo, disabled=not mine)
        st.download_button(
            "Download the review (CSV)", lambda: as_csv(table), "label-review.csv", "text/csv", icon=":material/download:",
            key="data_review_csv", on_click="ignore", disabled=table.empty,
        )  # fmt: skip
    if st.session_state.get(TAG) == SUSPECTED:
        st.markdown(f"The page is filtered by them: [see {counted(n_suspected, 'suspected image')} above](#images)")
    st.caption(
        f"{np.count_nonzero(table['tag'] != ''):,} tagged. Tags are kept for these images in the dashboard's cache, never among the data."
    )


def _show() -> None:
    """Filter the page by the suspected; all of it is redrawn, though the button stands in a fragment."""
    st.session_state.update({TAG: SUSPECTED})
    st.rerun()


def _redraw_filtered() -> None:
    """Draw the whole page anew where it is filtered by tags."""
    if st.session_state.get(TAG) in TAGS:
        st.rerun()
