"""MixStyle: a batch by hand, where it stands, and that nothing of it is left in the model that is kept."""

import keras
import numpy as np
import pytest
from keras import ops

from core.architectures import get_system
from core.training.hidden_groups.mixstyle import MixStyle, mix_statistics, with_mixstyle

PAIR = np.array([[1.0, 3.0], [10.0, 30.0]], np.float32).reshape(2, 2, 1, 1)  # means 2 and 20, standard deviations 1 and 10


@pytest.mark.parametrize(
    ("order", "stays", "wanted"),
    [
        ([1, 0], [1.0, 1.0], [[1, 3], [10, 30]]),
        ([1, 0], [0.0, 0.0], [[10, 30], [1, 3]]),
        ([1, 0], [0.5, 0.75], [[5.5, 16.5], [7.75, 23.25]]),
        ([0, 1], [0.2, 0.2], [[1, 3], [10, 30]]),
    ],
    ids=["keeps its own", "takes the other's", "mean 11 and spread 5.5; mean 15.5 and spread 7.75", "with itself"],
)
def test_two_images_by_hand(order, stays, wanted):
    mixed = mix_statistics(ops.convert_to_tensor(PAIR), ops.convert_to_tensor(order), ops.convert_to_tensor(stays))
    assert ops.convert_to_numpy(mixed).reshape(2, 2) == pytest.approx(np.array(wanted), rel=1e-5)


def test_mixes_in_training_alone_and_in_the_share_of_steps_asked_for():
    maps = np.random.default_rng(0).normal(size=(16, 4, 4, 3)).astype(np.float32) * np.arange(1, 17, dtype=np.float32)[:, None, None, None]
    always, never = MixStyle(1.0), MixStyle(0.0)
    assert np.array_equal(always(maps), maps), "nothing outside training"
    assert ops.convert_to_numpy(never(maps, training=True)) == pytest.approx(maps, abs=1e-3)
    half = MixStyle(0.5)
    changed = [not np.allclose(half(maps, training=True), maps, atol=1e-3) for _ in range(40)]
    assert 10 <= sum(changed) <= 30
    mixed = ops.convert_to_numpy(always(maps, training=True))
    ranks = [np.argsort(part, axis=1, kind="stable") for part in (maps.reshape(16, 16, 3), mixed.reshape(16, 16, 3))]
    assert np.array_equal(*ranks), "the order within a channel, the shapes, stays"


@pytest.mark.parametrize(
    ("system", "after"),
    [("lens_small", ["relu2", "relu3"]), ("lens_scratch", ["stage1_block1_relu", "stage2_block1_relu"])],
)
def test_stands_after_two_shallow_stages_and_changes_no_score(system, after):
    model = get_system(system).build(2)
    mixing = with_mixstyle(model, 0.5)
    assert [layer.name for layer in mixing.layers if isinstance(layer, MixStyle)] == [f"mixstyle_{name}" for name in after]
    pixels = np.random.default_rng(1).integers(0, 256, (2, *model.input_shape[1:])).astype(np.float32)
    assert np.array_equal(mixing(pixels), model(pixels))


def test_a_checkpoint_loads_without_foreign_code(tmp_path):
    mixing = with_mixstyle(get_system("lens_small").build(2), 0.25)
    mixing.save(tmp_path / "checkpoint.keras")
    loaded = keras.models.load_model(tmp_path / "checkpoint.keras", safe_mode=True)
    assert loaded.get_layer("mixstyle_relu2").share == 0.25
