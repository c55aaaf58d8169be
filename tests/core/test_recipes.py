"""Optimiser, loss, callbacks and class weights of a recipe."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.architectures import SYSTEMS
from core.config import Recipe
from core.recipes import class_weights, compile_model, counting_callbacks


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
        assert float(model.optimizer.learning_rate) == pytest.approx(variant.recipe.learning_rate, rel=1e-6)


def test_decay_is_inverse_time():
    model = tiny("softmax")
    compile_model(model, Recipe(learning_rate=1e-2, decay=0.5), "softmax", jit=False)
    model.fit(np.zeros((6, 4)), np.zeros(6), batch_size=2, verbose=0)
    assert float(model.optimizer.learning_rate) == pytest.approx(1e-2 / (1 + 0.5 * 3))


def test_binary_cross_entropy_on_one_hot_softmax_is_the_categorical_one():
    scores = np.array([[0.9, 0.1], [0.3, 0.7], [0.5, 0.5]])
    y = np.array([0, 0, 1])
    binary = keras.losses.BinaryCrossentropy()(np.eye(2)[y], scores)
    assert float(keras.losses.SparseCategoricalCrossentropy()(y, scores)) == pytest.approx(float(binary), rel=1e-5)


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
