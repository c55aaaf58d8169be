"""Explain one image: checks the request, runs the method on the model's logits, scales the map."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.saliency.compiled_model import probe_of
from core.saliency.heatmap import normalise, resize_map
from core.saliency.method import Method
from core.saliency.request import as_input, valid_class, valid_layer

if TYPE_CHECKING:
    import keras

    from core.parallel import Progress


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where a model looked, for one image, class and method.

    Attributes
    ----------
    heatmap : ndarray of shape (height, width), float32, in [0, 1]
        Of the model's input size; its maximum is 1 unless `is_empty`.
    method : str
    class_id : int
        The class explained.
    layer : str or None
        The layer a CAM was made of; None for methods that need none.
    raw_max : float
        The raw map's maximum, in the method's own unit: what the scaling to [0, 1] hides.
    milliseconds : float
        Time for the map itself, without checks and without compiling.
    raw : ndarray of shape (h, w), float32, or None
        The map at the method's own resolution and magnitude; negative where a signed method finds evidence against the class.
    note : str
        One sentence where the method approximates, else empty.
    strength : float
        In [0, 1]: below 1 the whole map is far weaker than what matters for the score; see `Method.strength`.
    """

    heatmap: np.ndarray
    method: str
    class_id: int
    layer: str | None
    raw_max: float
    milliseconds: float
    raw: np.ndarray | None = None
    note: str = ""
    strength: float = 1.0

    def __post_init__(self) -> None:
        if self.heatmap.ndim != 2 or self.heatmap.dtype != np.float32:
            raise ValueError(f"heatmap must be a float32 matrix. Received: {self.heatmap.dtype} of shape {self.heatmap.shape}")

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the image speaks for the class, so that the heatmap is zero everywhere."""
        return self.raw_max == 0.0

    @property
    def is_weak(self) -> bool:
        """Whether the map is not empty and yet far too weak to matter for the score."""
        return not self.is_empty and self.strength < 1.0

    @property
    def magnitude(self) -> np.ndarray:
        """The raw map at the heatmap's size: float32 of shape (height, width), in the method's own unit."""
        return self.raw_max * self.heatmap if self.raw is None else resize_map(self.raw, *self.heatmap.shape)


def explain(
    model: keras.Model,
    image: np.ndarray,
    method: str | Method,
    class_id: int | None = None,
    layer: str | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Compute one saliency map.

    Parameters
    ----------
    model : keras.Model
        As for `core.saliency.logits_model`; never changed. Any number of threads may explain it at once.
    image : ndarray of shape (height, width) or (height, width, 3), uint8 or float32, in [0, 255]
        Of the model's input size.
    method : str or Method
        Key of an entry of `core.saliency.METHODS`, or a method of one's own.
    class_id : int, optional
        Class to explain; by default the predicted one. For a single sigmoid, 0 is the negative class.
    layer : str, optional
        For methods that need one: a name from `spatial_layers`, by default the first. Other methods ignore it.
    progress : callable of (int, int), optional
        Called with the parts done and all parts by methods that need many passes.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        For an unknown method, layer or class, an image of the wrong shape or range, or gradients that are not finite.
    """
    from core.saliency import get_method

    method = method if isinstance(method, Method) else get_method(method)
    image = as_input(model, image)
    probe = probe_of(model)
    layer = valid_layer(probe, layer) if method.needs_layer else None
    class_id = int(np.argmax(probe.logits(image[np.newaxis])[0])) if class_id is None else valid_class(probe, class_id)
    probe.prepare(method.asks, layer)
    started = time.perf_counter()
    raw, note = method.raw_map(probe, image, class_id, layer, progress)
    milliseconds = 1000.0 * (time.perf_counter() - started)
    if not np.isfinite(raw).all():
        raise InputError(f"{method.title} gave values that are not finite for class {class_id}: choose another method or layer")
    raw = np.asarray(raw, dtype=np.float32)
    if layer and probe.is_branched:
        note = f"{note} The model has branches that meet only later: this map shows the layer {layer!r} alone.".strip()
    strongest, strength = float(max(raw.max(), 0.0)), method.strength(raw)
    return Explanation(as_heatmap(raw, image), method.key, class_id, layer, strongest, milliseconds, raw, note, strength)


def weakness(explanation: Explanation) -> str:
    """``a very weak map (maximum 0.005 logit per cell of the layer)``; empty for any other map.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    str
    """
    from core.saliency import get_method

    if not explanation.is_weak:
        return ""
    return f"a very weak map (maximum {explanation.raw_max:.2g} {get_method(explanation.method).unit})"


def prepare(model: keras.Model, method: str = "grad_cam", layer: str | None = None) -> None:
    """Compile what class scores and a method need, ahead of the first image; a second call costs nothing.

    Parameters
    ----------
    model : keras.Model
    method : str
    layer : str, optional
        As for `explain`.
    """
    from core.saliency import get_method

    probe, chosen = probe_of(model), get_method(method)
    probe.prepare(("logits", *chosen.asks), valid_layer(probe, layer) if chosen.needs_layer else None)


def as_heatmap(raw: np.ndarray, image: np.ndarray) -> np.ndarray:
    """A raw map's positive part at the image's size, divided by its maximum: float32 of shape (height, width), in [0, 1].

    Parameters
    ----------
    raw : ndarray of shape (h, w), float
    image : ndarray of shape (height, width, n_channels)

    Returns
    -------
    ndarray of shape (height, width), float32, in [0, 1]
    """
    return normalise(resize_map(raw, *image.shape[:2]))
