"""Agreement: methods that work in different ways should point at the same places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.checks.check import Answer, Subject, Trial, table
from core.saliency.checks.similarity import similarity

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.method import Method

PANEL = ("grad_cam", "smoothgrad", "occlusion")  # one of each family
CLOSE, LIMIT = 0.5, 0.2


def run(subject: Subject, progress: Progress) -> Answer:
    """Mean similarity of the map to those of the panel's other families (cf. Krishna et al. 2022, section 3)."""
    panel = panel_for(subject)
    alike = {}
    for done, method in enumerate(panel, start=1):
        alike[method.title] = similarity(subject.heatmap, subject.again(method=method))
        progress(done, len(panel))
    value = float(np.mean(list(alike.values())))
    return value, value >= LIMIT, _sentence(value, alike), table(**alike)


def panel_for(subject: Subject) -> list[Method]:
    """The panel's methods of another family than the subject's; without CAMs where the model has no layer for them."""
    from core.saliency import get_method

    methods = [get_method(key) for key in PANEL]
    return [m for m in methods if m.family != subject.method.family and (subject.probe.layers or not m.needs_layer)]


def _sentence(value: float, alike: dict[str, float]) -> str:
    each = ", ".join(f"{title} {number:+.2f}" for title, number in alike.items())
    start = f"The rank correlation with maps made in other ways is {value:+.2f} on average ({each})"
    if value >= CLOSE:
        return f"{start}: they point at the same places."
    return f"{start}: they agree in part." if value >= LIMIT else f"{start}: they point at different places, so trust none of them alone."


AGREEMENT = Trial(
    key="agreement",
    title="Agreement between methods",
    explanation="Compares the map with maps of the same class by methods that work differently.",
    reference="cf. Krishna et al. 2022, arXiv:2202.01602",
    unit="rank correlation",
    kind="bar",
    x_label="Other method",
    y_label="Similarity to the map",
    run=run,
)
