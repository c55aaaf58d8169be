"""How far a sweep is: its trainings as a grid, their settings against validation, the best so far, and a button that stops all."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.metrics.statistics.intervals import in_figures
from core.runs.store import models_dir
from core.sweeps.board import Board, Record, boards
from core.sweeps.cells import best_cell
from core.sweeps.metric import METRICS
from dashboard import shared_mode
from dashboard.components.links import compare_link
from dashboard.components.markdown import plain
from dashboard.components.train.sweep.layout import METRIC_WORDS, TITLES, grid_of, in_chart, name_of, varied
from dashboard.figures.sweep import grid_figure, parallel_figure

LIVE_SECONDS, IDLE_SECONDS = 3.0, 30.0
MOST = 20  # sweeps to choose from
IDLE_TITLE = "Sweeps"
STOPPING = "Stopping after the steps at work. Each keeps its best model; the same command goes on with the sweep."


def show_sweeps() -> None:
    """The sweeps of the folder of runs, the latest first; nothing where there is none."""
    every = boards(models_dir())
    found = every[:MOST]
    if not found:
        return
    title = _title(found)
    at_work = title != IDLE_TITLE
    with st.expander(title, expanded=at_work, icon=":material/grid_on:", key="train_sweeps"):
        names = [board.name for board in found]
        chosen = st.selectbox("Sweep", names, key="train_sweep", help="What  python -m core sweep  trains, the latest first.")
        if len(every) > MOST:
            st.caption(f"The latest {MOST} of {len(every):,} sweeps; the runs of all are on the Compare page.")
        board = found[names.index(chosen)] if chosen in names else found[0]
        st.fragment(_sweep, run_every=LIVE_SECONDS if at_work else IDLE_SECONDS)(board, found, title)


def _title(found: list[Board]) -> str:
    driven = [board for board in found if board.is_driven]
    if not driven:
        return IDLE_TITLE
    return f"{IDLE_TITLE} · {'stopping' if all(board.stop_asked for board in driven) else 'at work'}"


def _sweep(board: Board, found: list[Board], title: str) -> None:
    if _title(found) != title:  # it stands outside of the part of the page that is drawn anew every few seconds
        st.rerun()
    try:
        record = board.read()
    except InputError as error:
        st.warning(plain(error))
        return
    _head(board, record)
    if not record.cells:
        st.caption("Nothing of it has been drawn yet.")
        return
    _best(record)
    _grid(record)
    _parallel(record)
    _table(record)


def _head(board: Board, record: Record) -> None:
    driven, done, counts = board.is_driven, record.n_settled, Counter(cell.state for cell in record.cells)
    rest = ", ".join(f"{counts[state]} {state}" for state in ("training", "ended early", "stopped", "failed") if counts[state])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        place = "" if record.on == "local" else f" on {plain(record.on, 60)}"
        st.markdown(f"**{done} of {record.total} trainings done**{place}{f' ({rest})' if rest else ''}", width="stretch")
        allowed = driven and not shared_mode.is_shared()
        off = "Off where several share a server: whoever started the sweep stops it." if driven and not allowed else None
        if st.button("Stop all", key="train_sweep_stop", icon=":material/stop:", disabled=not allowed or board.stop_asked, help=off):
            board.ask_to_stop()
            st.rerun()
    st.progress(min(done / max(record.total, 1), 1.0))
    if driven and board.stop_asked:
        st.caption(STOPPING)
    if not driven and done < record.total:
        st.caption(
            f"Not at work on this machine. To go on, give the same command again: `python -m core sweep … --name {plain(board.name)}`"
        )


def _best(record: Record) -> None:
    metric = METRIC_WORDS[record.spec.metric].lower()
    best = best_cell(record.cells, record.spec.metric)
    if not best or best.value is None or not best.run:
        st.caption(f"The best by {metric} is named here once an epoch has ended.")
        return
    word = "Best" if record.n_settled == record.total else "Best so far"
    st.markdown(f"{word}: **{plain(name_of(best, record.cells))}**, {metric} {in_figures(best.value)} ({best.state})")
    ended = [cell.run for cell in record.cells if cell.run and cell.state in ("finished", "found")]
    if ended:
        ordered = [best.run] * (best.run in ended) + [run for run in ended if run != best.run]
        compare_link(ordered[:5], "Compare the best" if len(ended) > 5 else "Compare them")
    if len({cell.seed for cell in record.cells}) > 1:
        st.caption("Each seed holds out other patients, so a difference between seeds is partly theirs. No test image counts here.")


def _grid(record: Record) -> None:
    grid = grid_of(record)
    n = len(grid.rows)
    alt = f"A grid of {len(record.cells)} trainings, {n} settings by {len(grid.columns)} seeds; the table below says the same in words."
    figure = grid_figure(grid.rows, grid.columns, grid.states, grid.words)
    st.plotly_chart(figure, key="train_sweep_grid", config={"displayModeBar": False}, alt=alt)


def _parallel(record: Record) -> None:
    known = [cell for cell in record.cells if cell.value is not None]
    settings = in_chart(varied(known))
    if len(known) < 2 or not settings:
        return
    metric = METRIC_WORDS[record.spec.metric]
    lower = METRICS[record.spec.metric] == "minimize"
    st.markdown(f"**Settings against {metric.lower()}**, n\u00a0=\u00a0{len(known)} trainings")
    st.caption("A line a training: the best orange, the worst grey. Drag along an axis to keep the lines that cross it there.")
    figure = parallel_figure(settings, [cell.value or 0.0 for cell in known], metric, lower)
    alt = f"Parallel coordinates of {len(known)} trainings through {', '.join(settings)} to {metric.lower()}."
    st.plotly_chart(figure, key="train_sweep_parallel", config={"displayModeBar": False}, alt=alt)


def _table(record: Record) -> None:
    rows = [
        {"System": TITLES.get(cell.system, cell.system), "Classes": cell.n_classes, "Seed": cell.seed}
        | {"Settings": ", ".join(f"{key}={value}" for key, value in cell.settings.items()), "State": cell.state}
        | {METRIC_WORDS[record.spec.metric]: cell.value, "Epochs": cell.epochs, "Run": cell.run or "", "Why": cell.reason}
        for cell in record.cells
    ]
    with st.popover("All trainings as a table", icon=":material/table:"):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="train_sweep_table")
