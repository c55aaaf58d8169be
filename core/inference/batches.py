"""Batches of decoded pixels for Keras: shuffled and augmented for training, in order or without clues otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from PIL import Image

from core.config import Recipe
from core.datasets.pixel_store import RowFile, row_file
from core.images import fit, to_rgb
from core.images.corruptions import without_clue
from core.images.views import WHOLE, Look, Pictures
from core.training.hidden_groups.balance import Balance
from core.training.input.augmentation import augment, cutmix
from core.training.input.class_sampling import draw
from core.training.input.exchange import exchange, exchanges


class Batches(keras.utils.PyDataset):
    """What all batches here share: two threads make them, in order.

    With one thread Keras hands the batches to `tf.data` and its tuner, which on a CPU keeps an epoch from ending for up to
    twenty seconds (seen with TensorFlow 2.21).
    """

    def __init__(self) -> None:
        super().__init__(workers=2)


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


class PlainBatches(Batches):
    """Images in order, unchanged; with targets if they are given."""

    def __init__(self, pixels: Pictures, rows: np.ndarray, targets: np.ndarray | None = None, batch_size: int = 64) -> None:
        super().__init__()
        self.pixels, self.rows, self.targets, self.batch_size = row_file(pixels), rows, targets, batch_size

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        images = to_rgb(self.pixels[self.rows[part]])
        return (images,) if self.targets is None else (images, self.targets[part])


class BatteryBatches(Batches):
    """Images in order, each with one clue removed; with targets if they are given.

    Parameters
    ----------
    pixels : ndarray of shape (n, SOURCE, SOURCE), uint8
    rows : ndarray of shape (m,), int
    variants : sequence of str of length m
        Which clue each image loses.
    size : int
        Side of the images in a batch.
    targets : ndarray of shape (m, k), float32, optional
    batch_size : int
    look : Look
        What part of each image is shown.
    """

    def __init__(
        self,
        pixels: np.ndarray,
        rows: np.ndarray,
        variants: Sequence[str] | np.ndarray,
        size: int,
        targets: np.ndarray | None = None,
        batch_size: int = 64,
        look: Look = WHOLE,
    ) -> None:
        super().__init__()
        self.pixels, self.rows, self.variants, self.size, self.look = row_file(pixels), rows, variants, size, look
        self.targets, self.batch_size = targets, batch_size

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        images = np.stack([self._image(row, variant) for row, variant in zip(self.rows[part], self.variants[part], strict=True)])
        images = to_rgb(self.look.at(images))
        return (images,) if self.targets is None else (images, self.targets[part])

    def _image(self, row: int, variant: str) -> np.ndarray:
        return np.asarray(fit(Image.fromarray(without_clue(self.pixels[row], variant, int(row))), self.size, "squash"))
