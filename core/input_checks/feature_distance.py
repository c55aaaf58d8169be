"""What a model makes of an image before its last layer: its features, and how near those of other images are."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from core.architectures.footprint import images_at_once
from core.images import to_rgb
from core.parallel import Progress

if TYPE_CHECKING:
    import keras

N_COMPONENTS = 64
MAX_FEATURES = 2048
ALONE = 2  # times that a single image is sent: a batch of one is multiplied in another order, and its scores differ by up to 1e-5
K = 10  # neighbours; Sun et al. 2022 find 10 to 200 alike
_models: WeakKeyDictionary = WeakKeyDictionary()
_lock = threading.Lock()


def features(model: keras.Model, pixels: np.ndarray, progress: Progress | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and penultimate features of images, from one pass.

    The features are what the layer ``logits`` receives; where that is a flattened map of more than 2,048 numbers, or nothing is
    learned there, its map averaged over a grid of 4×4, 2×2 or 1×1 cells.

    Parameters
    ----------
    model : keras.Model
        With a layer named ``logits``; not changed.
    pixels : ndarray of shape (n, side, side), uint8
    progress : callable of (int, int), optional

    Returns
    -------
    probabilities : ndarray of shape (n, n_classes), float32
        Two columns also for a sigmoid.
    features : ndarray of shape (n, n_features), float32
    """
    both, parts, step = _with_features(model), [], images_at_once(model, pixels.shape[1])
    for start in range(0, len(pixels), step):
        batch = to_rgb(np.asarray(pixels[start : start + step])).astype(np.float32)
        answers = both.predict_on_batch(np.repeat(batch, ALONE, axis=0) if len(batch) == 1 else batch)
        parts.append([np.asarray(answer)[: len(batch)] for answer in answers])
        if progress:
            progress(min(start + step, len(pixels)), len(pixels))
    scores, values = (np.concatenate([np.asarray(part[i], dtype=np.float32) for part in parts]) for i in (0, 1))
    return np.hstack([1 - scores, scores]) if scores.shape[1] == 1 else scores, values


@dataclass(frozen=True, eq=False)
class Embedding:
    """The features of the training images in few whitened dimensions, where near means alike to the model.

    Attributes
    ----------
    mean, scale : ndarray of shape (n_features,)
    axes : ndarray of shape (n_components, n_features)
        Principal axes, divided by the spread along them.
    points : ndarray of shape (n_train, n_components), float32
    """

    mean: np.ndarray
    scale: np.ndarray
    axes: np.ndarray
    points: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray) -> Embedding:
        """Standardise and whiten features of shape (n_train, n_features)."""
        mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
        standard = (values - mean) / scale
        from sklearn.decomposition import PCA  # seconds to load, which no page has to wait for

        pca = PCA(min(N_COMPONENTS, *(side - 1 for side in standard.shape)), random_state=0).fit(standard)
        axes = pca.components_ / np.maximum(np.sqrt(pca.explained_variance_), 1e-3)[:, np.newaxis]
        return cls(mean, scale, axes, (standard @ axes.T).astype(np.float32))

    def place(self, values: np.ndarray) -> np.ndarray:
        """Features of shape (n, n_features) as points of shape (n, n_components)."""
        return ((values - self.mean) / self.scale) @ self.axes.T

    def nearest(self, values: np.ndarray, k: int = K) -> tuple[np.ndarray, np.ndarray]:
        """The nearest training images.

        Parameters
        ----------
        values : ndarray of shape (n, n_features)
        k : int

        Returns
        -------
        rows : ndarray of shape (n, k), int
            Of `points`, nearest first.
        distances : ndarray of shape (n, k)
            Euclidean, over the square root of the number of dimensions.
        """
        placed, k = self.place(values), min(k, len(self.points))
        squared = (placed**2).sum(1)[:, None] - 2 * placed @ self.points.T + (self.points**2).sum(1)
        rows = np.argpartition(squared, k - 1, axis=1)[:, :k]
        near = np.take_along_axis(squared, rows, axis=1)
        order = near.argsort(axis=1)
        distances = np.sqrt(np.maximum(np.take_along_axis(near, order, axis=1), 0) / placed.shape[1])
        return np.take_along_axis(rows, order, axis=1), distances

    def distance(self, values: np.ndarray) -> np.ndarray:
        """Distance to the tenth nearest training image (Sun et al. 2022, eq. 4); shape (n,)."""
        return self.nearest(values)[1][:, -1]


def _with_features(model: keras.Model) -> keras.Model:
    with _lock:
        if model not in _models:
            _models[model] = _build(model)
        return _models[model]


def _build(model: keras.Model) -> keras.Model:
    import keras

    logits = model.get_layer("logits")
    received, feature_map = logits.input, _last_map(model, logits.output.shape[-1])
    if feature_map is not None and (received.shape[-1] > MAX_FEATURES or not logits.weights):
        received = _pooled(feature_map)
    both = keras.Model(model.inputs[0], [model.outputs[0], received])
    both.jit_compile = False  # Keras would compile with XLA, which is slower on a CPU
    return both


def _last_map(model: keras.Model, n_classes: int) -> keras.KerasTensor | None:
    """The last map of a model, but for those of the classes themselves; None where it has none."""
    outputs = [layer.output for layer in model.layers if len(getattr(layer.output, "shape", ())) == 4]
    of_features = [output for output in outputs if output.shape[-1] > n_classes]
    return (of_features or outputs or [None])[-1]


def _pooled(feature_map: keras.KerasTensor) -> keras.KerasTensor:
    """A map averaged over the finest grid of at most MAX_FEATURES cells and channels."""
    import keras

    height, width, channels = feature_map.shape[1:]
    cells = next(n for n in (4, 2, 1) if n == 1 or (n * n * channels <= MAX_FEATURES and n <= min(height, width)))
    pooled = keras.layers.AveragePooling2D((height // cells, width // cells), dtype="float32", name="reference_pooling")(feature_map)
    return keras.layers.Flatten(name="reference_features")(pooled)
