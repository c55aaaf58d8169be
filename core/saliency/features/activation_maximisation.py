"""A picture that a class or a filter answers to most strongly, by gradient ascent from noise: activation maximisation of tf-keras-vis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.saliency.compiled_model import Probe, probe_of
from core.saliency.features.ascent import Tapped, ascend
from core.saliency.features.feature_maps import valid_channel, valid_layer
from core.saliency.logits import output_of
from core.saliency.request import as_input, valid_class

if TYPE_CHECKING:
    import keras

    from core.parallel import Progress

STEPS, MOST_STEPS = 128, 1024
MOST_SEED = 2**32 - 1
GREY, GRAIN = 128.0, 25.0  # the noise that the ascent starts from, in grey levels
REFERENCE = "Erhan et al. 2009; blurred between steps as by Yosinski et al. 2015, arXiv:1506.06579"
PROVES_NOT = (
    "A picture made for the model, which no film resembles: it does not prove that the model uses this pattern in real films, nor that the "
    "pattern means disease. Another seed gives another picture; trust only what returns (Geirhos et al. 2023, arXiv:2306.04719)."
)


@dataclass(frozen=True, eq=False)
class Maximised:
    """A picture made for a class or a filter.

    Attributes
    ----------
    pixels : ndarray of shape (height, width), uint8
        Of the model's input size.
    before, after : float
        The class's logit, or the filter's mean activation, on the noise that it began with and on the picture.
    steps, seed : int
    """

    pixels: np.ndarray
    before: float
    after: float
    steps: int
    seed: int


def maximise(
    model: keras.Model,
    class_id: int | None = None,
    layer: str | None = None,
    channel: int | None = None,
    steps: int = STEPS,
    seed: int = 0,
    progress: Progress | None = None,
) -> Maximised:
    """Make the grey picture that raises a class's logit, or a filter's mean activation.

    Parameters
    ----------
    model : keras.Model
        As for `core.saliency.logits_model`; never changed.
    class_id : int, optional
        The class; or else `layer` and `channel`.
    layer : str, optional
        A name from `core.saliency.spatial_layers`.
    channel : int, optional
        Of the layer, from 0.
    steps : int, in [1, 1024]
    seed : int, in [0, 2**32 - 1]
        Of the noise and of the random moves: the same seed gives the same picture.
    progress : callable of (int, int), optional
        Called after each step; what it raises ends the work.

    Returns
    -------
    Maximised

    Raises
    ------
    InputError
        For an unknown class, layer or channel, or a number out of its range.
    """
    from tf_keras_vis.utils.scores import CategoricalScore

    _require("steps", steps, 1, MOST_STEPS)
    _require("seed", seed, 0, MOST_SEED)
    probe = probe_of(model)
    index, chosen = _target(probe, class_id, layer, channel)
    tapped, score, rng = Tapped(_of_grey(probe, chosen)), CategoricalScore(index), np.random.default_rng(seed)
    start = np.clip(rng.normal(GREY, GRAIN, (1, *model.input_shape[1:3], 1)), 0, 255).astype(np.float32)
    pixels = ascend(tapped, score, start, steps, rng, progress)
    before, after = (float(score(tapped([picture])).numpy()[0]) for picture in (start, pixels[np.newaxis, ..., np.newaxis]))
    if not np.isfinite(after):
        raise InputError("The ascent led to values that are not finite: choose another filter or seed.")
    return Maximised(pixels, before, after, steps, seed)


def answer_to(
    model: keras.Model, image: np.ndarray, class_id: int | None = None, layer: str | None = None, channel: int | None = None
) -> float:
    """What a film reaches: the class's logit, or the filter's mean activation.

    Parameters
    ----------
    model : keras.Model
    image : ndarray of shape (height, width), uint8
        Of the model's input size.
    class_id, layer, channel
        As for `maximise`.

    Returns
    -------
    float

    Raises
    ------
    InputError
        For an unknown class, layer or channel.
    """
    probe, images = probe_of(model), as_input(model, image)[np.newaxis]
    index, chosen = _target(probe, class_id, layer, channel)
    values = probe.activations(images, chosen) if chosen else probe.logits(images)
    return float(values[..., index].mean())


def _target(probe: Probe, class_id: int | None, layer: str | None, channel: int | None) -> tuple[int, str | None]:
    """The place of what is maximised in the last axis of an output, and the layer of that output; None for the logits."""
    if (class_id is None) == (layer is None):
        raise InputError("Give a class, or a layer and one of its filters.")
    if class_id is None:
        chosen = valid_layer(probe, layer)
        return valid_channel(chosen, output_of(probe.logits_model, chosen).shape[-1], channel), chosen
    return valid_class(probe, class_id), None


def _of_grey(probe: Probe, layer: str | None) -> keras.Model:
    """The model up to a layer or its logits, which takes a picture of one channel: a film has no colours."""
    import keras

    output = output_of(probe.logits_model, layer) if layer else probe.logits_model.outputs[0]
    *size, n_channels = probe.logits_model.input_shape[1:]
    grey = keras.Input((*size, 1))
    same = keras.layers.Concatenate()([grey] * n_channels) if n_channels > 1 else grey
    return keras.Model(grey, keras.Model(probe.logits_model.inputs, output)(same))


def _require(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(f"{name} must lie between {low:,} and {high:,}, received {value:,}")
