"""One click: the chosen runs as one HTML file that needs no network."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.metrics.operating import Point
from core.runs import Run


def report_button(runs: Sequence[Run], point: Point) -> None:
    """A download of the report, written when it is asked for."""
    names = "-".join(run.name.rsplit("-", 1)[-1] for run in runs)

    def write() -> str:
        from core.report import build_report

        return build_report(list(runs), point)

    st.download_button(
        "Report of these runs (HTML)", write, f"pneumolens-report-{names}.html", "text/html", key="compare_report", on_click="ignore",
        icon=":material/description:",
    )  # fmt: skip
