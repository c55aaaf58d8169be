"""One click: the chosen runs as one HTML file that needs no network."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.metrics.operating_point import Point
from core.reporting.html import build_report
from dashboard.components.compare.comparison import Comparison


def report_button(comparison: Comparison, point: Point, costs: Sequence[float | None]) -> None:
    """A download of the report, written when it is asked for, in a thread that knows no session.

    Parameters
    ----------
    comparison : Comparison
    point : Point
    costs : sequence of float or None
        As `weight_and_prevalence` tells them; filled while the page is drawn.
    """
    runs, colours = list(comparison.runs.values()), list(comparison.colours.values())
    name = f"pneumolens-report-{'-'.join(run.name.rpartition('-')[2] for run in runs)}.html"

    def write() -> str:
        return build_report(runs, point, *costs, colours, two_classes=comparison.binary)

    st.download_button("Report (HTML)", write, name, "text/html", key="compare_report", on_click="ignore", icon=":material/description:")
