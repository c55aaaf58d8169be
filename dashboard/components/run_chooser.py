"""The leaderboard as a way to choose runs: filter, sort, choose columns, tick two to six, take the table away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.identity.search import matches
from dashboard import state
from dashboard.components.address import preset
from dashboard.components.board_columns import DEFAULT, column_config, headings, ranked, written
from dashboard.components.markdown import plain
from dashboard.components.run_picker import MAX_RUNS
from dashboard.components.table_export import export_button
from dashboard.components.table_selection import selection_key
from dashboard.components.told import shown as sortable

ROWS_SHOWN = 8


def choose_from(board: pd.DataFrame, target: str, key: str = "compare_board") -> None:
    """Draw a leaderboard whose ticks are the runs chosen under the key `target`.

    Parameters
    ----------
    board : DataFrame
        As `board_columns.written` takes it, at least one row.
    target : str
        Key of the multiple choice of run names that the ticks change.
    key : str
        Begins the keys of the widgets here.
    """
    options = headings(board)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Filter", key=f"{key}_filter", placeholder="scratch seed 1", width=260, bind="query-params")
        preset(f"{key}_sort", options, "AUC")
        best = st.selectbox("Best first by", options, key=f"{key}_sort", width=180, bind="query-params")
        with st.popover("Columns", icon=":material/view_column:"):
            columns = st.multiselect(
                "Columns", options, [name for name in DEFAULT if name in options], key=f"{key}_columns", bind="query-params"
            )
        board = filtered(ranked(board, best), words)
        shown = written(board, columns)
        export_button(board, shown, "leaderboard")
    if board.empty:
        st.info(f"No run matches {plain(words, 80)}.")
        return
    _table(shown, board["run"].tolist(), target, f"{key}_table")


def filtered(board: pd.DataFrame, words: str | None) -> pd.DataFrame:
    """The runs whose title, name, classes, seed, changed settings or data hold every word; commas may separate them too."""
    classes, seeds = board["n_classes"].astype(str) + " classes", "seed " + board["seed"].astype(str)
    columns = [board["run"], classes, seeds, board["changed_settings"], board["data_title"].fillna("")]
    facts = board["title"].str.cat(columns, "\n")
    return board[facts.map(lambda fact: matches(fact, words))].reset_index(drop=True)


def ticked(chosen: list[str], shown: list[str], rows: list[int]) -> list[str]:
    """The runs chosen after ticks changed: those chosen keep their order, those a filter hides stay, new ones follow."""
    on = [shown[row] for row in rows]
    kept = [name for name in chosen if name in on or name not in shown]
    return kept + [name for name in on if name not in kept]


def _table(shown: pd.DataFrame, names: list[str], target: str, key: str) -> None:
    # The ticks follow the choice, so that a link, the list of runs below and this table always agree.
    rows = [names.index(name) for name in st.session_state.get(target, []) if name in names]
    table_key = selection_key(f"{key}_selection", "rows", rows)
    with st.container(key=key):
        st.dataframe(
            sortable(shown), hide_index=True, placeholder="–", column_config=column_config(), key=table_key, selection_mode="multi-row",
            selection_default={"selection": {"rows": rows}}, on_select=lambda: _follow(table_key, names, target, rows),
            height=36 * (ROWS_SHOWN + 1) if len(shown) > ROWS_SHOWN else "auto",
            alt=f"Leaderboard of {len(shown)} runs on the test images with 95 % intervals",
        )  # fmt: skip
    n = "1 run" if len(shown) == 1 else f"{len(shown):,} runs"
    st.caption(
        f"{n}. Tick two to {MAX_RUNS} to compare them; the one ticked first is what the others are set against. "
        "In brackets: 95 % interval, at each run's own operating point."
    )


def _follow(key: str, names: list[str], target: str, marked: list[int]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if sorted(rows) == sorted(marked):  # the browser repeats what it was given, maybe after the reader chose anew elsewhere
        return
    chosen = ticked(st.session_state.get(target, []), names, rows)
    chosen.sort(key=lambda run: run not in state.baselines())  # the baseline is the first, which the others are set against
    if len(chosen) > MAX_RUNS:
        st.toast(f"At most {MAX_RUNS} runs are compared; untick one first.", icon=":material/info:")
    st.session_state[target] = chosen[:MAX_RUNS]
