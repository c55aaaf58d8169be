"""Runs without results: still training, stopped, failed, or unreadable, each with its reason."""

from __future__ import annotations

import streamlit as st

from core.runs.run import LIVE_STATES, Run
from core.training.queue.waiting import is_waiting
from dashboard import state
from dashboard.components.formats import when
from dashboard.components.links import train_link
from dashboard.components.markdown import plain

COLOURS = {"queued": "gray", "running": "blue", "stopped": "orange", "failed": "red", "unreadable": "red", "finished": "orange"}
SHOWN = 6


def unfinished_runs(runs: list[Run], broken: dict[str, str]) -> None:
    """List runs without results and directories that cannot be read; draws nothing if there are none.

    Parameters
    ----------
    runs : list of Run
        Those that are not finished.
    broken : dict of str to str
        Name to reason.
    """
    lines = [_line(run.state, f"{plain(state.name_of(run))}, {when(run.config.created)} UTC", _reason(run)) for run in runs]
    lines += [_line("unreadable", plain(name), reason) for name, reason in broken.items()]
    if not lines:
        return
    st.subheader("Without results", anchor=False)
    st.markdown("\n".join(lines[:SHOWN]))
    if len(lines) > SHOWN:
        with st.expander(f"{len(lines) - SHOWN} more"):
            st.markdown("\n".join(lines[SHOWN:]))
    if runs:
        train_link("Watch or resume trainings")


def _line(label: str, name: str, reason: str) -> str:
    return f"- :{COLOURS[label]}-badge[{label}] {name}" + (f": {plain(reason, 300)}" if reason else "")


def _reason(run: Run) -> str:
    status = run.status
    if status.state in LIVE_STATES:
        done, of = status.epoch, status.epochs
        return f"epoch {done} of {of}" if of else (status.phase or "waits its turn" if is_waiting(run) else "about to start")
    if status.state == "finished":
        return "it has no stored predictions; put its predictions.parquet back, or train again"
    return status.reason or ""
