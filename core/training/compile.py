"""From a recipe to what Keras trains with: targets, loss, optimiser, class weights, callbacks that count epochs."""

from __future__ import annotations

import keras
import numpy as np

from core.config import Recipe
from core.machine.devices import Device
from core.training.hidden_groups.balance import Balance
from core.training.hidden_groups.dro import GroupDRO, accuracy

XLA_WEIGHTS, XLA_STEPS = 1_000_000, 50  # a smaller head, or fewer steps, do not pay back the seconds of compiling


def compile_model(model: keras.Model, recipe: Recipe, activation: str, jit: bool, steps: int = 1, balance: Balance | None = None) -> None:
    """Compile a model in place.

    Binary cross-entropy on one-hot labels of two softmax outputs, as one write-up has it, equals the categorical one used here.

    Parameters
    ----------
    model : keras.Model
    recipe : Recipe
    activation : {"softmax", "sigmoid"}
    jit : bool
        Let Keras choose XLA, see `with_xla`.
    steps : int
        Steps an epoch, for a cosine decay.
    balance : Balance, optional
        Of hidden groups and classes, for group DRO.
    """
    loss, right = _loss(recipe, activation), keras.metrics.BinaryAccuracy if activation == "sigmoid" else keras.metrics.CategoricalAccuracy
    metric = right("accuracy")
    if balance and recipe.group_balance == "dro":
        counted = np.bincount(balance.cells, minlength=len(balance.weights)) > 0
        loss = GroupDRO(loss, counted / counted.sum(), recipe.group_step)
        metric = keras.metrics.MeanMetricWrapper(accuracy, "accuracy")
    model.compile(_optimizer(recipe, steps), loss, metrics=[metric], jit_compile="auto" if jit else False)
    model.optimizer.build(model.trainable_variables)  # like the metric's: what the first step makes has the step traced a second time


def with_xla(model: keras.Model, device: Device, n_steps: int) -> bool:
    """Whether XLA makes a training faster: on a GPU, and on a CPU for a wide head without convolutions.

    On a CPU XLA triples the time of convolutions, but passes once over the weights for all that the optimiser does: a step of
    InceptionV3's head of 13 million weights took 0.1 s instead of 0.35 s, and compiling it 5 s.

    Parameters
    ----------
    model : keras.Model
        What is trained.
    device : Device
    n_steps : int
        In the whole training.

    Returns
    -------
    bool
    """
    if device.kind == "gpu":
        return True
    shapes = [weight.shape for weight in model.trainable_weights]
    n_weights = sum(int(np.prod(shape)) for shape in shapes)
    return n_weights >= XLA_WEIGHTS and n_steps >= XLA_STEPS and all(len(shape) < 3 for shape in shapes)


def targets(y: np.ndarray, n_classes: int, activation: str) -> np.ndarray:
    """What the loss compares with.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), int
    n_classes : int
    activation : {"softmax", "sigmoid"}

    Returns
    -------
    ndarray of shape (n_samples, n_classes) or, for a sigmoid, (n_samples, 1), float32
    """
    return y[:, None].astype(np.float32) if activation == "sigmoid" else np.eye(n_classes, dtype=np.float32)[y]


def _loss(recipe: Recipe, activation: str) -> keras.losses.Loss:
    """Cross-entropy, or the focal loss of Lin et al. (2017, eq. 4, without its alpha)."""
    smoothing, binary = recipe.label_smoothing, activation == "sigmoid"
    if recipe.loss == "focal" and binary:
        return keras.losses.BinaryFocalCrossentropy(gamma=recipe.focal_gamma, label_smoothing=smoothing)
    if recipe.loss == "focal":
        return keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=recipe.focal_gamma, label_smoothing=smoothing)
    loss = keras.losses.BinaryCrossentropy if binary else keras.losses.CategoricalCrossentropy
    return loss(label_smoothing=smoothing)


def _optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    settings = {"learning_rate": _learning_rate(recipe, steps)}
    if recipe.optimizer == "adamw":
        settings["weight_decay"] = recipe.weight_decay
    if recipe.averaging:
        settings |= {"use_ema": True, "ema_momentum": recipe.averaging}
    return keras.optimizers.get({"class_name": recipe.optimizer, "config": settings})


def _learning_rate(recipe: Recipe, steps: int) -> float | keras.optimizers.schedules.LearningRateSchedule:
    rate = recipe.learning_rate
    if recipe.decay:
        return keras.optimizers.schedules.InverseTimeDecay(rate, decay_steps=1, decay_rate=recipe.decay)
    if recipe.cosine:
        warmup = round(recipe.warmup * steps)
        start = (
            {"initial_learning_rate": rate / 100, "warmup_target": rate, "warmup_steps": warmup}
            if warmup
            else {"initial_learning_rate": rate}
        )
        return keras.optimizers.schedules.CosineDecay(decay_steps=max(recipe.epochs * steps - warmup, 1), **start)
    return rate


def counting_callbacks(recipe: Recipe) -> list[keras.callbacks.Callback]:
    """The callbacks that count epochs without a better validation loss: early stopping and plateaus.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    list of keras.callbacks.Callback
    """
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
