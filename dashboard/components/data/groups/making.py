"""Make groups for which every image has to be looked at: in a process of its own, with progress, time left and a way to stop."""

from __future__ import annotations

import streamlit as st

from core.counted import counted as number_of
from core.datasets import Dataset
from core.errors import InputError
from dashboard import acquisition, chosen
from dashboard.acquisition import CANCELLED, FAILED, FINISHED, RUNNING, Source
from dashboard.components.data.groups.in_use import InUse, look_again
from dashboard.components.formats import duration
from dashboard.components.markdown import plain

EVERY = 1.0  # seconds between two looks at the progress
PROBLEM = "_groups_problem"
START, EACH = 8, 0.012  # seconds on two cores with the weights of MobileNetV2; fewer without


def make(dataset: Dataset, used: InUse) -> None:
    """A button that starts the work; while it goes on, its progress; the page is drawn anew when it is done."""
    source = source_of(dataset, used)
    attempt = acquisition.current(source)
    running = bool(attempt and attempt.state == RUNNING)
    if attempt and attempt.state == FINISHED:
        _done(source)
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain(problem), icon=":material/error:")
    st.fragment(_under_way, run_every=EVERY if running else None)(source, _takes(dataset))


def source_of(dataset: Dataset, used: InUse) -> Source:
    """The command that makes the groups, and where its progress is kept."""
    options = ("--by", used.by, *(("--k", str(used.k)) if used.k else ()))
    key = f"groups-{dataset.digest[:16]}-{used.by}-{used.k or 'best'}"
    return Source(key, "Looking at every image", "", ("groups",), options)


def _takes(dataset: Dataset) -> str:
    """What has to be done first, and how long it takes."""
    n = len(dataset.samples)
    if dataset.has_pixels:
        time = duration(START + EACH * n)
        return f"To group these {number_of(n, 'image')}, each has to be looked at: about {time} on two cores, once for these files."
    return f"To group these {number_of(n, 'image')} by what their table measures of them takes up to a few minutes, once for this table."


def _under_way(source: Source, takes: str) -> None:
    attempt = acquisition.current(source)
    if attempt and attempt.state == FINISHED:
        _done(source)
        st.rerun()
    if attempt and attempt.state == RUNNING:
        _progress(attempt)
        return
    if attempt and attempt.state == FAILED:
        st.error(f"The groups could not be made. {plain(attempt.reason)}", icon=":material/error:")
    if attempt and attempt.state == CANCELLED:
        st.info("Stopped. What was decoded so far is not lost to the other views of this page.")
    st.markdown(f"{takes} You can go on working meanwhile, or group by something else at once.")
    if st.button("Find hidden groups", icon=":material/workspaces:", type="primary", key="data_groups_start"):
        _start(source)
        st.rerun()


def _progress(attempt: acquisition.Acquisition) -> None:
    part, amount, seconds = attempt.progress
    left = f"about {duration(seconds)} left of this step" if seconds is not None else "starting"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(part, text=f"{attempt.source.doing}: {amount + ', ' if amount else ''}{left}", width="stretch")
        if st.button("Cancel", key="data_groups_cancel", icon=":material/stop:"):
            acquisition.cancel(attempt.source)
            st.rerun()


def _start(source: Source) -> None:
    try:
        acquisition.start(source, chosen.chosen().path)
    except InputError as error:
        st.session_state[PROBLEM] = str(error)


def _done(source: Source) -> None:
    acquisition.forget(source)
    look_again()
