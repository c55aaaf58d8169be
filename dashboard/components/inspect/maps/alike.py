"""How alike the maps of one film are: of several models, or of several methods."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs.identity.letters import letter_of
from core.saliency.checks import agreement_of_pairs
from dashboard.components.inspect.maps.tiles import Shown
from dashboard.components.markdown import plain

COLUMNS = {
    "rank_correlation": "Rank correlation",
    "feature_agreement": "Strongest places shared",
    "rank_agreement": "Shared in the same rank",
}
MEANING = (
    "Rank correlation: Spearman's over all cells; 1 the same ranking of places, 0 unrelated. Places shared: of the strongest tenth of the "
    "cells, the share that both have; chance 0.10. Same rank: of that tenth, the share that stands in the very same rank; chance near 0."
)
REFERENCE = "Cells of 28 × 28. Feature and rank agreement: Krishna et al. 2022, arXiv:2202.01602."


def show_alike(shown: Sequence[Shown]) -> None:
    """A line for each pair of maps; nothing of one map alone.

    Parameters
    ----------
    shown : sequence of Shown
    """
    if len(shown) < 2:
        return
    st.markdown("**How alike the maps are**")
    told = pairs_table(shown)
    told = told.assign(Maps=told["Maps"].map(plain), **{name: told[name].map("{:.2f}".format) for name in COLUMNS}).rename(columns=COLUMNS)
    st.table(told, hide_index=True, border="horizontal", alt="How alike each pair of maps is")  # its cells wrap on a phone
    st.caption(f"{MEANING} {REFERENCE}")


def pairs_table(shown: Sequence[Shown]) -> pd.DataFrame:
    """``Maps`` and the measures, a row a pair; a run goes by its letter alone, or by none where it is the only one."""
    found = agreement_of_pairs({item.title: item.reading.explanation for item in shown})
    short = {item.title: f"{letter_of(item.label)}{item.title.removeprefix(item.label)}".lstrip(" ·") or item.label for item in shown}
    pairs = found.pop("first").map(short) + " and " + found.pop("second").map(short)
    return found.assign(Maps=pairs)[["Maps", *COLUMNS]]
