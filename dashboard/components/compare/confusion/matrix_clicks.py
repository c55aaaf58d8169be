"""A click on a cell of a confusion matrix shows the images that it counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.images.disagreements import called, kind_title

_clicks = st.components.v2.component("pneumolens_matrix", js=Path(__file__).with_suffix(".js").read_text("utf-8"), isolate_styles=False)


def follow_clicks(comparison: Comparison, key: str) -> None:
    """Let a click on a cell choose its images among the disagreements, whose keys begin with `key`; it comes before them on the page."""
    _clicks(key=f"{key}_matrix_clicks", on_opened_change=_choose(comparison, key))


def choice(cell: str, comparison: Comparison) -> dict[str, str] | None:
    """What a cell, such as ``0.1.0`` for run, true and called class, chooses: ``kind`` and ``among``; None for one that is not there."""
    try:
        run, true, guessed = map(int, cell.split("."))
        letter, class_names = comparison.letters[run], comparison.panel.class_names
        return {"kind": called(letter, class_names[guessed]), "among": kind_title(class_names[true])}
    except (ValueError, IndexError):
        return None


def _choose(comparison: Comparison, key: str) -> Callable[[], None]:
    def choose() -> None:
        chosen = choice(str(st.session_state[f"{key}_matrix_clicks"]["opened"]), comparison)
        for name, value in (chosen or {}).items():
            st.session_state[f"{key}_{name}"] = value

    return choose
