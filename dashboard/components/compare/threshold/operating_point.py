"""Choose the operating point: the threshold above which an image is called pneumonia."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import streamlit as st

from core.metrics.operating_point import Match, Point
from core.metrics.thresholds import NAMED, RECOMMENDED, RULES
from dashboard.components.query_params import preset

CUSTOM, MATCHED = "Custom", "Same sensitivity"
POINTS = {NAMED[rule].choice: rule for rule in ("recommended", *RULES)} | {MATCHED: "matched", CUSTOM: "custom"}
HELP = f"""From which probability on an image is called pneumonia.
- **Recommended**: {RECOMMENDED}
- **0.5**: for every run the same
- **Youden**: largest sensitivity + specificity on validation
- **Sensitivity ≥ 95 %**: best specificity that still finds 95 % of the pneumonias on validation
- **Youden, altered**: the same sum on altered validation images, each with a clue of the data set removed
- **Same sensitivity**: each run its own threshold, so that all find the same share of the test pneumonias
- **Custom**: one threshold for all runs"""


@dataclass(frozen=True)
class Slider:
    """A slider's positions, as its widget counts them."""

    title: str
    name: str
    low: float
    high: float
    step: float
    default: float
    form: str

    @property
    def values(self) -> list[float]:
        """One for each position."""
        n_steps = round((self.high - self.low) / self.step)
        return [round(self.low + self.step * number, 10) for number in range(n_steps + 1)]

    def key(self, point_key: str) -> str:
        """The widget's key, from that of the operating point."""
        return f"{point_key}_{self.name}"

    def draw(self, point_key: str) -> float:
        """The widget; gives its value."""
        span = (self.low, self.high, self.default, self.step)
        return st.slider(self.title, *span, format=self.form, key=self.key(point_key), bind="query-params", width=260)


THRESHOLDS = Slider("Threshold", "threshold", 0.0, 1.0, 0.01, 0.5, "%.2f")
SENSITIVITIES = Slider("Share of pneumonias found, %", "sensitivity", 50.0, 100.0, 0.5, 95.0, "%.1f")


def pick_operating_point(key: str, n_classes: int, rules: Collection[str], has_cases: bool = True) -> Point:
    """A point for `core.metrics.operating_point.thresholds_at`; more than two classes have nothing to choose.

    Parameters
    ----------
    key : str
    n_classes : int
    rules : collection of str
        The rules that some run has; the others are not offered.
    has_cases : bool
        Whether there is a case among the images, without which no sensitivity can be matched.
    """
    if n_classes != 2:
        with st.container(key=key):
            st.caption(f"Operating point: with {n_classes} classes the largest probability decides, so there is no threshold to choose.")
        return "recommended"
    always = (CUSTOM, MATCHED) if has_cases else (CUSTOM,)
    offered = {label: point for label, point in POINTS.items() if point in rules or label in always}
    preset(key, offered, next(iter(offered)), {value: label for label, value in POINTS.items()})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        label = st.segmented_control("Operating point", list(offered), key=key, required=True, help=HELP, wrap=True, bind="query-params")
        if label == CUSTOM:
            return THRESHOLDS.draw(key)
        if label == MATCHED:
            return Match(SENSITIVITIES.draw(key) / 100)
    return POINTS[label]


def slider_value(point: Point) -> float | None:
    """What the slider of a point stands at; None for a rule, which has no slider."""
    if isinstance(point, Match):
        return round(100 * point.sensitivity, 10)
    return None if isinstance(point, str) else point
