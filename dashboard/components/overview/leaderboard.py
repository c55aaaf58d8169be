"""The leaderboard of the Overview: a line for the seeds of one recipe, which opens to its seeds; ticks lead to Compare and Inspect."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import pandas as pd
import streamlit as st

from core.metrics.generalisation import BATTERY
from core.metrics.rules_apart import rules_note
from core.metrics.statistics.intervals import UNDEFINED
from core.reporting.published_vs_measured import METRICS, figure_text
from core.runs.identity import read_about
from core.runs.identity.names import group_name
from core.runs.identity.search import matches
from core.runs.origin import NO_TRAINING
from core.runs.run import Run
from core.runs.store import has_model
from dashboard import state
from dashboard.components.links import compare_link, inspect_link
from dashboard.components.markdown import plain
from dashboard.components.overview.about_runs import about_button
from dashboard.components.overview.ticks import chosen_after, in_turn
from dashboard.components.runs.run_picker import MAX_RUNS
from dashboard.components.stacked_table import show_below_on_phones

CHOSEN = "overview_chosen"  # of this session: what is ticked, by group or by id, also while another page is open
ROWS, ROW_HEIGHT = 12, 33
TITLES = {2: "Two classes", 3: "Three classes"}
HELP = {
    "Recipe": "The system, then the settings that differ from its own recipe.",
    "Run": "The system, the settings that differ from its own recipe, and the seed.",
    "Seeds": "How often it was trained, each time with another seed. A mean of models has none.",
    "AUC before test": "Area under the ROC curve on validation images with one clue of the data set removed at a time (mean over the "
    "ways). Rows are in this order: it is what was known before test. Plain validation images, used where there are no others, give more.",
    "AUC": "Area under the ROC curve on test: how often an ill child scores above a healthy one.",
    "Accuracy": "Share of test films called right at the run's own threshold.",
    "Sensitivity": "Share of the films of ill children called ill, at the run's own threshold.",
    "Specificity": "Share of the films of healthy children called healthy, at the run's own threshold.",
    "Macro F1": "Mean over the classes of F1, the harmonic mean of precision and recall.",
}  # fmt: skip
INTERVAL = " Mean over seeds ± their standard deviation, in brackets the 95 % interval that the test films leave."


def facts_of(run: Run, names: Mapping[str, str]) -> str:
    """What the filter looks for a run in, one a line: its name, its recipe, its seed, its note."""
    name = names.get(run.name, run.name).replace(" · ", "\n")
    return "\n".join([name, group_name(run), f"seed {run.config.seed}", read_about(run).note, run.name])


@st.fragment
def leaderboard(by_group: pd.DataFrame, by_run: pd.DataFrame, runs: Mapping[str, Run]) -> None:
    """Draw the table with its choices; a tick runs this part of the page alone.

    Parameters
    ----------
    by_group, by_run : DataFrame
        Of `boards`.
    runs : mapping of str to Run
        By id.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n_classes = _classes(by_group)
        each = st.toggle(
            "Each seed", key="overview_seeds", bind="query-params", help="A line for every run instead of one for each recipe."
        )
        words = st.text_input(
            "Filter",
            key="overview_filter",
            placeholder="Filter: scratch CutMix",
            label_visibility="collapsed",
            width=220,
            bind="query-params",
        )
    board = by_run if each else by_group
    board = board[board["n_classes"] == n_classes].reset_index(drop=True)
    if words:
        names = state.names()
        found = board["runs"].map(lambda ids: any(matches(facts_of(runs[run], names), words) for run in ids))
        board = board[found].reset_index(drop=True)
    if board.empty:
        st.info(f"No run matches {plain(words, 80)}.")
        return
    heading = "Run" if each else "Recipe"
    chosen = in_turn(_table(board, heading), board["runs"].tolist())
    _actions([runs[run] for run in chosen if run in runs])
    show_below_on_phones(on_a_phone(written(board, heading)), "The figures of the leaderboard on test")
    if note := rules_note(runs[run] for ids in board["runs"] for run in ids if run in runs):
        st.caption(f":material/warning: {note}")
    if board["fingerprint"].nunique() > 1:
        st.caption("Not all were scored on the same test films: compare only lines with the same data.")


def _classes(board: pd.DataFrame) -> int:
    """The number of classes that is shown; asked where there are several."""
    found = sorted(board["n_classes"].unique())
    if len(found) == 1:
        return int(found[0])
    return int(
        st.segmented_control(
            "Classes", found, default=found[0], required=True, key="overview_classes", label_visibility="collapsed", bind="query-params",
            format_func=lambda n: f"{TITLES.get(n, f'{n} classes')} ({(board['n_classes'] == n).sum()})",
        )
    )  # fmt: skip


def _table(board: pd.DataFrame, heading: str) -> list[str]:
    """Draw the table; the ids of the runs that are chosen: those of ticked lines, and those that a filter hides."""
    shown, lines = written(board, heading), board["runs"].tolist()
    key = f"overview_table_{crc32(repr(lines).encode()):x}"  # a table of other lines is another table: its ticks are numbers of lines
    if key not in st.session_state:  # first drawn, or drawn again after another page or filter: with the ticks that were there
        before = set(st.session_state.get(CHOSEN, []))
        st.session_state[f"{key}_default"] = [row for row, runs in enumerate(lines) if before.issuperset(runs)]
    event = st.dataframe(
        shown, hide_index=True, placeholder="–", key=key, on_select="rerun", selection_mode="multi-row", row_height=ROW_HEIGHT,
        selection_default={"selection": {"rows": st.session_state.get(f"{key}_default", [])}},
        column_config=_columns(shown), height=ROW_HEIGHT * (min(len(shown), ROWS) + 1) + 3,
        alt=f"Leaderboard of {len(shown)} lines, the most promising before test first; figures on test with 95 % intervals.",
    )  # fmt: skip
    st.session_state[CHOSEN] = chosen_after(st.session_state.get(CHOSEN, []), lines, event.selection.rows)
    return st.session_state[CHOSEN]


def on_a_phone(shown: pd.DataFrame) -> pd.DataFrame:
    """What the lines are called, what was known before test, and the figures on test, as text."""
    before = shown["AUC before test"].map(lambda value: f"{value:.4f}" if pd.notna(value) else UNDEFINED)
    figures = [name for name in shown if name in METRICS.values()]
    return shown[[shown.columns[0], *figures]].fillna(UNDEFINED).assign(**{"AUC before test": before})


def written(board: pd.DataFrame, heading: str) -> pd.DataFrame:
    """The table as a person reads it; metrics that no line has are left out.

    Figures lie in [0, 1] and begin with all their digits, so that a click on a heading sorts them as numbers.
    """
    table = {heading: board["group"]}
    if heading == "Recipe":
        table["Seeds"] = board["n_runs"].where(~board["system"].isin(NO_TRAINING))
    table["AUC before test"] = board["before"]
    lines = board.to_dict("records")
    table |= {title: [figure_text(row, metric) for row in lines] for metric, title in METRICS.items() if board[metric].notna().any()}
    table |= {"Test films": board["n_test"], "Parameters": board["parameters"], "Data": board["data_title"]}
    if (board["before_on"] != BATTERY).any():
        table["Before test on"] = board["before_on"].map({BATTERY: "altered validation images"}).fillna("plain validation images")
    return pd.DataFrame(table)


def _columns(shown: pd.DataFrame) -> dict:
    columns = {}
    for name in shown:
        if name in ("Recipe", "Run"):
            columns[name] = st.column_config.TextColumn(pinned=True, help=HELP[name], width=330)
        elif name in METRICS.values():
            columns[name] = st.column_config.TextColumn(help=HELP[name] + INTERVAL)
        elif name == "AUC before test":
            columns[name] = st.column_config.NumberColumn(format="%.4f", help=HELP[name])
        elif name in ("Parameters", "Seeds", "Test films"):
            columns[name] = st.column_config.NumberColumn(format="localized", help=HELP.get(name))
    return columns


def _actions(chosen: list[Run]) -> None:
    ids = [run.name for run in chosen]
    with st.container(horizontal=True, vertical_alignment="center"):
        compare_link(ids[:MAX_RUNS], f"Compare {min(len(ids), MAX_RUNS)} chosen" if ids else "Compare")
        if not ids:
            st.caption("Tick recipes or seeds to compare them. Rows are ordered by what was known before test.")
            return
        if ready := [run.name for run in chosen if has_model(run)][:MAX_RUNS]:
            inspect_link("Try them on a film", ready)
        about_button(chosen)
        if len(ids) > MAX_RUNS:
            st.caption(f"{len(ids)} runs are ticked; {MAX_RUNS} are compared, one of each recipe first.")
