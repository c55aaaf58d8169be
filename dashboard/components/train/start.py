"""The button that starts what the plan holds."""

from __future__ import annotations

import streamlit as st

from core.errors import InputError
from dashboard import jobs, shared_mode, state
from dashboard.components.markdown import plain
from dashboard.components.train.form import STARTED
from dashboard.components.train.plan import Plan
from dashboard.components.train.several import name_problem, names_for


def start_button(plan: Plan | None, data: str, name: str, note: str) -> None:
    """Put every training of a plan into the queue; the first starts at once if none is at work."""
    if plan and (problem := name_problem(name, plan.configs)):
        st.warning(problem)
        plan = None
    n, busy = len(plan.configs) if plan else 1, any(jobs.is_live(run) or jobs.waiting([run]) for run in state.all_runs()[0])
    label = ("Add to the queue" if busy else "Start training") if n == 1 else f"{'Add' if busy else 'Start'} {n} trainings"
    allowed = shared_mode.may_train()
    pressed = st.button(label, key="train_start", type="primary", icon=":material/play_arrow:", disabled=not (plan and allowed))
    if not allowed:
        st.caption(f":material/lock: {shared_mode.TRAIN_OFF}")
    if not (pressed and plan and allowed):
        return
    try:
        for config, seconds, called in zip(plan.configs, plan.seconds, names_for(name, plan.configs), strict=True):
            jobs.start(config, data, called, note, seconds)
    except InputError as error:
        st.error(plain(error), icon=":material/block:")
        return
    st.session_state[STARTED] = True
    st.toast(f"{n} trainings are in the queue" if n > 1 else "In the queue" if busy else "Starting", icon=":material/play_arrow:")
    st.rerun()
