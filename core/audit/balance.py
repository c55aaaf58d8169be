"""How lopsided the classes are."""

from __future__ import annotations

import pandas as pd

from core.audit.check import Check, Facts
from core.audit.finding import Finding
from core.audit.measured.balance import training_counts
from core.counted import counted
from core.datasets.imbalance import BETA, effective_number, ratio, ratio_text

NOTHING_TO_LEARN = (
    "All images are in test, so nothing can be trained here and there is no imbalance to learn. The set can be audited and tested on."
)


def _tell(facts: Facts) -> Finding:
    """Images of the largest training class for one of the smallest; train and validation together."""
    counts = pd.Series(facts["counts"], dtype="int64")
    n = int(counts.sum())
    if not n:
        return Finding("class_imbalance", "unknown", "No images to train on", None, 0, NOTHING_TO_LEARN)
    if len(counts) < 2:
        effect = "There is nothing to tell apart: a model can only learn to give one answer."
        return Finding("class_imbalance", "high", "Only one class to train on", None, n, effect, "Add images of a second class.")
    times, largest = ratio(counts), counts.idxmax()
    if times == 1:
        effect = f"A model that always gives one answer is right on {100 / len(counts):.0f} % of such images, whichever it gives."
        title = f"All {len(counts):,} classes have {counted(int(counts.max()), 'training image')}"
        return Finding("class_imbalance", "ok", title, 1.0, n, effect)
    return Finding(
        "class_imbalance",
        "high" if times >= 10 else "medium" if times >= 1.5 else "ok",
        f"{largest} has {times:.1f} times as many training images as {counts.idxmin()}",
        times,
        n,
        f"A model that always answers {largest} is already right on {100 * counts.max() / n:.0f} % of such images, "
        "so accuracy hides what a model misses.",
        "Judge by sensitivity and specificity; weight the classes in the loss, or choose the threshold on validation.",
        f"{len(counts):,} classes of {counts.min():,} to {counted(int(counts.max()), 'image')} in train and validation: "
        f"{ratio_text(counts)}; by effective number of samples {ratio_text(effective_number(counts))} (Cui et al. 2019, β = {BETA}).",
    )


class_imbalance = Check("class_imbalance", training_counts, _tell)
