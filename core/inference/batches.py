"""Batches of decoded pixels for Keras, in order: as they are, or each without one clue."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from PIL import Image

from core.datasets.pixel_store import row_file
from core.images import fit, to_rgb
from core.images.corruptions import without_clue
from core.images.views import WHOLE, Look, Pictures


class Batches(keras.utils.PyDataset):
    """What all batches here share: two threads make them, in order.

    With one thread Keras hands the batches to `tf.data` and its tuner, which on a CPU keeps an epoch from ending for up to
    twenty seconds (seen with TensorFlow 2.21).
    """

    def __init__(self) -> None:
        super().__init__(workers=2)


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
