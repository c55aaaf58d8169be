"""One click: the chosen runs as one HTML file that needs no network."""

from __future__ import annotations

import streamlit as st

from core.metrics.operating_point import Point
from core.reporting.html import build_report
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.error_costs import weight_and_prevalence


def report_button(comparison: Comparison, point: Point, cost_key: str) -> None:
    """A download of the report, written when it is asked for; costs as the reader chose them under `cost_key`."""
    runs, colours = list(comparison.runs.values()), list(comparison.colours.values())
    name = f"pneumolens-report-{'-'.join(run.name.rpartition('-')[2] for run in runs)}.html"

    def write() -> str:
        return build_report(runs, point, *weight_and_prevalence(comparison, cost_key), colours, two_classes=comparison.binary)

    st.download_button("Report (HTML)", write, name, "text/html", key="compare_report", on_click="ignore", icon=":material/description:")
