"""Gradient ascent on the grey levels of a picture, by tf-keras-vis: blurred, moved and turned a little before each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras
    import tensorflow as tf
    from tf_keras_vis.activation_maximization.callbacks import Callback
    from tf_keras_vis.activation_maximization.input_modifiers import InputModifier
    from tf_keras_vis.utils.scores import Score

    from core.parallel import Progress

LEARNING_RATE = 0.3  # of RMSprop on gradients of unit deviation: about 10 grey levels in the first step, ever less in the next ones
JITTER, DEGREES = 4, 1.0  # what is moved and turned at random before each step, so that no single pixel decides; as there
BLUR = 0.3  # pixels, before each step, so that no grain grows; unlike a penalty it needs no weight of its own for each filter


def ascend(
    tapped: Tapped, score: Score, start: np.ndarray, steps: int, rng: np.random.Generator, progress: Progress | None = None
) -> np.ndarray:
    """The picture that raises a score most, from one that it starts with.

    Parameters
    ----------
    tapped : Tapped
    score : tf_keras_vis Score
        Of the model's output.
    start : ndarray of shape (1, height, width, 1), float32, in [0, 255]
    steps : int
    rng : Generator
        Of the random moves.
    progress : callable of (int, int), optional
        Called after each step; what it raises ends the work.

    Returns
    -------
    ndarray of shape (height, width), uint8
    """
    from tf_keras_vis.activation_maximization import ActivationMaximization

    made = ActivationMaximization(tapped, clone=False)(
        score,
        seed_input=start,
        steps=steps,
        optimizer=_optimizer(),
        input_modifiers=_moves(rng),
        gradient_modifier=_of_unit_deviation,
        regularizers=[],
        callbacks=_told(progress, steps) if progress else None,
    )
    return np.rint(np.asarray(made)[0, ..., 0]).astype(np.uint8)


class Tapped:
    """As much of a Keras model of grey pictures as tf-keras-vis asks for, its call compiled: four times as fast."""

    def __init__(self, model: keras.Model) -> None:
        import tensorflow as tf

        self.inputs, self.outputs, self.layers = model.inputs, model.outputs, model.layers
        forward = tf.function(lambda pictures: model(pictures, training=False))
        self._forward = forward.get_concrete_function(tf.TensorSpec((1, *model.input_shape[1:])))

    def __call__(self, pictures: list[tf.Tensor], training: bool = False) -> tf.Tensor:
        """The answer to one picture of shape (1, height, width, 1)."""
        import tensorflow as tf

        return self._forward(tf.cast(pictures[0], tf.float32))


def _optimizer() -> keras.optimizers.Optimizer:
    import keras

    return keras.optimizers.RMSprop(LEARNING_RATE, rho=0.999)


def _of_unit_deviation(gradients: tf.Tensor) -> tf.Tensor:
    """A filter's mean has gradients by far smaller than a logit's; the size of a step should not hang on that."""
    import tensorflow as tf

    return tf.math.divide_no_nan(gradients, tf.math.reduce_std(gradients))


def _moves(rng: np.random.Generator) -> list[InputModifier]:
    """Blur, jitter and rotation; those of tf-keras-vis draw from generators that no seed reaches."""
    from scipy.ndimage import gaussian_filter
    from tf_keras_vis.activation_maximization.input_modifiers import InputModifier, Rotate2D

    class Blurred(InputModifier):
        def __call__(self, pictures: tf.Tensor) -> np.ndarray:
            return gaussian_filter(np.clip(pictures, 0, 255), BLUR, axes=(1, 2))

    class Jitter(InputModifier):
        def __call__(self, pictures: np.ndarray) -> np.ndarray:
            return np.roll(pictures, rng.integers(-JITTER, JITTER, 2), axis=(1, 2))

    turn = Rotate2D(DEGREES)
    turn.random_generator = rng
    return [Blurred(), Jitter(), turn]


def _told(progress: Progress, steps: int) -> Callback:
    from tf_keras_vis.activation_maximization.callbacks import Callback

    class Told(Callback):
        def __call__(self, step: int, *_: object, **__: object) -> None:
            progress(step + 1, steps)

    return Told()
