"""From a recipe to what Keras trains with: optimiser and loss, class weights, callbacks that count epochs."""

from __future__ import annotations

import keras
import numpy as np

from core.config import Recipe

LOSSES = {"sigmoid": "binary_crossentropy", "softmax": "sparse_categorical_crossentropy"}


def compile_model(model: keras.Model, recipe: Recipe, activation: str, jit: bool) -> None:
    """Compile a model in place.

    Binary cross-entropy on one-hot labels of two softmax outputs, as one write-up has it, equals the categorical one used here.

    Parameters
    ----------
    model : keras.Model
    recipe : Recipe
    activation : {"softmax", "sigmoid"}
    jit : bool
        Let Keras choose XLA; on a CPU it triples the time of these models.
    """
    rate = recipe.learning_rate
    if recipe.decay:
        rate = keras.optimizers.schedules.InverseTimeDecay(rate, decay_steps=1, decay_rate=recipe.decay)
    optimizer = keras.optimizers.get({"class_name": recipe.optimizer, "config": {"learning_rate": rate}})
    model.compile(optimizer, LOSSES[activation], metrics=["accuracy"], jit_compile="auto" if jit else False)


def counting_callbacks(recipe: Recipe) -> list[keras.callbacks.Callback]:
    """The callbacks that count epochs without a better validation loss: early stopping and plateaus."""
    callbacks = []
    if recipe.early_stopping:
        callbacks.append(keras.callbacks.EarlyStopping("val_loss", patience=recipe.early_stopping))
    if recipe.plateau_patience:
        callbacks.append(keras.callbacks.ReduceLROnPlateau("val_loss", recipe.plateau_factor, recipe.plateau_patience))
    return callbacks


def class_weights(y: np.ndarray, recipe: Recipe) -> dict[int, float] | None:
    """Weight of each class in the loss, ``n_samples / (n_classes * count)`` as scikit-learn's ``balanced``; None for none.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), int
    recipe : Recipe

    Returns
    -------
    dict of int to float, or None
    """
    if recipe.class_weights == "none":
        return None
    counts = np.bincount(y)
    return {class_id: len(y) / (len(counts) * count) for class_id, count in enumerate(counts)}
