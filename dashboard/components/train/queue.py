"""Trainings that wait their turn: seen, moved, removed, held back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import InputError
from core.runs.identity import read_about
from core.runs.run import Run
from core.runs.store import models_dir
from core.training.queue import order, waiting
from core.training.resources.speed import minutes_text
from dashboard import jobs, state
from dashboard.components.markdown import plain
from dashboard.shared_mode import is_shared, may_train

NOT_DONE = "_train_queue_not_done"


def show_queue(waiting: Sequence[Run]) -> None:
    """What waits, the next one first, each with its buttons.

    Parameters
    ----------
    waiting : sequence of Run
        In their order.
    """
    with st.container(key="train_queue"):
        if reason := st.session_state.pop(NOT_DONE, ""):
            st.error(plain(reason))
        paused = order.is_paused(models_dir())
        if not waiting and not paused:
            st.caption("The queue is empty. What you start during a training is put here and trained after it.")
            return
        _head(waiting, paused)
        for place, run in enumerate(waiting):
            _row(run, place, len(waiting))


def _head(waiting: Sequence[Run], paused: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        n = len(waiting)
        what = "Nothing waits" if not n else f"{n} {'training waits' if n == 1 else 'trainings wait'}"
        badge = " :orange-badge[paused]" if paused else ""
        st.markdown(f"**{what}**{_time(waiting)}{badge}", width="stretch")
        label, icon = ("Go on", ":material/play_arrow:") if paused else ("Pause the queue", ":material/pause:")
        st.button(label, key="train_queue_pause", icon=icon, type="tertiary", on_click=_pause, args=(not paused,), disabled=not may_pause(),
                  help="The next training starts." if paused else "No further training starts; the one at work goes on.")  # fmt: skip


def may_pause() -> bool:
    """Whether the visitor may hold back the trainings of all."""
    return not is_shared() or may_train()


def _time(waiting: Sequence[Run]) -> str:
    """``, about 42 min``, of those whose time was measured."""
    seconds = [expected for run in waiting if (expected := expected_seconds(run)) is not None]
    if not seconds:
        return ""
    return f", {minutes_text(sum(seconds))}" + ("" if len(seconds) == len(waiting) else f" for {len(seconds)} of them")


def expected_seconds(run: Run) -> float | None:
    """How long a waiting run was expected to take when it was queued; None if that was not measured."""
    value = run.status.expected_seconds
    return float(value) if value is not None and 0 < value < 1e9 else None


def _row(run: Run, place: int, n: int) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"train_waits_{run.name}"):
        recipe, expected = run.config.recipe, expected_seconds(run)
        facts = [f"{run.config.n_classes} classes", f"{recipe.epochs} epochs", *([minutes_text(expected)] if expected else [])]
        facts.append(plain(run.name))
        note = f"  \n:gray[:small[{plain(text, 120)}]]" if (text := read_about(run).note) else ""
        st.markdown(f"{place + 1}. **{plain(state.name_of(run))}**  \n:gray[:small[{', '.join(facts)}]]{note}", width="stretch")
        _button(run, "Up", "arrow_upward", "Let it take its turn earlier.", place == 0, waiting.move, -1)
        _button(run, "Down", "arrow_downward", "Let it take its turn later.", place == n - 1, waiting.move, 1)
        _button(run, "Remove", "close", "Take it out of the queue. If it was never trained, nothing of it is kept.", False, waiting.remove)


def _button(run: Run, label: str, icon: str, words: str, disabled: bool, action: Callable, *arguments: int) -> None:
    disabled = disabled or not jobs.may_stop(run)
    key, icon = f"train_{label.lower()}_{run.name}", f":material/{icon}:"
    given = {"on_click": _do, "args": (action, run, *arguments)}
    st.button(label, key=key, icon=icon, type="tertiary", disabled=disabled, help=words, **given)


def _do(action, run: Run, *arguments) -> None:
    if not jobs.may_stop(run):
        return
    try:
        action(run, *arguments)
    except InputError as error:
        st.session_state[NOT_DONE] = str(error)


def _pause(paused: bool) -> None:
    if not may_pause():
        return
    try:
        order.pause(models_dir(), paused)
        if not paused:
            jobs.keep_going()
    except InputError as error:
        st.session_state[NOT_DONE] = str(error)
