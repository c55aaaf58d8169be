"""Whether the stored copy of a model gives the same scores as the model that was brought: computed, not believed."""

from __future__ import annotations

import keras
import numpy as np

from core.errors import InputError
from core.external.order import Order

TOLERANCE = 0.01  # of a sum of probabilities, which some models round
APART = {"float32": 1e-4, "bfloat16": 0.05}  # largest difference of a probability by the original's arithmetic
HALF = 0.02  # of float16
SEED = 0


def trial_arrays(shape: tuple[int, int, int]) -> np.ndarray:
    """Noise and smooth shapes on the scales that models are trained on.

    Parameters
    ----------
    shape : (int, int, int)
        Height, width and channels.

    Returns
    -------
    ndarray of shape (6, height, width, n_channels), float32
        Two in each of [0, 1], [-1, 1] and [0, 255].
    """
    height, width, n_channels = shape
    rng = np.random.default_rng(SEED)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    smooth = np.exp(-3 * (x**2 + (y - 0.3) ** 2))[..., np.newaxis].repeat(n_channels, axis=-1)
    pair = np.stack([smooth, rng.uniform(0, 1, shape)])
    return np.concatenate([pair, 2 * pair - 1, 255 * pair]).astype(np.float32)


def original_scores(model: keras.Model, arrays: np.ndarray) -> np.ndarray:
    """What the model that was brought gives; raises InputError where it cannot be computed.

    Parameters
    ----------
    model : keras.Model
    arrays : ndarray of shape (n, height, width, n_channels), float32

    Returns
    -------
    ndarray of shape (n, n_scores), float32
    """
    try:
        given = arrays if isinstance(model, keras.Sequential) else keras.tree.pack_sequence_as(model.input, [arrays])
        answer = model(given, training=False)
    except Exception as error:  # layers may fail in their own ways, such as for a size
        raise InputError(f"The model fails on a picture of {arrays.shape[1:]}: {' '.join(str(error).split())[:160]}") from None
    scores = np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(keras.tree.flatten(answer)[0], "float32")))
    if not np.isfinite(scores).all():
        raise InputError("The model gives scores that are not numbers even on plain pictures: its training seems to have diverged.")
    return scores.reshape(len(arrays), -1)


def looks_like_probabilities(scores: np.ndarray) -> bool:
    """Whether scores lie in [0, 1] and, where there are several for each image, add up to 1."""
    in_range = scores.min() >= 0 and scores.max() <= 1
    return bool(in_range and (scores.shape[1] == 1 or np.abs(scores.sum(axis=1) - 1).max() <= TOLERANCE))


def check_same(core: keras.Model, arrays: np.ndarray, expected: np.ndarray, order: Order, activation: str, model: keras.Model) -> None:
    """Raise InputError unless a copy gives the scores of the original.

    Parameters
    ----------
    core : keras.Model
        The copy.
    arrays : ndarray of shape (n, height, width, n_channels)
    expected : ndarray of shape (n, n_scores)
        The original's scores.
    order : Order
        Which of them each class is.
    activation : {"softmax", "sigmoid", ""}
        What is applied to the original's scores, if they are logits.
    model : keras.Model
        The original.
    """
    if activation:
        expected = keras.ops.convert_to_numpy(getattr(keras.ops, activation)(expected))
    expected = 1 - expected if order.negated else expected[:, order.outputs]
    found = keras.ops.convert_to_numpy(core(arrays, training=False))
    difference = float(np.abs(found - expected).max())
    if difference > _tolerance(model):
        raise InputError(
            f"The model could not be taken apart: its parts give scores that differ from its own by up to {difference:.2g}; "
            "bring its predictions as CSV instead."
        )


def _tolerance(model: keras.Model) -> float:
    arithmetic = {layer.compute_dtype for layer in model._flatten_layers() if layer.weights}
    return max((APART.get(kind, HALF) for kind in arithmetic), default=APART["float32"])
