"""Whose turn it is to compute: one line for what takes long, with what those who wait read on their page, and lighter pages first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from joblib import cpu_count
from streamlit.runtime.scriptrunner import RerunException, ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from core.machine.lightest_first import LightestFirst
from core.machine.waiting_line import WaitingLine
from core.parallel import Progress
from dashboard.components.formats import duration
from dashboard.once import looking_once

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

CORES = 4  # that one piece of work keeps busy
LINE = WaitingLine(max(1, cpu_count() // CORES))
PAGES = LightestFirst()


def share_fairly() -> None:
    """Let pages go first of visitors for whom least was computed lately; call once, before a page is drawn.

    Streamlit draws each page in a thread of its own and asks at every element and every look at the session whether the visitor clicked
    again meanwhile: there a page waits for lighter ones. It offers no place for this, so what it calls is wrapped.
    """
    drawing, ask = ScriptRunner._set_execing_flag, ScriptRunner._maybe_handle_execution_control_request

    @contextmanager
    def drawing_in_turn(runner: ScriptRunner) -> Iterator[None]:
        with LINE.click(), looking_once(), PAGES.work(runner._session_id), drawing(runner):
            yield

    def ask_in_turn(runner: ScriptRunner) -> None:
        PAGES.point()
        ask(runner)

    ScriptRunner._set_execing_flag = drawing_in_turn  # type: ignore[method-assign]
    ScriptRunner._maybe_handle_execution_control_request = ask_in_turn  # type: ignore[method-assign]


@contextmanager
def turn(kind: str, bar: DeltaGenerator) -> Iterator[None]:
    """Wait in line, with the place in it on the page, and work when it is one's turn.

    Parameters
    ----------
    kind : str
        What work of about the same length has in common.
    bar : DeltaGenerator
        Where progress will be shown. Any click on the page gives the place up, as it ends the run of the page.
    """

    def tell(ahead: int, seconds: float | None) -> None:
        give_way_to_click()
        bar.progress(0.0, text=waiting_text(ahead, seconds))

    with LINE.place(kind, tell):
        yield


def giving_way(progress: Progress) -> Progress:
    """The same progress, told between two steps at which the pages of others are drawn first, and at which a click ends the work."""

    def show(done: int, total: int) -> None:
        LINE.step()
        give_way_to_click()
        progress(done, total)

    return show


def give_way_to_click() -> None:
    """End this run of the page, or of a part of it, if its visitor clicked within a part meanwhile: it is run again as it is now to be.

    Streamlit ends a run at the next element for a click outside of the page's fragments; for one within a fragment, such as on a button
    that cancels what the fragment computes, it waits until the run is over.
    """
    context = get_script_run_ctx(suppress_warning=True)
    requests = context.script_requests if context else None
    if context is None or requests is None:
        return
    with requests._lock:
        asked = requests._rerun_data
        if requests._state != ScriptRequestType.RERUN or asked.is_auto_rerun:
            return
        requests._state = ScriptRequestType.CONTINUE
    running = context.fragment_ids_this_run  # none if the whole page is drawn; else these again, as what they draw after this is missing
    parts = list(dict.fromkeys([*asked.fragment_id_queue, *running])) if running and asked.fragment_id_queue else []
    raise RerunException(replace(asked, fragment_id=None, fragment_id_queue=parts))


def waiting_text(ahead: int, seconds: float | None) -> str:
    """``Others are served first: 2nd in line, about 20 s``."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(ahead % 10 if ahead % 100 not in (11, 12, 13) else 0, "th")
    left = f", about {duration(max(seconds, 1))}" if seconds is not None else ""
    return f"Others are served first: {ahead:,}{suffix} in line{left}"
