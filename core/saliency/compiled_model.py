"""A model's compiled functions: logits, activations and gradients, each one `tf.function`, kept as long as the model lives.

A function is traced once for each model and layer and serves every method and class. Tracing happens under a lock;
calling needs none, so that many sessions explain one shared model at once. The model is read, never changed.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from core.saliency.logits import build_logits_model, find_spatial_layers, is_one_of_branches, output_of

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from core.parallel import Progress

BATCH_SIZE = 8  # images in one forward pass: more is no faster on a CPU and needs more memory

# weak: a probe goes with its model, and a new model never meets an old one's probe
_probes: WeakKeyDictionary[keras.Model, Probe] = WeakKeyDictionary()
_probes_lock = threading.Lock()


def probe_of(model: keras.Model) -> Probe:
    """Build, or find again, the probe of a model.

    Parameters
    ----------
    model : keras.Model
        Flat functional model with a layer named ``logits``, as `core.architectures` builds them.

    Returns
    -------
    Probe

    Raises
    ------
    InputError
        If the model has no layer named ``logits``.
    """
    with _probes_lock:
        if model not in _probes:
            _probes[model] = Probe(*build_logits_model(model))
        probe = _probes[model]
    probe.take_weights()
    return probe


def logits_model(model: keras.Model) -> keras.Model:
    """The part of a model that ends in one logit for each class; see `core.saliency.logits.build_logits_model`.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    keras.Model
    """
    return probe_of(model).logits_model


def spatial_layers(model: keras.Model) -> list[str]:
    """Names of the layers that a CAM can be made of, the default first; see `core.saliency.logits.find_spatial_layers`.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    list of str
    """
    return list(probe_of(model).layers)


class Probe:
    """What saliency methods ask of a model, compiled.

    Images are float32 of shape (n, height, width, channels) in [0, 255]; every answer is a NumPy array of float32.

    Attributes
    ----------
    logits_model : keras.Model
    layers : list of str
        Layers that a CAM can be made of, the default first.
    is_branched : bool
        Whether none of them is crossed by every path to the logits, so that the default shows one branch alone.
    """

    def __init__(self, logits_model: keras.Model, copies: Sequence[tuple[keras.Variable, keras.Variable]] = ()) -> None:
        self.logits_model = logits_model
        self.layers = find_spatial_layers(logits_model)
        self.is_branched = bool(self.layers) and is_one_of_branches(logits_model, self.layers[0])
        self._copies = copies
        self._weights: list[np.ndarray] | None = None
        self._compiled: dict[tuple[str, str | None, bool], Callable[..., list[tf.Tensor]]] = {}
        self._lock = threading.Lock()

    @property
    def n_classes(self) -> int:
        """Number of logits."""
        return self.logits_model.output_shape[-1]

    def take_weights(self) -> None:
        """Bring the float32 copy of a mixed-precision model up to date."""
        for mine, original in self._copies:
            mine.assign(original)

    def with_weights(self, weights: list[np.ndarray]) -> Probe:
        """The same probe on other weights, which are passed into the compiled functions: the model keeps its own.

        Parameters
        ----------
        weights : list of ndarray
            In the order of `weights`.
        """
        other = copy.copy(self)
        other._weights = weights
        return other

    @property
    def weights(self) -> list[keras.Variable]:
        """The model's variables, trainable ones first."""
        return self.logits_model.trainable_variables + self.logits_model.non_trainable_variables

    def prepare(self, kinds: Iterable[str], layer: str | None = None) -> None:
        """Compile functions ahead of their first call: names of this class's methods, for one layer."""
        for kind in kinds:
            self._function(kind, layer if kind.startswith("activations") else None)

    def logits(self, images: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Class scores of shape (n, n_classes), in batches; ``progress(done, total)`` after each."""
        function, batches = self._function("logits"), range(0, len(images), BATCH_SIZE)
        scores = []
        for start in batches:
            scores.append(self._call(function, images[start : start + BATCH_SIZE])[0])
            if progress:
                progress(min(start + BATCH_SIZE, len(images)), len(images))
        return np.concatenate(scores)

    def probabilities(self, images: np.ndarray, progress: Progress | None = None) -> np.ndarray:
        """Softmax of the logits, of shape (n, n_classes)."""
        logits = self.logits(images, progress)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def activations(self, images: np.ndarray, layer: str) -> np.ndarray:
        """Output of a layer, of shape (n, h, w, c)."""
        return self._call(self._function("activations", layer), images)[0]

    def gradients(self, images: np.ndarray, class_id: int) -> np.ndarray:
        """Derivative of each image's class logit by its pixels, of shape (n, height, width, channels)."""
        return self._call(self._function("gradients"), images, class_id)[0]

    def activations_and_gradients(self, images: np.ndarray, class_id: int, layer: str) -> list[np.ndarray]:
        """A layer's output and the class logit's derivative by it, both of shape (n, h, w, c)."""
        return self._call(self._function("activations_and_gradients", layer), images, class_id)

    def _call(self, function: Callable[..., list[tf.Tensor]], images: np.ndarray, class_id: int = 0) -> list[np.ndarray]:
        images = np.ascontiguousarray(images, dtype=np.float32)
        answers = function(images, np.int32(class_id), *(self._weights or ()))
        return [answer.numpy() for answer in answers]

    def _function(self, kind: str, layer: str | None = None) -> Callable[..., list[tf.Tensor]]:
        key = kind, layer, self._weights is not None
        with self._lock:
            if key not in self._compiled:
                function = self._compile(kind, layer)
                self._call(function, np.zeros((1, *self.logits_model.input_shape[1:])))  # TensorFlow optimises at the first call
                self._compiled[key] = function
            return self._compiled[key]

    def _compile(self, kind: str, layer: str | None) -> Callable[..., list[tf.Tensor]]:
        import keras
        import tensorflow as tf

        output = output_of(self.logits_model, layer) if layer else self.logits_model.inputs[0]
        tap = keras.Model(self.logits_model.inputs, [output, self.logits_model.outputs[0]])
        given = self._weights is not None

        def function(images: tf.Tensor, class_id: tf.Tensor, *weights: tf.Tensor) -> list[tf.Tensor]:
            activations, logits = self._forward(tap, images, weights) if given else tap([images], training=False)
            if kind in ("logits", "activations"):
                return [{"logits": logits, "activations": activations}[kind]]
            inputs = activations if layer else images
            gradients = tf.gradients(tf.gather(logits, class_id, axis=1), inputs)[0]
            return [activations, gradients] if layer else [gradients]

        signature = [tf.TensorSpec((None, *self.logits_model.input_shape[1:])), tf.TensorSpec((), tf.int32)]
        signature += [tf.TensorSpec(variable.shape, variable.dtype) for variable in self.weights] if given else []
        return tf.function(function, input_signature=signature, autograph=False).get_concrete_function()  # no Python to be rewritten

    def _forward(self, tap: keras.Model, images: tf.Tensor, weights: Sequence[tf.Tensor]) -> list[tf.Tensor]:
        """Run with other weights than the model's own."""
        place = {id(variable): weight for variable, weight in zip(self.weights, weights, strict=True)}
        trainable, fixed = ([place[id(variable)] for variable in group] for group in (tap.trainable_variables, tap.non_trainable_variables))
        return tap.stateless_call(trainable, fixed, [images], training=False)[0]
