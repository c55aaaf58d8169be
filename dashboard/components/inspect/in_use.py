"""One line at the top of Inspect: which image and which models are in use, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.runs.run import Run
from dashboard.components.chips import colours_of, told_apart, with_chips
from dashboard.components.inspect.film.examples import EXAMPLE, why
from dashboard.components.inspect.film.picture import PHANTOM, SAMPLE, UPLOAD, Picture
from dashboard.components.markdown import plain

BEST = "the best before test of the models that can read a film here (highest mean AUC on altered validation images)"
CHOSEN = "as chosen here or by the link"
SOURCES = {SAMPLE: f"a sample of the data set, {CHOSEN}", PHANTOM: f"a synthetic film, {CHOSEN}", UPLOAD: "your image"}
FIRST = "an example, a synthetic film whose opacity is known, chosen because a model's map finds it"


def show_in_use(picture: Picture | None, chosen: Sequence[Run], best: Sequence[Run]) -> None:
    """Say what is shown and by which models; the name of a person's own file as plain text.

    Parameters
    ----------
    picture : Picture or None
    chosen : sequence of Run
    best : sequence of Run
        What the page opens with where nobody chose.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="inspect_in_use", gap="small"):
        if picture is not None:
            source = FIRST if picture.key == EXAMPLE else SOURCES[picture.source]
            st.caption(f"**Image**: {source}{'' if picture.name else '.'}", width="content", help=why(picture) or None)
            if picture.name:
                st.text(picture.name, width="content")
        if chosen:
            st.caption(models_line(told_apart(chosen), [run.name for run in chosen] == [run.name for run in best]), width="content")


def models_line(labelled: Mapping[str, Run], is_default: bool) -> str:
    """``**Model**: CNN_1, the best before test …``; of several each with its chip."""
    reason = BEST if is_default else CHOSEN
    called = with_chips(", ".join(map(plain, labelled)), colours_of(labelled))
    return f"**{'Model' if len(labelled) == 1 else 'Models'}**: {called}, {reason}."
