"""MixStyle: in training, feature maps take on part of the mean and spread of another image's, so that a look tells less of a class."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

ALPHA = 0.1  # of the beta distribution of shares, as in the paper: mostly near 0 or 1
LARGEST, PLACES = 4, 2  # after the first two sizes of at most a quarter of the picture's side: where the paper's two stages end
EPSILON = 1e-6
GRID = 1000  # quantiles of the beta distribution


def mix_statistics(x: keras.KerasTensor, order: keras.KerasTensor, stays: keras.KerasTensor) -> keras.KerasTensor:
    """Feature maps with part of the mean and standard deviation, by channel, of those of another image.

    Parameters
    ----------
    x : KerasTensor of shape (n, height, width, channels)
    order : KerasTensor of shape (n,), int
        The other image of each.
    stays : KerasTensor of shape (n,), float
        Share of its own statistics that each keeps: 1 leaves it as it is.

    Returns
    -------
    KerasTensor of shape (n, height, width, channels)

    References
    ----------
    Zhou, Yang, Qiao and Xiang, "Domain generalization with MixStyle", ICLR 2021, eq. 3 to 5; no gradient flows through the statistics.
    """
    wide = ops.cast(x, "float32")
    mean = ops.stop_gradient(ops.mean(wide, axis=(1, 2), keepdims=True))
    spread = ops.stop_gradient(ops.sqrt(ops.var(wide, axis=(1, 2), keepdims=True) + EPSILON))
    stays = ops.reshape(ops.cast(stays, "float32"), (-1, 1, 1, 1))
    to_mean, to_spread = (stays * own + (1 - stays) * ops.take(own, order, axis=0) for own in (mean, spread))
    return ops.cast((wide - mean) / spread * to_spread + to_mean, x.dtype)


@keras.saving.register_keras_serializable("pneumolens")
class MixStyle(keras.layers.Layer):
    """`mix_statistics` of random pairs of a batch, whatever their classes, in a share of the training steps; nothing outside training.

    Parameters
    ----------
    share : float
        Of the training steps.
    """

    def __init__(self, share: float, **settings: object) -> None:
        super().__init__(**settings)
        self.share = share
        self.seed_generator = keras.random.SeedGenerator(0)  # seeded anew each epoch, as dropout is

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Feature maps of the same shape."""
        if not training:
            return x
        drawn = keras.random.uniform((2, ops.shape(x)[0]), seed=self.seed_generator)
        wanted = keras.random.uniform((), seed=self.seed_generator) < self.share
        stays = ops.where(wanted, ops.take(ops.convert_to_tensor(_shares()), ops.cast(drawn[0] * GRID, "int32")), 1.0)
        return mix_statistics(x, ops.argsort(drawn[1]), stays)

    def get_config(self) -> dict:
        """What `from_config` takes."""
        return super().get_config() | {"share": self.share}


def _shares() -> np.ndarray:
    """Quantiles of the beta distribution: draws of it by a uniform number, which every device can make."""
    from scipy.stats import beta

    return beta.ppf((np.arange(GRID) + 0.5) / GRID, ALPHA, ALPHA).astype(np.float32)


def with_mixstyle(model: keras.Model, share: float) -> keras.Model:
    """A copy of a model, weights included, with `MixStyle` at up to two places; layers keep their names.

    Parameters
    ----------
    model : keras.Model
        Flat.
    share : float
        Of the training steps.

    Returns
    -------
    keras.Model
        The model itself has no layer of ours, and takes over the trained weights layer by layer.
    """
    places = _places(model)

    def call(layer: keras.Operation, *args: object, **kwargs: object) -> keras.KerasTensor:
        given = layer(*args, **kwargs)
        return MixStyle(share, name=f"mixstyle_{layer.name}")(given) if layer.name in places else given

    copy = keras.models.clone_model(model, call_function=call)
    copy.set_weights(model.get_weights())
    return copy


def _places(model: keras.Model) -> list[str]:
    """Names of the layers that `MixStyle` follows: the last of each size through which alone everything flows."""
    side = model.input_shape[1]
    last = {}
    for layer in _narrows(model):
        shape, padded = layer.output.shape, isinstance(layer, keras.layers.ZeroPadding2D)
        if len(shape) == 4 and 1 < shape[1] <= side / LARGEST and not padded:
            last[shape[1]] = layer.name
    return [last[size] for size in sorted(last, reverse=True)[:PLACES]]


def _narrows(model: keras.Model) -> list[keras.Layer]:
    """The layers whose output is all that later ones see of the earlier: no shortcut leads around them."""
    order = [operation for operation in model.operations if not isinstance(operation, keras.layers.InputLayer)]
    position = {id(tensor): place for place, operation in enumerate(order) for tensor in keras.tree.flatten(operation.output)}
    reaches = list(range(len(order)))  # the place of the last operation that takes an operation's output
    for place, operation in enumerate(order):
        for tensor in keras.tree.flatten(operation.input):
            if id(tensor) in position:
                reaches[position[id(tensor)]] = place
    furthest = np.maximum.accumulate([0, *reaches[:-1]])  # that anything before an operation reaches
    return [part for place, part in enumerate(order[:-1]) if furthest[place] <= place and isinstance(part, keras.layers.Layer)]
