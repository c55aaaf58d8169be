"""The leaderboard as a way to choose runs: filter, sort, choose columns, tick two to six rows, take the table away."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.counted import counted
from core.runs.identity.search import matches
from dashboard import state
from dashboard.components.compare.runs.leaderboard_columns import BEFORE, DEFAULT, column_config, headings, ranked, written
from dashboard.components.compare.tables.sortable_numbers import as_text, told_columns
from dashboard.components.compare.tables.sortable_numbers import shown as sortable
from dashboard.components.compare.tables.table_export import export_button
from dashboard.components.compare.tables.table_selection import selection_key
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.runs.run_picker import MAX_RUNS
from dashboard.components.stacked_table import show_below_on_phones

ROWS_SHOWN = 8


def choose_from(board: pd.DataFrame, target: str, key: str = "compare_board") -> None:
    """Draw a leaderboard whose ticks are the runs chosen under the key `target`.

    Parameters
    ----------
    board : DataFrame
        Of `board_rows`, at least one row.
    target : str
        Key of the multiple choice of run names that the ticks change.
    key : str
        Begins the keys of the widgets here.
    """
    options = headings(board)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Filter", key=f"{key}_filter", placeholder="scratch seed 1", width=260, bind="query-params")
        usual = next((heading for heading in (BEFORE, "AUC") if heading in options), options[0])
        preset(f"{key}_sort", options, usual)
        best = st.selectbox("Best first by", options, options.index(usual), key=f"{key}_sort", width=180, bind="query-params")
        with st.popover("Columns", icon=":material/view_column:"):
            columns = st.multiselect(
                "Columns", options, [name for name in DEFAULT if name in options], key=f"{key}_columns", bind="query-params"
            )
        board = filtered(ranked(board, best), words)
        shown = written(board, columns)
        export_button(board.drop(columns="runs"), shown, "leaderboard")
    if board.empty:
        st.info(f"No run matches {plain(words, 80)}.")
        return
    _table(shown, board["runs"].tolist(), target, f"{key}_table")


def filtered(board: pd.DataFrame, words: str | None) -> pd.DataFrame:
    """The runs whose title, name, classes, seed, changed settings or data hold every word; commas may separate them too."""
    classes = board["n_classes"].astype(str) + " classes"
    seeds = board["seeds"].map(lambda numbers: "\n".join(f"seed {number}" for number in numbers.split(", ")))
    columns = [board["run"], classes, seeds, board["changed_settings"], board["data_title"].fillna("")]
    facts = board["title"].str.cat(columns, "\n")
    return board[facts.map(lambda fact: matches(fact, words))].reset_index(drop=True)


def ticked(chosen: list[str], lines: Sequence[Sequence[str]], rows: Sequence[int]) -> list[str]:
    """The runs chosen after ticks changed: those chosen keep their order, those a filter hides stay, of a new line the first run follows.

    Parameters
    ----------
    chosen : list of str
        Ids.
    lines : sequence of sequence of str
        The ids behind each line that is shown.
    rows : sequence of int
        Of the lines that are ticked.
    """
    on = [lines[row] for row in rows]
    off = {run for row, line in enumerate(lines) if row not in rows for run in line}
    kept = [run for run in chosen if run not in off]
    return kept + [line[0] for line in on if not set(line) & set(kept)]


def marked_lines(chosen: Sequence[str], lines: Sequence[Sequence[str]]) -> list[int]:
    """The lines of which some run is chosen, in the order chosen."""
    return list(dict.fromkeys(row for run in chosen for row, line in enumerate(lines) if run in line))


def _table(shown: pd.DataFrame, lines: list[tuple[str, ...]], target: str, key: str) -> None:
    # The ticks follow the choice, so that a link, the list of runs below and this table always agree.
    rows = marked_lines(st.session_state.get(target, []), lines)
    table_key = selection_key(f"{key}_selection", "rows", rows)
    with st.container(key=key):
        st.dataframe(
            sortable(shown), hide_index=True, placeholder="–", column_config=column_config(), key=table_key, selection_mode="multi-row",
            selection_default={"selection": {"rows": rows}}, on_select=lambda: _follow(table_key, lines, target, rows),
            height=36 * (ROWS_SHOWN + 1) if len(shown) > ROWS_SHOWN else "auto",
            alt=f"Leaderboard of {len(shown)} lines on the test images with 95 % intervals",
        )  # fmt: skip
    show_below_on_phones(as_text(shown[[shown.columns[0], *told_columns(shown)]]), "The figures of the leaderboard on test")
    several = any(len(line) > 1 for line in lines)
    seeds = "A tick takes the first seed of a recipe; “All seeds of” below adds the others. " if several else ""
    st.caption(
        f"{counted(len(shown), 'line')}. Tick two to {MAX_RUNS} to compare them; the one ticked first is what the others are set against. "
        f"{seeds}In brackets: 95 % interval on test, at each run's own operating point."
    )


def _follow(key: str, lines: list[tuple[str, ...]], target: str, marked: list[int]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if sorted(rows) == sorted(marked):  # the browser repeats what it was given, maybe after the reader chose anew elsewhere
        return
    chosen = ticked(st.session_state.get(target, []), lines, rows)
    chosen.sort(key=lambda run: run not in state.baselines())  # the baseline is the first, which the others are set against
    if len(chosen) > MAX_RUNS:
        st.toast(f"At most {MAX_RUNS} runs are compared; untick one first.", icon=":material/info:")
    st.session_state[target] = chosen[:MAX_RUNS]
