"""What the threshold in use does, run by run, in counts: found, missed, false alarms. It stays in sight beside the threshold."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.metrics.evaluation import Evaluation
from core.text import html as escape
from dashboard.components.chips import chip_html
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.threshold.cells import Cells, cell


def count_cells(evaluations: Iterable[Evaluation]) -> Cells:
    """Of each run of two classes: cases found and missed, and healthy called ill."""
    cells = {}
    for number, evaluation in enumerate(evaluations):
        (_, false_alarms), (missed, found) = evaluation.confusion_matrix
        counts = {"found": found, "missed": missed, "alarms": false_alarms}
        cells |= {f"{number}.{name}": f"{count:,}" for name, count in counts.items()}
    return cells


def show_counts(comparison: Comparison) -> None:
    """A small table, a column for each run; nothing for more than two classes."""
    if comparison.binary:
        st.html(counts_html(comparison))


def counts_html(comparison: Comparison) -> str:
    """The table of `show_counts`, whose cells follow the slider."""
    cells = count_cells(comparison.evaluations.values())
    n_healthy, n_ill = next(iter(comparison.evaluations.values())).confusion_matrix.sum(axis=1)
    heads = "".join(_head(label, comparison) for label in comparison.runs)
    titles = {"found": f"Found, of {n_ill:,}", "missed": "Missed", "alarms": f"False alarms, of {n_healthy:,}"}
    rows = "".join(
        f'<tr><th scope="row">{title}</th>' + "".join(cell(f"{n}.{name}", cells, "td") for n in range(len(comparison.runs))) + "</tr>"
        for name, title in titles.items()
    )
    caption = "<caption>Pneumonias found and missed and false alarms of each run at the threshold in use</caption>"
    table = f"<table>{caption}<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="figures-counts" {comparison.followed}>{table}</div>'


def _head(label: str, comparison: Comparison) -> str:
    return f'<th scope="col" title="{escape(label)}">{chip_html(label, comparison.colours[label])}</th>'
