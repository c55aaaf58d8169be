"""Choose runs: the usable ones to pick from, the others named with the reason why they are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan, nan

import numpy as np
import streamlit as st

from core.errors import InputError
from core.metrics.generalisation import BATTERY, VALIDATION, before_test
from core.reporting import leaderboard
from core.runs.identity import group_runs, read_about
from core.runs.run import Run
from core.runs.status import Status
from dashboard import state
from dashboard.components.chips import tag_style
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link, preset, unknown_values

MAX_RUNS = 6
UNFINISHED = {"queued": "waits for its training to start", "stopped": "was stopped before it was scored"}


def usable_runs() -> tuple[list[Run], dict[str, str]]:
    """Runs whose test images are scored, newest first, and the reasons why the others are left out."""
    found, left_out = state.all_runs()
    usable, left_out = [], dict(left_out)
    for run in found:
        reason = fault(run)
        if reason:
            left_out[run.name] = reason
        else:
            usable.append(run)
    return usable, left_out


def fault(run: Run) -> str | None:
    """Why a run cannot be judged on the test images; None if it can."""
    if read_about(run).archived:
        return "It is archived; bring it back on the Overview."
    try:
        if run.state != "finished":
            return _unfinished(run.status)
    except InputError as error:
        return str(error)
    return leaderboard.fault(run)


def pick_runs(
    key: str,
    runs: Sequence[Run],
    default: Sequence[Run],
    label: str,
    help: str,
    left_out: Mapping[str, str] | None = None,
    wrap: bool = True,
) -> list[Run]:
    """A multiple choice of runs by name; the link keeps their ids; says which runs of a link are not here, or why they are `left_out`.

    What does not fit in a line goes on in the next one, or with `wrap` false is scrolled to.
    """
    preset_runs(key, runs, default, left_out)
    by_id, names = {run.name: run for run in runs}, state.names()
    chosen = st.multiselect(
        label, list(by_id), key=key, max_selections=MAX_RUNS, help=help, placeholder="Choose runs", wrap=wrap,
        format_func=lambda run: names.get(run, run),
    )  # fmt: skip
    if by_id:
        keep_in_link(key, chosen)
    if chosen:
        st.html(tag_style(key, chosen))
    return [by_id[run] for run in chosen]


def preset_runs(key: str, runs: Sequence[Run], default: Sequence[Run], left_out: Mapping[str, str] | None = None) -> None:
    """Give the choice its first value before anything else reads it: the link's runs, else the default."""
    names = [run.name for run in runs]
    for name in unknown_values(key, names):
        st.warning(_missing(name, (left_out or {}).get(name)), icon=":material/link_off:")
    preset(key, names, [run.name for run in default])


def _missing(name: str, reason: str | None) -> str:
    """Why a run that a link names cannot be chosen; both may hold anything, so they are shown as they are."""
    if reason is None:
        return f"The link names the run {plain(name)}, and there is no run of that name here: it was renamed or removed, or is elsewhere."
    return f"The link names the run {plain(name)}, which cannot be chosen here. {plain(reason)}"


def most_promising(runs: Sequence[Run]) -> list[Run]:
    """The run that did best without its data set's clues, as a list of one; test results are not looked at.

    By the mean area under the curve over the battery; plain validation flatters, so it decides only among runs without a battery.
    Runs of two classes come first, for theirs is the easier area. Empty if there are no runs.
    """
    return [max(runs, key=promise)] if runs else []


def best_recipe_first(runs: Sequence[Run]) -> list[Run]:
    """Runs in their order, but first the most promising one of the recipe that the Overview calls best before test.

    Parameters
    ----------
    runs : sequence of Run
        Of one number of classes.

    Returns
    -------
    list of Run
    """
    if not runs:
        return []
    known = {run.name: promise(run)[1:3] for run in runs}
    best = max(group_runs(runs), key=lambda group: tuple(np.mean([known[name] for name in group.ids], axis=0)))
    first = most_promising(best.runs)[0]
    return [first, *(run for run in runs if run is not first)]


def promise(run: Run) -> tuple:
    """What orders runs by what was known of them before test, the higher the better."""
    try:
        on, (area,) = before_test([state.generalisation(run)])
    except InputError:
        on, area = VALIDATION, nan
    return run.config.n_classes == 2, on == BATTERY, 0.0 if isnan(area) else area, run.name


def show_left_out(left_out: dict[str, str]) -> None:
    """A small button that opens the list of runs left out; nothing if there are none."""
    if not left_out:
        return
    noun = "run" if len(left_out) == 1 else "runs"
    with st.popover(f"{len(left_out)} {noun} left out", icon=":material/info:", type="tertiary"):
        names = state.names()
        for name, reason in left_out.items():
            st.markdown(f"**{plain(names.get(name, name))}**  \n{plain(state.named(reason))}")


def _unfinished(status: Status) -> str:
    match status.state:
        case "running":
            return f"It is still training (epoch {status.epoch or 0} of {status.epochs or '?'})."
        case "failed":
            return f"Its training failed: {status.reason or 'no reason is recorded'}"
        case other:
            return f"It {UNFINISHED.get(other, 'is not finished')}."
