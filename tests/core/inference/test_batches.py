"""Batches: what chance decides, what a seed repeats, and what a clue's removal leaves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import Recipe
from core.images.corruptions import SOURCE, without_clue
from core.inference.batches import BatteryBatches, PlainBatches
from core.training.input.batches import TrainingBatches


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (20, 16, 16), dtype=np.uint8)


def training(pixels, recipe, size=16, epoch=0):
    y = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    return TrainingBatches(pixels, np.arange(10, 20), y, np.eye(2, dtype=np.float32)[y], recipe, seed=5, size=size, epoch=epoch)


def test_seed_and_epoch_alone_decide_every_draw(pixels):
    recipe = Recipe(batch_size=8, flip=True, rotation=10, brightness=0.2)
    first, second = training(pixels, recipe), training(pixels, recipe)
    np.testing.assert_array_equal(first[1][0], second[1][0])
    first.on_epoch_end()
    np.testing.assert_array_equal(first[0][0], training(pixels, recipe, epoch=1)[0][0])
    assert not np.array_equal(first[0][0], second[0][0])


SETTINGS = st.fixed_dictionaries(
    {
        "batch_size": st.integers(1, 10),
        "sampling": st.sampled_from(["natural", "oversample", "undersample"]),
        "flip": st.booleans(),
        "cutmix": st.sampled_from([0.0, 0.5, 1.0]),
        "brightness": st.sampled_from([0.0, 0.3]),
    }
)


@given(SETTINGS, st.integers(1, 6))
@settings(max_examples=25)
def test_a_training_resumed_after_any_epoch_sees_what_an_unbroken_one_does(chosen, epoch):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 8, 8), dtype=np.uint8)
    unbroken = training(pixels, Recipe(**chosen), size=8)
    for _ in range(epoch):
        unbroken.on_epoch_end()
    resumed = training(pixels, Recipe(**chosen), size=8, epoch=epoch)
    assert len(resumed) == len(unbroken)
    for index in range(len(resumed)):
        for one, other in zip(resumed[index], unbroken[index], strict=True):
            np.testing.assert_array_equal(one, other)


def test_each_image_once_an_epoch_with_its_target(pixels):
    batches = training(pixels, Recipe(batch_size=4))
    images, targets = (np.concatenate(part) for part in zip(*(batches[i] for i in range(len(batches))), strict=True))
    found = [int(np.flatnonzero((pixels == image[..., 0]).all(axis=(1, 2)))[0]) for image in images]
    assert sorted(found) == list(range(10, 20))
    assert [row in (10, 11) for row in found] == (targets[:, 0] == 1).tolist()


@pytest.mark.parametrize(("sampling", "shown"), [("natural", [2, 8]), ("oversample", [8, 8]), ("undersample", [2, 2])])
def test_sampling_sets_how_often_a_class_is_shown(pixels, sampling, shown):
    batches = training(pixels, Recipe(batch_size=4, sampling=sampling))
    targets = np.concatenate([batches[i][1] for i in range(len(batches))])
    assert targets.sum(axis=0).tolist() == shown


def test_crops_are_cut_from_larger_pixels(pixels):
    images, _ = training(pixels, Recipe(batch_size=4, crop_area=0.2), size=8)[0]
    assert images.shape == (4, 8, 8, 3)


def test_cutmix_mixes_the_targets(pixels):
    _, targets = training(pixels, Recipe(batch_size=8, cutmix=1.0))[0]
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
    assert ((targets > 0) & (targets < 1)).any()


def test_plain_batches_keep_order(pixels):
    batches = PlainBatches(pixels, np.array([3, 1, 2]), np.array([[0.0], [1.0], [0.0]]), batch_size=2)
    np.testing.assert_array_equal(batches[0][0][..., 0], pixels[[3, 1]])
    assert batches[1][1].tolist() == [[0.0]]


def test_battery_batches_take_one_clue_from_each_image():
    pixels = np.random.default_rng(0).integers(0, 256, (3, SOURCE, SOURCE), dtype=np.uint8)
    (images,) = BatteryBatches(pixels, np.array([2, 0]), ["blur", "noise"], SOURCE)[0]
    np.testing.assert_array_equal(images[0, ..., 0], without_clue(pixels[2], "blur", 2))
    np.testing.assert_array_equal(images[1, ..., 0], without_clue(pixels[0], "noise", 0))
