"""How alike the maps of one film are: of several models, or of several methods."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs.identity.letters import letter_of
from core.saliency.checks import agreement_of_pairs
from dashboard.components.inspect.maps.tiles import Shown

RANKS = "Spearman's, over all cells. 1: the same ranking of places; 0: unrelated."
SHARED = "Feature agreement: of the strongest tenth of the cells, the share that both have. Chance: 0.10."
SAME_RANK = "Rank agreement: of the strongest tenth, the share that stands in the very same rank. Chance: near 0."
COLUMNS = {
    "rank_correlation": ("Rank correlation", RANKS),
    "feature_agreement": ("Strongest places shared", SHARED),
    "rank_agreement": ("Shared in the same rank", SAME_RANK),
}
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
    number = st.column_config.NumberColumn
    columns = {name: number(title, help=help, format="%.2f") for name, (title, help) in COLUMNS.items()}
    st.dataframe(pairs_table(shown), hide_index=True, column_config=columns, alt="How alike each pair of maps is")
    st.caption(REFERENCE)


def pairs_table(shown: Sequence[Shown]) -> pd.DataFrame:
    """``Maps`` and the measures, a row a pair; a run that has a letter goes by that alone, so that a phone shows the figures too."""
    found = agreement_of_pairs({item.title: item.reading.explanation for item in shown})
    short = {item.title: f"{letter_of(item.label) or item.label}{item.title.removeprefix(item.label)}" for item in shown}
    pairs = found.pop("first").map(short) + " and " + found.pop("second").map(short)
    return found.assign(Maps=pairs)[["Maps", *COLUMNS]]
