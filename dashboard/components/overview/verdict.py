"""Which model did best before test, and what it does on test: in words, per 100 films."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.metrics.generalisation import BATTERY, VALIDATION
from core.reporting.recipe_leaderboard import Spread, spread
from dashboard.components.markdown import plain

ON = {BATTERY: "validation images with one clue removed at a time", VALIDATION: "validation images"}


HELP = """**Before test**: chosen by films that were held out of training. Films of test decided nothing; they stand beside it.

**×3**: three models trained alike, each with another random seed. **Mean**: their probabilities averaged.

**AUC**: how often a film with pneumonia scores above one without; 0.5 is chance.

**Clue**: what gives the class away and is no illness, such as letters in a corner, a black border or brightness."""


def verdict(board: pd.DataFrame, areas: Mapping[str, float]) -> None:
    """Two sentences: the best before test with what it finds and misses, and whether settings matter more than seeds.

    Parameters
    ----------
    board : DataFrame
        Of `core.reporting.recipe_leaderboard.group_board`, not empty.
    areas : mapping of str to float
        By id, the AUC of each run on test.
    """
    best = board.iloc[0]
    lines = [best_text(best)]
    apart = [found for _, row in board[board["n_classes"] == best["n_classes"]].iterrows() if (found := spread(board, areas, row))]
    if apart:
        row = board[board["system"] == apart[0].system].iloc[0]
        lines.append(spread_text(apart[0], row["group"].split(",")[0]))
    st.markdown("  \n".join(lines), help=HELP)


def best_text(row: pd.Series) -> str:
    """``Best before test: Lens-MobileNet (mean of 3 seeds) … it finds 98 of 100 films with PNEUMONIA …``."""
    seeds = f" (mean of {row['n_runs']} seeds)" if row["n_runs"] > 1 else ""
    films = f"{row['n_test']:,.0f} test films"
    head = f"**Best before test: {plain(row['group'])}**{seeds}, by its AUC on {ON[row['before_on']]}. On the {films} it "
    if row["n_classes"] != 2 or pd.isna(row.get("sensitivity")):
        return head + f"gets **{_per_100(row['accuracy'])} of 100** right (95\u00a0% interval {_range(row, 'accuracy')})."
    negative, positive = row["class_names"]
    found, alarms = _per_100(row["sensitivity"]), _per_100(1 - row["specificity"])
    missed, interval = 100 - found, _range(row, "sensitivity")
    alarm_range = f"{_per_100(1 - row['specificity_high'])}–{_per_100(1 - row['specificity_low'])}"
    return head + (
        f"finds **{found} of 100** films with {plain(positive)} (95\u00a0% interval {interval}) and misses {missed}; "
        f"it calls **{alarms} of 100** {plain(negative)} films {plain(positive)} ({alarm_range})."
    )


def spread_text(apart: Spread, system: str) -> str:
    """``Lens-MobileNet: 4 sets of settings differ by at most 0.003 in AUC on test, seeds of one by 0.003: …``."""
    judgement = "more than seeds do" if apart.between > apart.within else "no more than seeds do, so their order may be chance"
    return (
        f"{plain(system)}: its {apart.n_variants} sets of settings differ by up to {apart.between:.3f} in AUC on test, "
        f"{apart.n_seeds} seeds of the same settings by up to {apart.within:.3f}: settings matter {judgement}."
    )


def _range(row: pd.Series, metric: str) -> str:
    return f"{_per_100(row[f'{metric}_low'])}–{_per_100(row[f'{metric}_high'])}"


def _per_100(share: float) -> int:
    return round(100 * share)
