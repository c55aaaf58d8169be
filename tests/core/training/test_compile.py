"""Optimiser, loss, callbacks and class weights of a recipe."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.architectures import SYSTEMS
from core.config import Recipe
from core.machine.devices import Device
from core.training.compile import class_weights, compile_model, counting_callbacks, targets, with_xla


def tiny(activation):
    inputs = keras.Input((4,))
    outputs = keras.layers.Dense(1 if activation == "sigmoid" else 2, activation=activation)(inputs)
    return keras.Model(inputs, outputs)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.key)
def test_every_recipe_compiles_as_it_says(system):
    for variant in system.variants:
        model = tiny(system.activation)
        compile_model(model, variant.recipe, system.activation, jit=False)
        assert type(model.optimizer).__name__.lower() == variant.recipe.optimizer
        start = variant.recipe.learning_rate / (100 if variant.recipe.warmup else 1)
        assert float(model.optimizer.learning_rate) == pytest.approx(start, rel=1e-6)


def head(units, convolution=False):
    inputs = keras.Input((1, 1, 2000) if convolution else (2000,))
    layer = keras.layers.Conv2D(units, 1) if convolution else keras.layers.Dense(units)
    return keras.Model(inputs, layer(inputs))


@pytest.mark.parametrize(
    ("units", "convolution", "kind", "n_steps", "expected"),
    [
        (600, False, "cpu", 50, True),  # 1.2 million weights, enough steps to pay back the compiling
        (600, False, "cpu", 49, False),
        (400, False, "cpu", 5000, False),  # 0.8 million weights
        (600, True, "cpu", 5000, False),
        (600, True, "gpu", 1, True),
    ],
)
def test_xla_is_for_gpus_and_wide_dense_heads(units, convolution, kind, n_steps, expected):
    assert with_xla(head(units, convolution), Device(kind, "any"), n_steps) is expected


def test_decay_is_inverse_time():
    model = tiny("softmax")
    compile_model(model, Recipe(learning_rate=1e-2, decay=0.5), "softmax", jit=False)
    model.fit(np.zeros((6, 4)), np.eye(2)[np.zeros(6, int)], batch_size=2, verbose=0)
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-2 / (1 + 0.5 * 3))


def test_binary_cross_entropy_on_one_hot_softmax_is_the_categorical_one():
    scores = np.array([[0.9, 0.1], [0.3, 0.7], [0.5, 0.5]])
    y = np.array([0, 0, 1])
    binary = keras.losses.BinaryCrossentropy()(np.eye(2)[y], scores)
    assert float(keras.losses.SparseCategoricalCrossentropy()(y, scores)) == pytest.approx(float(binary), rel=1e-5)


def test_cosine_rises_then_falls_to_zero():
    model = tiny("softmax")
    recipe = Recipe(epochs=4, learning_rate=1e-2, cosine=True, warmup=1)
    compile_model(model, recipe, "softmax", jit=False, steps=10)
    rates = [float(model.optimizer.learning_rate)]
    for _ in range(40):
        model.train_on_batch(np.zeros((2, 4)), np.eye(2))
        rates.append(float(model.optimizer.learning_rate))
    assert max(rates) == pytest.approx(1e-2) and np.argmax(rates) == 10
    assert rates[25] == pytest.approx(0.5e-2, rel=1e-3)  # half-way down
    assert rates[40] == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_targets_fit_the_output(activation):
    y = np.array([1, 0])
    assert targets(y, 2, activation).tolist() == ([[0, 1], [1, 0]] if activation == "softmax" else [[1], [0]])


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_focal_loss_by_hand(activation, gamma):
    """Lin et al. (2017), eq. 4: the cross-entropy times (1 - p)^gamma."""
    model = tiny(activation)
    compile_model(model, Recipe(loss="focal", focal_gamma=gamma), activation, jit=False)
    y, p_positive = np.array([1, 0]), np.array([0.9, 0.3])
    scores = np.column_stack([1 - p_positive, p_positive]) if activation == "softmax" else p_positive[:, None]
    p_true = np.array([0.9, 0.7])
    expected = ((1 - p_true) ** gamma * -np.log(p_true)).mean()
    loss = model.loss(targets(y, 2, activation), scores.astype(np.float32))
    assert float(loss) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_label_smoothing_spreads_a_share_over_all_classes(activation):
    model = tiny(activation)
    compile_model(model, Recipe(label_smoothing=0.1), activation, jit=False)
    scores = np.array([[0.2, 0.8]]) if activation == "softmax" else np.array([[0.8]])
    expected = -(0.95 * np.log(0.8) + 0.05 * np.log(0.2))
    assert float(model.loss(targets(np.array([1]), 2, activation), scores.astype(np.float32))) == pytest.approx(expected, rel=1e-4)


def test_adamw_and_averaging_reach_the_optimiser():
    model = tiny("softmax")
    compile_model(model, Recipe(optimizer="adamw", weight_decay=0.05, averaging=0.99), "softmax", jit=False)
    assert model.optimizer.weight_decay == 0.05 and model.optimizer.use_ema and model.optimizer.ema_momentum == 0.99


def test_callbacks_follow_the_recipe():
    assert counting_callbacks(Recipe()) == []
    early, plateau = counting_callbacks(Recipe(early_stopping=4, plateau_patience=2, plateau_factor=0.3))
    assert (early.patience, early.monitor) == (4, "val_loss")
    assert (plateau.patience, plateau.factor) == (2, 0.3)


def test_class_weights_match_scikit_learn():
    from sklearn.utils.class_weight import compute_class_weight

    y = np.array([0] * 3 + [1] * 9)
    expected = compute_class_weight("balanced", classes=np.array([0, 1]), y=y)
    assert class_weights(y, Recipe(class_weights="balanced")) == pytest.approx(dict(enumerate(expected)))
    assert class_weights(y, Recipe()) is None
