"""How much the images of a hidden group and class count in training, so that no group gives its class away by numbers alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.training.input.class_sampling import draw_cells


def balanced_cells(counts: np.ndarray, cap: float) -> np.ndarray:
    """What the images of each cell, a group and class, are multiplied by so that all cells count alike.

    In proportion to one over the cell's images (Idrissi et al. 2022), but at most `cap`, so that a handful of images does not carry the
    training; what the cap takes away goes to the other cells, and the mean over all images stays 1.

    Parameters
    ----------
    counts : ndarray of any shape, int
        Training images of each cell.
    cap : float
        At least 1, which leaves every image its natural weight.

    Returns
    -------
    ndarray of the same shape, float
        Weight in the loss, or how often an epoch shows each image; 0 for an empty cell.

    References
    ----------
    Idrissi, Arjovsky, Pezeshki and Lopez-Paz, "Simple data balancing achieves competitive worst-group-accuracy", CLeaR 2022.
    """
    counts = np.asarray(counts, dtype=float)
    share = counts / max(counts.sum(), 1)
    weights = np.divide(1, counts, out=np.zeros_like(counts), where=counts > 0)
    free = counts > 0
    while free.any():
        weights[free] *= (1 - cap * share[~free & (counts > 0)].sum()) / (weights * share)[free].sum()
        if not (over := free & (weights > cap * (1 + 1e-9))).any():
            break
        weights[over], free = cap, free & ~over
    return weights


@dataclass(frozen=True, eq=False)
class Balance:
    """The cell of each training image and how much each cell counts.

    Attributes
    ----------
    cells : ndarray of shape (n_train,), int
        ``group * n_classes + class``.
    weights : ndarray of shape (n_cells,), float
        Of `balanced_cells`.
    """

    cells: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray, y: np.ndarray, shape: tuple[int, int], cap: float) -> Balance:
        """From the group and class of each training image; `shape` is the number of groups and of classes."""
        cells = codes * shape[1] + y
        return cls(cells, balanced_cells(np.bincount(cells, minlength=shape[0] * shape[1]), cap))

    @property
    def of_images(self) -> np.ndarray:
        """Weight of each image in the loss: (n_train,), float32, mean 1."""
        return self.weights[self.cells].astype(np.float32)

    def order(self, rng: np.random.Generator) -> np.ndarray:
        """The shuffled positions of one epoch, each cell as often as its weight says; about as many as there are images."""
        counts = np.bincount(self.cells, minlength=len(self.weights))
        return draw_cells(self.cells, np.rint(self.weights * counts).astype(int), rng)
