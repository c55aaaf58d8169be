"""The feature maps of a layer for one film: what each of its filters answers to, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.saliency.compiled_model import Probe, probe_of
from core.saliency.logits import output_of
from core.saliency.request import as_input

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class FeatureMaps:
    """The filters of a layer that answer most strongly to a film.

    Attributes
    ----------
    layer : str
    channels : ndarray of shape (n,), int
        The filters, from 0; the one with the largest mean first.
    maps : ndarray of shape (n, h, w), float32
        Their activations, at the layer's own resolution.
    n_channels : int
        Of the whole layer.
    """

    layer: str
    channels: np.ndarray
    maps: np.ndarray
    n_channels: int


def feature_maps(model: keras.Model, image: np.ndarray, layer: str, n: int = 16) -> FeatureMaps:
    """The maps of the filters with the largest mean activation.

    Parameters
    ----------
    model : keras.Model
    image : ndarray of shape (height, width) or (height, width, 3), in [0, 255]
        Of the model's input size.
    layer : str
        A name from `core.saliency.spatial_layers`.
    n : int
        At most so many.

    Returns
    -------
    FeatureMaps

    Raises
    ------
    InputError
        If the model has no such layer.
    """
    probe = probe_of(model)
    (maps,) = probe.activations(as_input(model, image)[np.newaxis], valid_layer(probe, layer))
    order = np.argsort(-maps.mean(axis=(0, 1)), kind="stable")[:n]
    return FeatureMaps(layer, order, np.moveaxis(maps[..., order], -1, 0), maps.shape[-1])


def n_channels(model: keras.Model, layer: str) -> int:
    """How many filters a layer has.

    Parameters
    ----------
    model : keras.Model
    layer : str

    Returns
    -------
    int

    Raises
    ------
    InputError
        If the model has no such layer.
    """
    probe = probe_of(model)
    return int(output_of(probe.logits_model, valid_layer(probe, layer)).shape[-1])


def valid_layer(probe: Probe, layer: str | None) -> str:
    """The name of a layer with a spatial output; raises InputError where it is none."""
    if not probe.layers:
        raise InputError("The model has no layer with a spatial output, so it has no filters to show: choose a class.")
    if layer is None or layer not in probe.layers:
        raise InputError(f"unknown layer '{layer}': choose one of {', '.join(probe.layers)}")
    return layer


def valid_channel(layer: str, n_channels: int, channel: int | None) -> int:
    """The number of a filter; raises InputError where the layer has no such filter."""
    if channel is None or channel not in range(n_channels):
        received = "none" if channel is None else channel
        raise InputError(f"The filters of the layer {layer!r} are 0 to {n_channels - 1:,}; received {received}.")
    return channel
