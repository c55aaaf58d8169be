"""Batches of decoded pixels to train on: shuffled, augmented, with the share of each class that the recipe asks for."""

from __future__ import annotations

import numpy as np

from core.config import Recipe
from core.datasets.pixel_store import RowFile, row_file
from core.images import to_rgb
from core.inference.batches import Batches
from core.training.hidden_groups.balance import Balance
from core.training.input.augmentation import augment, cutmix
from core.training.input.class_sampling import draw
from core.training.input.exchange import exchange, exchanges


class TrainingBatches(Batches):
    """One epoch of shuffled, augmented images. Seed and epoch decide every draw, so a resumed run sees what it would have.

    Parameters
    ----------
    pixels : ndarray of shape (n, side, side), uint8
        A pixel store; only the rows asked for are read.
    rows : ndarray of shape (n_train,), int
        Rows of `pixels` to train on.
    y : ndarray of shape (n_train,), int
    targets : ndarray of shape (n_train, k), float32
        What the loss compares with.
    recipe : Recipe
    seed : int
    size : int
        Side of the images in a batch.
    epoch : int
        The first epoch, counted from 0.
    balance : Balance, optional
        Of the hidden groups and classes, for a recipe that balances them.
    """

    def __init__(
        self,
        pixels: np.ndarray | RowFile,
        rows: np.ndarray,
        y: np.ndarray,
        targets: np.ndarray,
        recipe: Recipe,
        seed: int,
        size: int,
        epoch: int = 0,
        balance: Balance | None = None,
    ) -> None:
        super().__init__()
        self.balance = balance
        self.weights = balance.of_images if balance and recipe.group_balance == "weights" else None
        self.pixels, self.rows, self.y, self.targets = row_file(pixels), rows, y, targets
        self.recipe, self.seed, self.size = recipe, seed, size
        self._start(epoch)

    def _start(self, epoch: int) -> None:
        self.epoch = epoch
        rng = np.random.default_rng([self.seed, epoch])
        by_group = self.recipe.group_balance in ("sampling", "dro")
        self.order = self.balance.order(rng) if self.balance and by_group else draw(self.y, self.recipe.sampling, rng)

    def __len__(self) -> int:
        return -(-len(self.order) // self.recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        chosen, rng = self.chosen(index), np.random.default_rng([self.seed, self.epoch, index])
        images = np.stack([augment(self._image(row, rng), self.recipe, rng, self.size) for row in self.rows[chosen]])
        wanted = self.wanted(chosen)
        if self.recipe.cutmix and rng.random() < self.recipe.cutmix:
            images, *wanted = cutmix(images, wanted, rng)
        return to_rgb(images), *wanted

    def _image(self, row: int, rng: np.random.Generator) -> np.ndarray:
        """An image as it is stored, or with something of a random other one of any class."""
        image = self.pixels[row]
        return exchange(image, self.pixels[rng.choice(self.rows)], self.recipe, rng) if exchanges(self.recipe) else image

    def chosen(self, index: int) -> np.ndarray:
        """Positions among the training images of those in a batch."""
        return self.order[index * self.recipe.batch_size :][: self.recipe.batch_size]

    def wanted(self, chosen: np.ndarray) -> list[np.ndarray]:
        """Targets and, where hidden groups weigh in the loss, weights of some training images."""
        return [part[chosen] for part in (self.targets, self.weights) if part is not None]

    def on_epoch_end(self) -> None:
        """Shuffle anew for the next epoch."""
        self._start(self.epoch + 1)
