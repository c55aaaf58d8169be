"""Group DRO against NumPy, and its state across a save."""

import os

import numpy as np
import pytest

from core.errors import InputError
from core.training.hidden_groups.dro import NO_CELL, kept_weights, with_cells

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


def test_kept_weights_are_those_of_the_cells(tmp_path):
    np.save(tmp_path / "group_dro.npy", np.float32([0.25, 0.75]))
    assert kept_weights(tmp_path / "group_dro.npy", 2).tolist() == [0.25, 0.75]


@pytest.mark.parametrize("kept", [None, b"", b"no array", [0.5], [-1.0, 2.0], [float("nan"), 1.0], ["a", "b"], "a pipe"])
def test_weights_that_a_run_did_not_keep_are_refused(tmp_path, kept):
    path = tmp_path / "group_dro.npy"
    if kept == "a pipe":
        os.mkfifo(path)
    elif isinstance(kept, bytes):
        path.write_bytes(kept)
    elif kept:
        np.save(path, np.array(kept))
    with pytest.raises(InputError, match=r"group_dro\.npy of the run .* is not what it kept; train it anew"):
        kept_weights(path, 2)
