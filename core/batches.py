"""Batches of decoded pixels for Keras: shuffled and augmented for training, in order otherwise."""

from __future__ import annotations

import keras
import numpy as np

from core.augmentation import augment
from core.config import Recipe
from core.images import to_rgb


class TrainingBatches(keras.utils.PyDataset):
    """One epoch of shuffled, augmented images. Seed and epoch decide every draw, so a resumed run sees what it would have.

    Parameters
    ----------
    pixels : ndarray of shape (n, side, side), uint8
        A pixel store; only the rows asked for are read.
    rows : ndarray of shape (n_train,), int
        Rows of `pixels` to train on.
    y : ndarray of shape (n_train,), int
    recipe : Recipe
    seed : int
    epoch : int
        The first epoch, counted from 0.
    """

    def __init__(self, pixels: np.ndarray, rows: np.ndarray, y: np.ndarray, recipe: Recipe, seed: int, epoch: int = 0):
        super().__init__()
        self.pixels, self.rows, self.y, self.recipe, self.seed = pixels, rows, y, recipe, seed
        self._start(epoch)

    def _start(self, epoch: int) -> None:
        self.epoch = epoch
        self.order = np.random.default_rng([self.seed, epoch]).permutation(len(self.rows))

    def __len__(self) -> int:
        return -(-len(self.rows) // self.recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        size = self.recipe.batch_size
        chosen = self.order[index * size : (index + 1) * size]
        rng = np.random.default_rng([self.seed, self.epoch, index])
        images = np.stack([augment(self.pixels[row], self.recipe, rng) for row in self.rows[chosen]])
        return to_rgb(images), self.y[chosen]

    def on_epoch_end(self) -> None:
        """Shuffle anew for the next epoch."""
        self._start(self.epoch + 1)


class PlainBatches(keras.utils.PyDataset):
    """Images in order, unchanged; with labels if `y` is given."""

    def __init__(self, pixels: np.ndarray, rows: np.ndarray, y: np.ndarray | None = None, batch_size: int = 64):
        super().__init__()
        self.pixels, self.rows, self.y, self.batch_size = pixels, rows, y, batch_size

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch_size)

    def __getitem__(self, index: int):
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        images = to_rgb(self.pixels[self.rows[part]])
        return (images,) if self.y is None else (images, self.y[part])
