"""Outside the body: what a model finds beside the patient cannot be disease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.saliency.checks.body import body_mask
from core.saliency.checks.check import Answer, Subject, Trial, table

if TYPE_CHECKING:
    from core.parallel import Progress

LIMIT = 0.2
LITTLE = 0.02  # of the picture: with less background there is nothing to judge by


def run(subject: Subject, progress: Progress) -> Answer:
    """Share of the map's total that lies outside the body, which is found from the pixels alone."""
    inside = body_mask(subject.image[..., 0])
    area = float(1.0 - inside.mean())
    total = float(subject.heatmap.sum(dtype=float))
    value = float(subject.heatmap[~inside].sum(dtype=float)) / total if total else 0.0
    progress(1, 1)
    curve = table(**{"map outside the body": 100 * value, "picture outside the body": 100 * area})
    if area < LITTLE:
        return value, None, f"The picture is cropped to the body ({100 * area:.0f} % background), so nothing can lie outside it.", curve
    return value, value <= LIMIT, _sentence(value, area), curve


def _sentence(value: float, area: float) -> str:
    start = f"{100 * value:.0f} % of the map lies outside the body, which leaves {100 * area:.0f} % of the picture free"
    if value <= LIMIT:
        return f"{start}: the model looked at the patient."
    return f"{start}: letters, edges or the background move the score, and these cannot be disease."


OUTSIDE_BODY = Trial(
    key="outside_body",
    title="Outside the body",
    explanation="Finds the body's outline in the pixels and adds up what of the map lies beside it.",
    reference="PneumoLens",
    unit="share of the map",
    kind="bar",
    x_label="Share",
    y_label="Outside the body (%)",
    run=run,
)
