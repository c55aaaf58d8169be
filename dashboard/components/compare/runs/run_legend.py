"""Which letter and colour stands for which run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from core.metrics.evaluation import Evaluation
from core.runs.identity import read_about
from core.runs.identity.letters import without_letter
from core.runs.origin import NO_TRAINING
from core.runs.run import Run
from core.text import html as escape
from dashboard.components.chips import chip_html
from dashboard.components.compare.threshold.cells import Cells, cell
from dashboard.components.formats import when

ID = "user-select:all;opacity:.6;font-size:.75rem"
GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:.35rem 1rem"


def show_legend(runs: Mapping[str, Run], colours: Mapping[str, str], evaluations: Mapping[str, Evaluation], followed: str = "") -> None:
    """One line a run: colour, label, name, number of test images, threshold; `followed` as `Comparison.followed` gives it."""
    cells = threshold_cells(evaluations.values())
    lines = [
        _line(label, run.name, colours[label], _facts(run, evaluations[label], f"{number}.threshold", cells))
        for number, (label, run) in enumerate(runs.items())
    ]
    st.html(f'<div style="{GRID}" {followed}>{"".join(lines)}</div>')


def threshold_cells(evaluations: Iterable[Evaluation]) -> Cells:
    """Each run's threshold, where it has one."""
    return {f"{number}.threshold": f"{one.threshold:.3f}" for number, one in enumerate(evaluations) if one.threshold is not None}


def _facts(run: Run, evaluation: Evaluation, name: str, cells: Cells) -> str:
    config = run.config
    facts = [f"{'made' if config.system in NO_TRAINING else 'trained'} {when(config.created)}"]
    if read_about(run).baseline:
        facts.insert(0, "baseline")
    if config.n_classes != len(evaluation.class_names):
        facts.append(f"of {config.n_classes} classes, shown as {len(evaluation.class_names)}")
    positive = f", positive {evaluation.positive}" if evaluation.positive else ""
    facts += [f"{len(evaluation.class_names)} classes{positive}", f"n = {evaluation.n_samples:,} test images"]
    return escape(", ".join(facts)) + (f", threshold {cell(name, cells)}" if name in cells else "")


def _line(label: str, name: str, colour: str, facts: str) -> str:
    run_id = f'<code style="{ID}" title="The id that links carry; one click selects it">{escape(name)}</code>'
    called = f'<b class="legend-name">{escape(without_letter(label))}</b>'
    text = f'<span>{called} {run_id}<br><span style="opacity:.7;font-size:.875rem">{facts}</span></span>'
    return f'<div style="display:flex;gap:.6rem;align-items:baseline;overflow-wrap:anywhere">{chip_html(label, colour)}{text}</div>'
