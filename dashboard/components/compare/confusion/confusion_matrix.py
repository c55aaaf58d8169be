"""Confusion matrices side by side, what changes from the first run to the others, and recall by kind of pneumonia.

They are HTML: numbers that follow a slider are put in place one by one, where a chart would be drawn anew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from core.counted import class_words
from core.metrics.evaluation import Evaluation
from core.metrics.statistics.intervals import with_interval
from core.metrics.statistics.statistic import ratio
from core.text import html as escape
from dashboard.components.chips import label_html
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.threshold.cells import Cells, cell, fills
from dashboard.components.query_params import preset

COUNTS, DIFFERENCE = "Counts and shares", "Difference"


def pick_view(key: str, n_runs: int) -> bool:
    """Whether the matrices are shown as differences to that of the first run; one run has none."""
    if n_runs < 2:
        return False
    preset(key, (COUNTS, DIFFERENCE), COUNTS)
    options = [COUNTS, DIFFERENCE]
    return (
        st.segmented_control("Matrices", options, key=key, required=True, label_visibility="collapsed", bind="query-params") == DIFFERENCE
    )


def show_confusion(comparison: Comparison, difference: bool) -> None:
    """A matrix for each run, or for each run but the first what it does otherwise."""
    cells = matrix_cells(list(comparison.evaluations.values()), difference)
    first = next(iter(comparison.evaluations))
    numbered = list(enumerate(comparison.evaluations))[1 if difference else 0 :]
    kind = "change" if difference else "matrix"
    n = f", n = {comparison.panel.n_samples:,}"
    called = {label: label_html(label, colour) for label, colour in comparison.colours.items()}
    titles = [
        f"<strong>{called[label]}</strong>{f' minus <strong>{called[first]}</strong>' if difference else ''}{n}" for _, label in numbered
    ]
    tables = [_table(title, number, kind, comparison.panel.class_names, cells) for title, (number, _) in zip(titles, numbered, strict=True)]
    columns = {1: 2, 2: 2, 4: 4}.get(len(tables), 3)
    st.html(f'<div class="figures-matrices" style="--columns:{columns}" {comparison.followed}>{"".join(tables)}</div>')
    if difference:
        st.caption("Blue: better than the first run, more right or fewer wrong. Orange: worse. Points are of the row, the true class.")
    else:
        st.caption("Shares are of the row, the true class. Click a cell to see its images below.")


def show_subtypes(comparison: Comparison) -> None:
    """Recall of bacterial and of viral pneumonia, where the names of the images tell."""
    evaluations = list(comparison.evaluations.values())
    cells = _recall_cells(evaluations)
    kinds = dict.fromkeys(kind for one in evaluations for kind in one.subtype_recall)
    if not kinds:
        return
    st.markdown("**Pneumonias found, by kind**")
    blocks = [_kind(kind, comparison, cells) for kind in kinds]
    st.html(f'<div class="figures-recalls" {comparison.followed}>{"".join(blocks)}</div>')
    st.caption("Share called pneumonia, in brackets its 95 % interval (Wilson).")


def matrix_cells(evaluations: Sequence[Evaluation], difference: bool) -> Cells:
    """Counts and row shares of each run, or how they change from the first run, and recall by kind of pneumonia."""
    matrices = [one.confusion_matrix for one in evaluations]
    found = _change_cells(matrices) if difference else _count_cells(matrices)
    return found | _recall_cells(evaluations)


def points_changed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Change in percentage points of each true class, of the matrices' shape; 0 for a class without images."""
    return 100 * ratio(second - first, np.broadcast_to(first.sum(axis=1, keepdims=True), first.shape), 0.0)


def _count_cells(matrices: Sequence[np.ndarray]) -> Cells:
    cells = {}
    for number, matrix in enumerate(matrices):
        shares = ratio(matrix, np.broadcast_to(matrix.sum(axis=1, keepdims=True), matrix.shape))
        for place, share in np.ndenumerate(shares):
            text = "" if math.isnan(share) else f"{100 * share:.1f}\u00a0%"
            cells |= _named(number, "matrix", place, f"{matrix[place]:,}", text, 0.0 if math.isnan(share) else share)
    return cells


def _change_cells(matrices: Sequence[np.ndarray]) -> Cells:
    """Fills are from −1, worse, to 1, better: more on the diagonal, fewer off it."""
    first, *others = matrices
    changes = [points_changed(first, other) for other in others]
    reach = max(max(float(np.abs(points).max(initial=0)) for points in changes), 1e-9)
    cells = {}
    for number, (other, points) in enumerate(zip(others, changes, strict=True), start=1):
        better = points * np.where(np.eye(len(points), dtype=bool), 1, -1) / reach
        for place, value in np.ndenumerate(better):
            count, text = _signed(int(other[place] - first[place]), ",d"), f"{_signed(float(points[place]), '.1f')} points"
            cells |= _named(number, "change", place, count, text, value)
    return cells


def _named(number: int, kind: str, place: tuple[int, ...], count: str, share: str, fill: float) -> Cells:
    name = _name(number, kind, *place)
    return {name: count, f"{name}.share": share, f"{name}.fill": f"{fill:.3f}"}


def _name(number: int, kind: str, row: int, column: int) -> str:
    return f"{number}.{kind}.{row}{column}"


def _recall_cells(evaluations: Sequence[Evaluation]) -> Cells:
    cells = {}
    for number, evaluation in enumerate(evaluations):
        for kind, recall in evaluation.subtype_recall.items():
            parts = {"low": recall.low, "value": recall.value, "high": recall.high}
            cells[f"{number}.{kind}"] = with_interval(recall)
            cells |= {f"{number}.{kind}.{part}": f"{value:.3f}" for part, value in parts.items()}
    return cells


def _table(title: str, number: int, kind: str, class_names: Sequence[str], cells: Mapping[str, str]) -> str:
    names = [escape(class_words(name, begins=True)) for name in class_names]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row"><span>{name}</span></th>'
        + "".join(_square(number, row, column, kind, cells) for column in range(len(names)))
        + "</tr>"
        for row, name in enumerate(names)
    )
    head = (
        f'<thead><tr><td></td><th scope="colgroup" colspan="{len(names)}">Called</th></tr><tr><th scope="col">True</th>{heads}</tr></thead>'
    )
    return f'<table class="figures-matrix"><caption>{title}</caption>{head}<tbody>{rows}</tbody></table>'


def _square(number: int, row: int, column: int, kind: str, cells: Mapping[str, str]) -> str:
    """A count and its share; of a run alone a button that opens the images (`dashboard.components.compare.confusion.matrix_clicks`)."""
    name = _name(number, kind, row, column)
    words = f"{cell(name, cells, 'b')}{cell(f'{name}.share', cells)}"
    if kind == "matrix":
        words = f'<button type="button" data-opens="{number}.{row}.{column}" title="Show these images">{words}</button>'
    return f'<td class="figures-cell-{kind}" {fills(cells, fill=f"{name}.fill")}>{words}</td>'


def _kind(kind: str, comparison: Comparison, cells: Mapping[str, str]) -> str:
    """The runs' recalls of a kind, one below the other: interval and point on a track from 0 to 1, and in figures."""
    rows = []
    for number, label in enumerate(comparison.evaluations):
        name = f"{number}.{kind}"
        marks = fills(cells, low=f"{name}.low", value=f"{name}.value", high=f"{name}.high")
        track = (
            f'<span class="figures-track" aria-hidden="true" {marks}><i></i><b style="background:{comparison.colours[label]}"></b></span>'
        )
        rows.append(f'<span title="{escape(label)}">{label_html(label, comparison.colours[label])}</span>{track}{cell(name, cells)}')
    n = next(one.subtype_recall[kind].n_samples for one in comparison.evaluations.values())
    return f'<div><b>{escape(class_words(kind, begins=True))}</b>, n = {n:,}<div class="figures-recall">{"".join(rows)}</div></div>'


def _signed(number: float, spec: str) -> str:
    return f"{number:+{spec}}".replace("-", "−") if round(number, 1) else "0"
