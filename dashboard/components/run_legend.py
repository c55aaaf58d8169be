"""Which letter and colour stands for which run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from core.metrics.evaluation import Evaluation
from core.run import Run
from dashboard.components.formats import when
from dashboard.components.results import system_title

GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:.35rem 1rem"


def lettered(runs: Sequence[Run]) -> dict[str, Run]:
    """``A CNN_1`` and so on to each run, in the order chosen."""
    return {f"{chr(ord('A') + position)} {system_title(run)}": run for position, run in enumerate(runs)}


def show_legend(runs: Mapping[str, Run], colours: Mapping[str, str], evaluations: Mapping[str, Evaluation]) -> None:
    """One line a run: colour, label, name, number of test images, threshold."""
    lines = [_line(label, run.name, colours[label], _facts(run, evaluations[label])) for label, run in runs.items()]
    st.html(f'<div style="{GRID}">{"".join(lines)}</div>')


def _facts(run: Run, evaluation: Evaluation) -> str:
    threshold = "" if evaluation.threshold is None else f", threshold {evaluation.threshold:.3f}"
    return f"trained {when(run.config.created)}, {len(evaluation.class_names)} classes, n = {evaluation.n_samples:,} test images{threshold}"


def _line(label: str, name: str, colour: str, facts: str) -> str:
    dot = f'<span style="flex:none;width:.8rem;height:.8rem;border-radius:50%;background:{colour};margin-top:.35rem"></span>'
    text = f'<span><b>{escape(label)}</b> · {escape(name)}<br><span style="opacity:.7;font-size:.875rem">{escape(facts)}</span></span>'
    return f'<div style="display:flex;gap:.6rem;align-items:flex-start;overflow-wrap:anywhere">{dot}{text}</div>'
