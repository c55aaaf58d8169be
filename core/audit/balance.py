"""How lopsided the classes are."""

from __future__ import annotations

from core.audit.finding import Finding
from core.datasets.dataset import Dataset
from core.imbalance import BETA, effective_number


def class_imbalance(dataset: Dataset) -> Finding:
    """Images of the largest training class for one of the smallest."""
    counts = dataset.samples.loc[dataset.samples["split"] != "test", "class_name"].value_counts()
    if len(counts) < 2:
        effect = "There is nothing to tell apart: a model can only learn to give one answer."
        return Finding(
            "class_imbalance", "high", "Only one class to train on", None, int(counts.sum()), effect, "Add images of a second class."
        )
    ratio, effective = counts.max() / counts.min(), effective_number(counts.to_numpy())
    return Finding(
        "class_imbalance",
        "high" if ratio >= 10 else "medium" if ratio >= 1.5 else "ok",
        f"{counts.idxmax()} has {ratio:.2f} times the training images of {counts.idxmin()}",
        float(ratio),
        int(counts.sum()),
        f"Always answering {counts.idxmax()} is already {100 * counts.max() / counts.sum():.0f} % accurate on such data, "
        "so accuracy hides what a model misses.",
        "Judge by sensitivity and specificity, weight the classes in the loss, or choose the threshold on validation.",
        f"{len(counts):,} classes of {counts.min():,} to {counts.max():,} images; by effective number of samples "
        f"(Cui et al. 2019, β = {BETA}) the ratio is {effective.max() / effective.min():.2f}.",
    )
