"""Group DRO against NumPy, and its state across a save."""

import numpy as np
import pytest

from core.training.hidden_groups.dro import NO_CELL, with_cells

START, STEP = [0.25, 0.25, 0.5, 0.0], 0.7
CELLS = np.array([0, 0, 1, 0, 1])


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    y = np.array([0, 1, 1, 0, 1])
    return np.eye(2, dtype=np.float32)[y], rng.dirichlet([1, 1], 5).astype(np.float32)


def make():
    import keras

    from core.training.hidden_groups.dro import GroupDRO

    return GroupDRO(keras.losses.CategoricalCrossentropy(), START, STEP)


def test_loss_and_weights_follow_the_algorithm(batch):
    targets, scores = batch
    loss = make()
    value = float(loss(with_cells(targets, CELLS), scores))
    each = -np.log((targets * scores).sum(axis=1))
    of_cells = np.array([each[CELLS == 0].mean(), each[CELLS == 1].mean(), 0, 0])
    weights = np.array(START) * np.exp(STEP * of_cells)
    weights /= weights.sum()
    assert np.asarray(loss.weights) == pytest.approx(weights, rel=1e-5)
    assert value == pytest.approx((weights * of_cells).sum(), rel=1e-5)


def test_images_that_are_only_looked_at_count_alike_and_turn_nothing(batch):
    targets, scores = batch
    loss = make()
    value = float(loss(with_cells(targets, None), scores))
    assert value == pytest.approx(-np.log((targets * scores).sum(axis=1)).mean(), rel=1e-5)
    assert np.asarray(loss.weights).tolist() == START and (with_cells(targets, None)[:, -1] == NO_CELL).all()


def test_accuracy_leaves_the_cells_aside(batch):
    from core.training.hidden_groups.dro import accuracy

    targets, scores = batch
    right = targets.argmax(axis=1) == scores.argmax(axis=1)
    assert np.asarray(accuracy(with_cells(targets, CELLS), scores)).tolist() == right.astype(float).tolist()
    one = with_cells(targets[:, 1:], CELLS)
    assert np.asarray(accuracy(one, scores[:, 1:])).tolist() == right.astype(float).tolist()


def test_the_loss_is_saved_with_its_settings():
    import keras

    found = keras.losses.deserialize(keras.losses.serialize(make()))
    assert (found.start, found.step, type(found.base)) == (START, STEP, keras.losses.CategoricalCrossentropy)
