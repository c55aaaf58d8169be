"""A head trained on stored features is the head trained within the whole graph."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.architectures import SYSTEMS, get_system
from core.config import Recipe
from core.datasets.pixel_store import RowFile
from core.inference.features import feature_store
from core.training.compile import compile_model
from core.training.input import frozen_features as features
from core.training.input.batches import TrainingBatches

RECIPE = Recipe(batch_size=4, flip=True, learning_rate=1e-2)
Y = np.array([0, 1] * 6)


@pytest.fixture
def model():
    """A frozen convolution, then dropout and a trained layer."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(4, 3, activation="relu", trainable=False, name="frozen")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(2, name="logits")(x)
    return keras.Model(inputs, keras.layers.Activation("softmax", name="probabilities")(x))


@pytest.fixture
def pixels(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (16, 8, 8), dtype=np.uint8)
    np.save(tmp_path / "pixels.npy", values)
    return np.load(tmp_path / "pixels.npy", mmap_mode="r")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))


def training(pixels):
    return TrainingBatches(pixels, np.arange(2, 14), Y, np.eye(2, dtype=np.float32)[Y], RECIPE, seed=1, size=8)


def as_features(trunk, pixels):
    pool = np.arange(1, 15)
    store = feature_store(trunk, pixels, pool, "content", True)
    return features.FeatureBatches(training(pixels), store, np.searchsorted(pool, np.arange(2, 14)), len(pool))


def test_split_is_where_training_begins(model):
    trunk, head = features.split_model(model, RECIPE)
    assert [w.path for w in trunk.weights] == [w.path for w in model.get_layer("frozen").weights]
    assert not trunk.trainable_weights and len(head.trainable_weights) == 2
    assert head.get_layer("logits") is model.get_layer("logits")


@pytest.mark.parametrize(
    "settings", [{"rotation": 5.0}, {"brightness": 0.1}, {"crop_area": 0.5}, {"cutmix": 0.5}, {"clue_removal": 0.5}, {"zoom": 0.1}]
)
def test_endless_views_train_the_whole_graph(model, settings):
    assert features.split_model(model, RECIPE.model_copy(update=settings)) is None


def test_nothing_frozen_trains_the_whole_graph():
    assert features.split_model(get_system("five_block_cnn").build(), RECIPE) is None


@pytest.mark.long
def test_every_frozen_system_has_a_trunk():
    """Those that train on features: both write-ups' frozen backbones whose recipe shows at most two views."""
    found = {
        s.key for s in SYSTEMS for v in s.variants[:1] if s.start != "scratch" and features.split_model(s.build(v.n_classes), v.recipe)
    }
    assert found == {"inception_v3", "cnn1_transfer", "vgg16_flat"}


def test_batches_show_the_same_views_in_the_same_order(model, pixels):
    trunk, _ = features.split_model(model, RECIPE)
    batches, plain = as_features(trunk, pixels), training(pixels)
    for index in range(len(plain)):
        np.testing.assert_allclose(batches[index][0], trunk.predict_on_batch(plain[index][0]), atol=2e-3)
        np.testing.assert_array_equal(batches[index][1], plain[index][1])


def test_training_the_head_equals_training_the_whole(model, pixels):
    start = model.get_weights()
    compile_model(model, RECIPE, "softmax", jit=False)
    model.fit(training(pixels), epochs=3, shuffle=False, verbose=0)
    expected = model.get_layer("logits").get_weights()
    model.set_weights(start)
    trunk, head = features.split_model(model, RECIPE)
    compile_model(head, RECIPE, "softmax", jit=False)
    head.fit(as_features(trunk, pixels), epochs=3, shuffle=False, verbose=0)
    for trained, wanted in zip(model.get_layer("logits").get_weights(), expected, strict=True):
        np.testing.assert_allclose(trained, wanted, atol=5e-3)
    assert not np.allclose(expected[0], start[2], atol=5e-3), "nothing was learnt"


def test_features_are_kept_for_the_same_trunk_alone(model, pixels, tmp_path):
    trunk, _ = features.split_model(model, RECIPE)
    first = feature_store(trunk, pixels, np.arange(4), "content", True)
    assert isinstance(first, RowFile) and first.shape[0] == 8 and first.dtype == np.float16
    assert feature_store(trunk, pixels, np.arange(4), "content", True).path == first.path
    trunk.set_weights([w + 1 for w in trunk.get_weights()])
    assert feature_store(trunk, pixels, np.arange(4), "content", True).path != first.path
    assert feature_store(trunk, pixels, np.arange(5), "content", True).path != first.path


def test_old_features_make_room(model, pixels, monkeypatch):
    trunk, _ = features.split_model(model, RECIPE)
    old = feature_store(trunk, pixels, np.arange(4), "old", False)
    monkeypatch.setattr("core.inference.features.CACHE_BYTES", old.path.stat().st_size + 100)
    new = feature_store(trunk, pixels, np.arange(4), "new", False)
    assert new.path.exists() and not old.path.exists()
