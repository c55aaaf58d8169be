"""What pictures a model from elsewhere takes, and how the square RGB pictures of a run become those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.external.scales import named, scaled

if TYPE_CHECKING:
    import keras

DEFAULT_SIDE = 224
LEAST, MOST = 8, 4096


@dataclass(frozen=True)
class Picture:
    """The pictures that a model takes.

    Attributes
    ----------
    height, width, n_channels : int
    any_size : bool
        Whether the model would take others too, and the size was chosen here.
    """

    height: int
    width: int
    n_channels: int
    any_size: bool = False

    @classmethod
    def of(cls, model: keras.Model, side: int | None = None) -> Picture:
        """What a model takes.

        Parameters
        ----------
        model : keras.Model
        side : int, optional
            For a model that leaves its height or width open.

        Raises
        ------
        InputError
            If it takes no pictures of one or three channels last, or its size is fixed and a side is given.
        """
        shape = tuple(model.inputs[0].shape[1:])
        if len(shape) != 3 or shape[2] not in (1, 3):
            raise InputError(_unlike_pictures(shape))
        height, width, n_channels = shape
        is_open = height is None or width is None
        if side and not is_open:
            raise InputError(f"The model takes pictures of {height}×{width} pixels and no others; leave the side open (no --side).")
        chosen = side or height or width or DEFAULT_SIDE
        height, width = height or chosen, width or chosen
        if min(height, width) < LEAST or max(height, width) > MOST:
            raise InputError(f"The model takes pictures of {height}×{width} pixels; sides from {LEAST} to {MOST} can be used.")
        return cls(height, width, n_channels, is_open)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels."""
        return self.height, self.width, self.n_channels

    @property
    def side(self) -> int:
        """Of the square pictures that the run stores and shows."""
        return max(self.height, self.width)

    @property
    def is_plain(self) -> bool:
        """Whether the model takes square RGB pictures already."""
        return self.height == self.width and self.n_channels == 3

    @property
    def notes(self) -> list[str]:
        """What is done to a picture before the model sees it, where it is not square RGB of a fixed size."""
        found = []
        if self.any_size:
            found.append(
                f"The model takes pictures of any size; it is given {self.height}×{self.width} pixels; another side can be chosen."
            )
        if self.height != self.width:
            found.append(
                f"The model takes pictures {self.height} pixels high and {self.width} wide: each is fitted to a square of {self.side} "
                "pixels, and the stored copy resizes that itself."
            )
        if self.n_channels == 1:
            found.append("The model takes one channel; it is given the grey picture.")
        return found

    def __str__(self) -> str:
        return f"{self.height}×{self.width} pixels"


def fed(images: np.ndarray | keras.KerasTensor, scale: str, picture: Picture) -> keras.KerasTensor:
    """What a model receives of square RGB pictures in [0, 255].

    Parameters
    ----------
    images : ndarray or KerasTensor of shape (n, side, side, 3)
    scale : str
        A key of `core.external.scales.SCALES`.
    picture : Picture

    Returns
    -------
    tensor or KerasTensor of shape (n, height, width, n_channels)
    """
    import keras

    tensor = scaled(images, scale)
    if picture.height != picture.width:
        tensor = keras.layers.Resizing(picture.height, picture.width, antialias=True, dtype="float32", name="fitted")(tensor)
    # one channel is taken, not the mean of three equal ones: the gradient then stays whole in one place
    return named(keras.ops.take(tensor, [0], axis=-1), "grey") if picture.n_channels == 1 else tensor


def _unlike_pictures(shape: tuple) -> str:
    if len(shape) == 3 and shape[0] in (1, 3):
        return (
            f"The model takes {shape}, channels first, which TensorFlow computes on few machines; build it with "
            "data_format='channels_last', take over its weights and save it again."
        )
    takes = f"The model takes {shape}" if shape else "The model takes single numbers"
    return f"{takes}; it must take pictures of shape (height, width, 3) or (height, width, 1), so bring its predictions as CSV."
