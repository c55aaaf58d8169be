"""What a model asks of a machine, read off its layers: memory for each image and for its weights, and which arithmetic suits it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.architectures import get_system

if TYPE_CHECKING:
    import keras

OPTIMISER_COPIES = 4  # weights, gradients and two moments
KEPT_TWICE = 2  # a step was measured to take 1.4 to 3 times what convolutions, poolings and dense layers give, the more the smaller
FLOAT32 = 4  # bytes
PASS_BYTES = 2 * 2**30  # of one batch on its way through a model: all of ours go by 64 images, as they always did
PASS_IMAGES = 64


class Footprint(NamedTuple):
    """A model in numbers.

    Attributes
    ----------
    kept : int
        Numbers that a training step keeps for each image until the gradients are made: what convolutions, poolings and dense
        layers give, from the first trained layer on.
    passing : int
        Numbers that one image holds at the widest place of a pass: a layer's inputs and outputs.
    weights : int
    multiplications : int
        By weights of convolutions and dense layers, for each image.
    depthwise : bool
        Whether some convolution looks at each channel alone.
    """

    kept: int
    passing: int
    weights: int
    multiplications: int
    depthwise: bool

    def step_bytes(self, batch_size: int, itemsize: int = FLOAT32) -> int:
        """About the memory of a training step: activations, the weights, and the optimiser's copies of them."""
        return batch_size * self._image_bytes(itemsize) + OPTIMISER_COPIES * FLOAT32 * self.weights

    def largest_batch(self, n_bytes: float, itemsize: int = FLOAT32) -> int:
        """Images of a step that fit into some memory; 0 if none does."""
        return max(0, int((n_bytes - OPTIMISER_COPIES * FLOAT32 * self.weights) // self._image_bytes(itemsize)))

    def images_at_once(self) -> int:
        """How many pictures to send through the model at a time: 64, fewer where those would take more than 2 GiB.

        It depends on the model alone, never on what happens to be free: scores must not change with the load of a machine.
        """
        return int(np.clip(PASS_BYTES // (FLOAT32 * max(self.passing, 1)), 1, PASS_IMAGES))

    def _image_bytes(self, itemsize: int) -> int:
        return max(KEPT_TWICE * self.kept, self.passing, 1) * itemsize


@lru_cache(maxsize=16)
def footprint(system: str, n_classes: int) -> Footprint:
    """The footprint of a registered system, which is built once in a process.

    Parameters
    ----------
    system : str
        Key of a registered system.
    n_classes : int

    Returns
    -------
    Footprint
    """
    return footprint_of(get_system(system).build(n_classes))


def footprint_of(model: keras.Model, side: int = 1) -> Footprint:
    """The footprint of any model; `side` stands for the sides of pictures that it leaves open."""
    import keras

    layers = list(_layers(model))
    first = next((place for place, layer in enumerate(layers) if layer.trainable_weights), len(layers))
    giving = keras.layers.Conv2D | keras.layers.SeparableConv2D | keras.layers.DepthwiseConv2D | keras.layers.Dense
    pooling = keras.layers.MaxPooling2D | keras.layers.AveragePooling2D
    return Footprint(
        kept=sum(_numbers(layer, side)[1] for layer in layers[first:] if isinstance(layer, giving | pooling)),
        passing=max((sum(_numbers(layer, side)) for layer in layers), default=0),
        weights=int(sum(np.prod(weight.shape) for weight in model.weights)),
        multiplications=sum(_multiplications(layer, side) for layer in layers),
        depthwise=any(_is_depthwise(layer) for layer in layers),
    )


def images_at_once(model: keras.Model, side: int) -> int:
    """`Footprint.images_at_once` of a model for pictures of a size.

    Parameters
    ----------
    model : keras.Model
    side : int
        Of the pictures, in pixels.

    Returns
    -------
    int
    """
    return footprint_of(model, side).images_at_once()


def _layers(model: keras.Model) -> Iterator[keras.Layer]:
    """All layers but inputs, those of nested models in their place."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def _numbers(layer: keras.Layer, side: int) -> tuple[int, int]:
    """Numbers of one image that a layer takes and gives; none of a layer that stands in several places."""
    try:
        taken, given = (sum(_size(tensor.shape[1:], side) for tensor in _several(end)) for end in (layer.input, layer.output))
        return taken, given
    except (AttributeError, ValueError):
        return 0, 0


def _multiplications(layer: keras.Layer, side: int) -> int:
    import keras

    if isinstance(layer, keras.layers.Conv2D):
        return _numbers(layer, side)[1] * int(np.prod(layer.kernel.shape[:3]))
    return int(np.prod(layer.kernel.shape)) if isinstance(layer, keras.layers.Dense) else 0


def _is_depthwise(layer: keras.Layer) -> bool:
    import keras

    return isinstance(layer, keras.layers.DepthwiseConv2D | keras.layers.SeparableConv2D) or getattr(layer, "groups", 1) > 1


def _several(tensors: keras.KerasTensor | list[keras.KerasTensor]) -> list:
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]


def _size(shape: tuple[int | None, ...], side: int) -> int:
    return int(np.prod([length or side for length in shape]))
