"""What an epoch and a batch hold of each class under a remedy, in numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.datasets.imbalance import balanced_weights, loss_shares, shown_per_epoch

BATCH = 32


def remedy_table(counts: np.ndarray, class_names: tuple[str, ...], remedy: str) -> pd.DataFrame:
    """One row a class: images, how many an epoch shows, how often each repeats, its weight, and the share that a model comes to expect."""
    shown = shown_per_epoch(counts, remedy)
    weight = balanced_weights(counts) if remedy == "class_weights" else np.ones(len(counts))
    return pd.DataFrame(
        {
            "Class": class_names,
            "Images": counts,
            "Shown in an epoch": shown,
            "Each image": np.round(np.divide(shown, counts, out=np.zeros(len(counts)), where=counts > 0), 2),
            "Weight": weight.round(3),
            "Implied prior": (100 * loss_shares(counts, remedy)).round(1),
        }
    )


def usual_batch(shown: np.ndarray, size: int = BATCH) -> np.ndarray:
    """Images of each class in a batch of an epoch, on average, in whole images that add up to its size: (n_classes,), int."""
    size = min(size, int(shown.sum()))
    exact = size * shown / max(shown.sum(), 1)
    whole = np.floor(exact).astype(int)
    most_lacking = np.argsort(whole - exact, kind="stable")[: size - whole.sum()]
    whole[most_lacking] += 1
    return whole


def usual_range(shown: np.ndarray, size: int = BATCH) -> tuple[int, int]:
    """Between what numbers of images of the first class 95 % of the batches lie, drawn from the epoch without replacement."""
    from scipy.stats import hypergeom

    low, high = hypergeom(int(shown.sum()), int(shown[0]), min(size, int(shown.sum()))).interval(0.95)
    return int(low), int(high)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """`remedy_table` with its units."""
    return table.assign(
        **{
            "Images": table["Images"].map("{:,}".format),
            "Shown in an epoch": table["Shown in an epoch"].map("{:,}".format),
            "Each image": table["Each image"].map("{:.2f}×".format),
            "Weight": table["Weight"].map("{:.3f}".format),
            "Implied prior": table["Implied prior"].map("{:.1f} %".format),
        }
    )
