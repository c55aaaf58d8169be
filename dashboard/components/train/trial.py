"""Measure how fast a system trains on this machine: a process of some seconds, started and ended on the page."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.architectures import get_system
from core.config import RunConfig
from core.training.queue.runner import PROJECT
from dashboard import jobs, shared_mode, state

TRIAL = "_train_trial"
FAILED = "_train_trial_failed"
USUAL_SECONDS = 25.0


class Trial(NamedTuple):
    """A measurement under way."""

    process: subprocess.Popen
    config: RunConfig
    began: float
    errors: Path


def offer_trial(config: RunConfig, reason: str) -> None:
    """A button that measures, or how far that is.

    Parameters
    ----------
    config : RunConfig
    reason : str
        What is not known.
    """
    if TRIAL in st.session_state:
        st.fragment(_follow, run_every=1.0)()
        return
    if failed := st.session_state.pop(FAILED, ""):
        st.warning(failed)
    if not shared_mode.may_train():
        return
    busy = any(jobs.is_live(run) for run in state.all_runs()[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/timer: {reason}", width="stretch")
        st.button(
            "Measure, about 20 s", key="train_measure", icon=":material/speed:", disabled=busy, on_click=_begin, args=(config,),
            help="A training is at work, which would spoil the measurement." if busy else "Trains some steps on made-up pictures.",
        )  # fmt: skip


def _begin(config: RunConfig) -> None:
    folder = Path(tempfile.mkdtemp(prefix="pneumolens-trial-"))
    (folder / "config.json").write_text(config.model_dump_json(), encoding="utf-8")
    with (folder / "errors.txt").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "core.training.resources.speed_trial", str(folder / "config.json")],
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
    st.session_state[TRIAL] = Trial(process, config, time.monotonic(), folder / "errors.txt")


def _follow() -> None:
    trial = st.session_state.get(TRIAL)
    if trial is None:
        st.rerun()
    if trial.process.poll() is not None:
        st.session_state[FAILED] = _why(trial)
        del st.session_state[TRIAL]
        shutil.rmtree(trial.errors.parent, ignore_errors=True)
        st.rerun()
    seconds = time.monotonic() - trial.began
    left = f"about {USUAL_SECONDS - seconds:.0f} s left" if seconds < USUAL_SECONDS - 1 else f"{seconds:.0f} s so far, this machine is busy"
    st.progress(min(seconds / USUAL_SECONDS, 0.98), f"Measuring {get_system(trial.config.system).title}: {left}")
    st.button("Cancel", key="train_measure_cancel", icon=":material/close:", type="tertiary", on_click=_cancel)


def _cancel() -> None:
    if trial := st.session_state.pop(TRIAL, None):
        trial.process.kill()
        trial.process.wait()
        shutil.rmtree(trial.errors.parent, ignore_errors=True)


def _why(trial: Trial) -> str:
    """What the measurement said of its failure; empty if it did not fail."""
    if trial.process.returncode == 0:
        return ""
    lines = trial.errors.read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return said[-1] if said else "The measurement ended without a result; the training may need more memory than is free."
