"""Trainings under way, and what became of the latest ones."""

from __future__ import annotations

import streamlit as st

from core.errors import InputError
from core.figures.history import best_epoch, history_figure
from core.figures.palette import run_colours
from core.metrics.statistics.intervals import in_figures, with_interval
from core.metrics.titles import TITLES, short
from core.runs.identity import read_about
from core.runs.origin import NO_TRAINING, command_again
from core.runs.run import Run
from core.runs.status import Status
from core.runs.store import has_model
from dashboard import jobs, shared_mode, state
from dashboard.components.formats import duration, when
from dashboard.components.links import compare_link, inspect_link
from dashboard.components.markdown import plain
from dashboard.components.runs.run_warnings import show_warnings
from dashboard.components.train.queue import show_queue

LIVE_SECONDS, IDLE_SECONDS = 1.5, 5.0
ENDED_SHOWN = 3
LATEST = {True: "Latest that can read a film or be resumed", False: "Latest"}
NOT_RESUMED = "_train_not_resumed"
IDLE = "No training is under way.  \n:gray[:small[Progress is shown here. It goes on if you close the page.]]"
NEXT = "No training is under way.  \n:gray[:small[The next one starts in a few seconds, unless the queue is paused.]]"
STOPPING = "Stopping after this step. The best model so far is kept, and the training can be resumed."
NOT_OURS = "No process of this machine is known for sure to train it, so none was stopped. Stop it where it was started."
STARTING = "starting"
COLOURS = {STARTING: "blue", "queued": "gray", "running": "blue", "stopped": "orange", "failed": "red", "finished": "green"}
PHASES = {"reading images": "Reading the images", "indexing": "Measuring the images", "decoding": "Decoding the images",
          "scoring": "Scoring the validation and test images", "battery": "Scoring altered validation images"}  # fmt: skip
RESULTS = short("roc_auc") | {name: TITLES[name].words for name in ("accuracy", "sensitivity", "specificity", "macro_f1")}


def training_progress() -> None:
    """Live trainings and the queue, refreshed every second or two; below them those that ended last."""
    runs = state.all_runs()[0]
    live, waiting = frozenset(run.name for run in runs if jobs.is_live(run)), frozenset(run.name for run in jobs.waiting(runs))
    st.fragment(_live, run_every=LIVE_SECONDS if live or waiting else IDLE_SECONDS)(live, waiting)
    title, ended = latest([run for run in runs if run.name not in live | waiting and not read_about(run).archived])
    if reason := st.session_state.pop(NOT_RESUMED, ""):
        st.error(plain(reason))
    if ended:
        st.markdown(f"**{title}**")
    for run in ended:
        _ended_card(run)


def latest(runs: list[Run]) -> tuple[str, list[Run]]:
    """Of runs, newest first, the latest that can be used or gone on with, and what they are: one of scores only is no one's next step.

    Those of scores only stand there where there are no others.
    """
    usable = [run for run in runs if has_model(run) or run.state != "finished"]
    return LATEST[bool(usable)], (usable or runs)[:ENDED_SHOWN]


def progress_of(status: Status) -> tuple[float, str]:
    """How much of a training is done, in [0, 1], and in words."""
    if status.state == "queued":
        return 0.0, "Starting: TensorFlow takes some seconds to load"
    if None in (status.epoch, status.step) or not (status.epochs and status.steps):
        return _stage_of(status)
    done = (status.epoch - 1 + status.step / status.steps) / status.epochs
    left = f"about {duration(status.eta_seconds)} left" if status.eta_seconds is not None else "estimating the time left"
    return min(done, 1.0), f"Epoch {status.epoch} of {status.epochs}, step {status.step} of {status.steps}, {left}"


def _stage_of(status: Status) -> tuple[float, str]:
    """The same of what comes before and after the epochs."""
    phase = status.phase or "preparing"
    words = PHASES.get(phase) or plain(phase[:1].upper() + phase[1:], 80)
    if not status.total or status.done is None:
        return (1.0 if phase == "scoring" else 0.0), words
    left = "" if status.eta_seconds is None else f", about {duration(status.eta_seconds)} left"
    return min(status.done / status.total, 1.0), f"{words}: {status.done:,} of {status.total:,} images{left}"


def _live(live_before: frozenset[str], waiting_before: frozenset[str]) -> None:
    runs = state.all_runs()[0]
    live, waiting = [run for run in runs if jobs.is_live(run)], jobs.waiting(runs)
    if ({run.name for run in live}, {run.name for run in waiting}) != (live_before, waiting_before):
        st.rerun()
    if waiting:
        _keep_going()
    # Idle or not, the elements stand in the same places, so that the Stop button never jumps or doubles.
    for position, run in enumerate(live or [None]):
        with st.container(border=True):
            _live_card(run, "train_stop" if position == 0 else f"train_stop_{run.name}", IDLE if not waiting else NEXT)
    show_queue(waiting)


def _keep_going() -> None:
    """The queue goes on, also after its process died."""
    try:
        jobs.keep_going()
    except InputError as error:
        st.error(plain(error), icon=":material/block:")


def _live_card(run: Run | None, stop_key: str, idle: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch"):
            if run:
                _heading(run, STARTING if run.state == "queued" else run.state)
            else:
                st.markdown(idle)
        if st.button("Stop", key=stop_key, icon=":material/stop:", disabled=not run or not jobs.may_stop(run)):
            said = STOPPING if jobs.stop(run) else NOT_OURS
            st.toast(said, icon=":material/stop:")
    if run:
        _steps(run)


def _steps(run: Run) -> None:
    """How far the training is, in words and curves."""
    status, history = run.status, run.history
    st.progress(*progress_of(status))
    if len(history):
        last = history.iloc[-1]
        rate = last.get("images_per_second", 0)
        speed = f", {rate:,.0f} images/s" if rate > 0 else ""
        loss, accuracy = (in_figures(last.get(name)) for name in ("val_loss", "val_accuracy"))
        st.caption(f"After epoch {last['epoch']:.0f}: validation loss {loss}, accuracy {accuracy}{speed}.")
        _curves(run)


def _ended_card(run: Run) -> None:
    status = run.status
    with st.container(border=True):
        _heading(run, status.state)
        if status.state == "finished":
            show_warnings([run], named=False)
            _result(run)
        else:
            n_epochs = n_epochs_of(run)
            epochs = f"After {n_epochs} {'epoch' if n_epochs == 1 else 'epochs'}: " if n_epochs else ""
            st.markdown(plain(epochs + (status.reason or "it was never started")))
            if run.config.system not in NO_TRAINING and shared_mode.may_train():
                st.button("Resume" if n_epochs else "Try again", key=f"resume_{run.name}", icon=":material/resume:", on_click=_resume,
                          args=(run,), help="It is put into the queue.")  # fmt: skip
        if n_epochs_of(run):
            with st.expander("Learning curves"):
                _curves(run)
        if log := jobs.log_tail(run):
            with st.expander("Log"):
                st.code(log, language=None)


def n_epochs_of(run: Run) -> int:
    """Epochs that a run finished; 0, with the reason on the page, if its history cannot be read."""
    try:
        return len(run.history)
    except InputError as error:
        st.warning(plain(error))
        return 0


def _result(run: Run) -> None:
    try:
        found = state.evaluation(run)
    except InputError as error:
        st.warning(plain(error))
        return
    figures = [f"{title} {with_interval(found.metrics[name])}" for name, title in RESULTS.items() if name in found.metrics]
    st.markdown(f"Test: {', '.join(figures)}, n\u00a0=\u00a0{found.n_samples:,}")
    ready = has_model(run)
    with st.container(horizontal=True):
        compare_link([run.name])
        if ready:
            inspect_link("Try it on a film", [run.name])
    if not ready:
        what = "one of its members has no model file here" if run.config.members else "its model file is not here"
        st.caption(f"Scores only: {what}, so it can be compared but reads no new films. To make it again:")
        st.code(command_again(run.config), language="bash", wrap_lines=True)


def _heading(run: Run, current: str) -> None:
    facts = f"{run.config.n_classes} classes, {when(run.config.created)} UTC, {plain(run.name)}"
    scores_only = " :gray-badge[scores only]" if current == "finished" and not has_model(run) else ""
    note = f"  \n:gray[:small[{plain(text, 300)}]]" if (text := read_about(run).note) else ""
    st.markdown(f":{COLOURS[current]}-badge[{current}]{scores_only} **{plain(state.name_of(run))}**  \n:gray[:small[{facts}]]{note}")


def _curves(run: Run) -> None:
    """Loss and accuracy side by side. The key keeps a chart in place while it grows."""
    history, colours = run.history, {"": run_colours([run.name])[run.name]}
    for metric, column in zip(("loss", "accuracy"), st.columns(2), strict=True):
        figure = history_figure({"": history}, metric, colours).update_layout(height=240)
        best = f"; the best is epoch {epoch}" if (epoch := best_epoch(history)) is not None else ""
        alt = f"{metric.capitalize()} over {len(history)} epochs{best}."
        column.plotly_chart(figure, key=f"curve_{metric}_{run.name}", config={"displayModeBar": False}, alt=alt)


def _resume(run: Run) -> None:
    """Continue a run, on the images named in the form if it does not know where its own are."""
    if not shared_mode.may_train():
        return
    try:
        jobs.launch(run, None if run.data_path else st.session_state.get("train_data"))
    except InputError as error:
        st.session_state[NOT_RESUMED] = str(error)
