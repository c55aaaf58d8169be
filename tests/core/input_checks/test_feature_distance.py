"""Features of a model's last layers and the nearest of them, against scikit-learn."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from core.inference.predict import predict
from core.input_checks.feature_distance import Embedding, features


@pytest.fixture(scope="module")
def values():
    rng = np.random.default_rng(0)
    return (rng.normal(size=(300, 20)) @ rng.normal(size=(20, 20)) + 5).astype(np.float32)


def test_features_are_what_the_logits_are_made_of(model):
    pixels = np.random.default_rng(1).integers(0, 255, (5, 64, 64), dtype=np.uint8)
    scores, found = features(model, pixels)
    kernel, bias = model.get_layer("logits").get_weights()
    logits = found @ kernel + bias
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert scores == pytest.approx(expected, abs=1e-5)
    assert scores == pytest.approx(predict(model, pixels), abs=1e-5)


def test_a_wide_flat_layer_is_pooled_and_a_sigmoid_has_two_columns():
    import keras

    layers = keras.layers
    inputs = keras.Input((80, 80, 3))
    maps = layers.Conv2D(40, 3, strides=2, padding="same", name="conv")(inputs)
    outputs = layers.Activation("sigmoid")(layers.Dense(1, name="logits")(layers.Flatten()(maps)))
    model = keras.Model(inputs, outputs)
    pixels = np.random.default_rng(1).integers(0, 255, (3, 80, 80), dtype=np.uint8)
    scores, found = features(model, pixels)
    assert scores.shape == (3, 2) and scores.sum(axis=1) == pytest.approx(1)
    assert found.shape == (3, 4 * 4 * 40)
    whole = np.asarray(keras.Model(inputs, maps)(np.repeat(pixels[..., None], 3, -1).astype(np.float32)))
    assert found[:, :40] == pytest.approx(whole[:, :10, :10].mean(axis=(1, 2)), rel=1e-3, abs=1e-2)


def test_points_are_white(values):
    points = Embedding.fit(values).points
    assert np.cov(points.T) == pytest.approx(np.eye(points.shape[1]), abs=1e-3)


def test_nearest_agree_with_scikit_learn(values):
    embedding = Embedding.fit(values)
    new = values[:7] + 0.3
    rows, distances = embedding.nearest(new, 5)
    oracle = NearestNeighbors(n_neighbors=5).fit(embedding.points)
    expected, neighbours = oracle.kneighbors(embedding.place(new))
    assert rows.tolist() == neighbours.tolist()
    assert distances == pytest.approx(expected / np.sqrt(embedding.points.shape[1]), rel=1e-3)


def test_a_training_image_is_its_own_neighbour(values):
    rows, distances = Embedding.fit(values).nearest(values[42:43], 1)
    assert rows[0, 0] == 42 and distances[0, 0] == pytest.approx(0, abs=1e-2)
