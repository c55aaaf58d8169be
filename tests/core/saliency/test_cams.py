"""The CAMs against arithmetic done by hand on a network with two filters, and against a gradient tape."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.saliency import explain, logits_model
from core.saliency.heatmap import normalise, resize_map

SIZE = 4
IMAGE = np.array([[0, 40, 80, 120], [10, 50, 90, 130], [20, 60, 100, 140], [30, 70, 110, 150]], np.uint8)
# Filter A copies the image / 100, filter B is 1 - image / 100 before its ReLU. Logits: pooled A and B times these.
HEAD = np.array([[3.0, -1.0], [-2.0, 4.0]], np.float32)  # rows: filters A, B; columns: classes 0, 1


@pytest.fixture(scope="module")
def two_filters():
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(2, 1, activation="relu", name="filters")(inputs)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    kernel = np.zeros((1, 1, 3, 2), np.float32)
    kernel[0, 0, 0] = [0.01, -0.01]  # red channel only
    model.get_layer("filters").set_weights([kernel, np.array([0.0, 1.0], np.float32)])
    model.get_layer("logits").set_weights([HEAD, np.zeros(2, np.float32)])
    return model


A = IMAGE / 100
B = np.maximum(1 - IMAGE / 100, 0)


@pytest.mark.parametrize("class_id", [0, 1])
def test_grad_cam_by_hand(class_id, two_filters):
    """d logit / d A = HEAD[A] / 16 at every pixel, so that is its mean; likewise for B (eq. 1 and 2)."""
    expected = np.maximum(HEAD[0, class_id] / 16 * A + HEAD[1, class_id] / 16 * B, 0)
    explanation = explain(two_filters, IMAGE, "grad_cam", class_id)
    assert explanation.raw_max == pytest.approx(expected.max(), rel=1e-5)
    np.testing.assert_allclose(explanation.heatmap, expected / expected.max(), atol=1e-5)


@pytest.mark.parametrize("class_id", [0, 1])
def test_layer_cam_by_hand(class_id, two_filters):
    """Negative gradients are cut, so only the filter that speaks for the class is left (eq. 6 to 8)."""
    expected = (HEAD[0, 0] / 16 * A, HEAD[1, 1] / 16 * B)[class_id]
    explanation = explain(two_filters, IMAGE, "layer_cam", class_id)
    assert explanation.raw_max == pytest.approx(expected.max(), rel=1e-5)
    np.testing.assert_allclose(explanation.heatmap, expected / expected.max(), atol=1e-5)


@pytest.mark.parametrize("class_id", [0, 1])
def test_grad_cam_plus_plus_by_hand(class_id, two_filters):
    """With one gradient g over the map, alpha is the same at every pixel; normalised it is 1/16, the weight ReLU(g) (eq. 10)."""
    expected = np.maximum(HEAD[0, class_id] / 16, 0) * A + np.maximum(HEAD[1, class_id] / 16, 0) * B
    explanation = explain(two_filters, IMAGE, "grad_cam_plus_plus", class_id)
    assert explanation.raw_max == pytest.approx(expected.max(), rel=1e-4)
    np.testing.assert_allclose(explanation.heatmap, expected / expected.max(), atol=1e-4)


def test_saliency_by_hand(two_filters):
    """Red passes through A, where the image is above 0, with 3 / 1600 and through -B, where it is below 100, with 2 / 1600."""
    expected = (3 * (IMAGE > 0) + 2 * (IMAGE < 100)) / 1600
    explanation = explain(two_filters, IMAGE, "saliency", 0)
    edge = IMAGE == 100  # the corner of B's ReLU: rounding decides
    assert explanation.raw_max == pytest.approx(5 / 1600, rel=1e-4)
    np.testing.assert_allclose(explanation.heatmap[~edge], (expected / expected.max())[~edge], rtol=1e-4)


@pytest.mark.parametrize("class_id", [0, 1])
def test_score_cam_by_hand(class_id, two_filters):
    """Each channel, scaled to [0, 1], masks the image; the masked image's probability is the channel's weight."""
    expected = np.zeros_like(A)
    for channel in (A, B):
        mask = (channel - channel.min()) / (channel.max() - channel.min())
        masked = mask * IMAGE / 100
        logits = masked.mean() * HEAD[0] + np.maximum(1 - masked, 0).mean() * HEAD[1]
        expected += np.exp(logits[class_id]) / np.exp(logits).sum() * channel
    explanation = explain(two_filters, IMAGE, "score_cam", class_id)
    assert explanation.raw_max == pytest.approx(expected.max(), rel=1e-4)
    np.testing.assert_allclose(explanation.heatmap, expected / expected.max(), atol=1e-4)


def test_score_cam_keeps_the_channels_that_vary_most(monkeypatch, image):
    """Of 80 channels 16 are dead, so leaving out 16 changes nothing; leaving out more does."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input((*image.shape, 3))
    x = keras.layers.Conv2D(80, 3, strides=4, activation="relu", name="filters")(keras.layers.Rescaling(1 / 255)(inputs))
    logits = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(x))
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    kernel, bias = model.get_layer("filters").get_weights()
    kernel[..., ::5] = 0
    model.get_layer("filters").set_weights([kernel, bias])
    maps = {}
    for max_channels in (80, 64, 8):
        monkeypatch.setattr("core.saliency.methods.score_cam.MAX_CHANNELS", max_channels)
        maps[max_channels] = explain(model, image, "score_cam", 1)
    np.testing.assert_allclose(maps[64].heatmap, maps[80].heatmap, atol=1e-4)
    assert maps[8].raw_max < 0.9 * maps[80].raw_max


def tape(model, image, layer, class_id):
    """Activations and gradients of the class's logit at a layer, without tf-keras-vis."""
    logits = logits_model(model)
    both = keras.Model(logits.inputs, [logits.get_layer(layer).output, logits.outputs[0]])
    images = tf.constant(np.repeat(image[None, ..., None], 3, axis=-1), tf.float32)
    with tf.GradientTape() as gradient_tape:
        activations, scores = both([images], training=False)
        score = scores[:, class_id]
    return activations[0].numpy(), gradient_tape.gradient(score, activations)[0].numpy()


@pytest.mark.parametrize("layer", ["pool2", "conv1"])
@pytest.mark.parametrize("class_id", [0, 1])
def test_cams_agree_with_a_gradient_tape(layer, class_id, model_and_classes, image):
    model, _ = model_and_classes
    activations, gradients = tape(model, image, layer, class_id)
    expected = {
        "grad_cam": np.maximum((activations * gradients.mean((0, 1))).sum(-1), 0),
        "layer_cam": np.maximum((activations * np.maximum(gradients, 0)).sum(-1), 0),
    }
    for method, cam in expected.items():
        explanation = explain(model, image, method, class_id, layer)
        assert explanation.raw_max == pytest.approx(cam.max(), rel=1e-4, abs=1e-7)
        np.testing.assert_allclose(explanation.heatmap, normalise(resize_map(cam, *image.shape)), atol=1e-4)


def test_saliency_agrees_with_a_gradient_tape(model_and_classes, image):
    model, _ = model_and_classes
    logits = logits_model(model)
    images = tf.Variable(np.repeat(image[None, ..., None], 3, axis=-1).astype(np.float32))
    with tf.GradientTape() as gradient_tape:
        score = logits([images], training=False)[:, 1]
    expected = np.abs(gradient_tape.gradient(score, images)[0].numpy()).max(-1)
    explanation = explain(model, image, "saliency", 1)
    np.testing.assert_allclose(explanation.heatmap * explanation.raw_max, expected, rtol=1e-4, atol=1e-9)


def test_inference_mode_is_explained():
    """Dropout of 99 % would leave almost nothing of a map computed in training mode."""
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(2, 1, name="filters", kernel_initializer="ones")(inputs)
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Dropout(0.99)(x))
    logits = keras.layers.Dense(2, name="logits", kernel_initializer="ones")(x)
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    explanation = explain(model, IMAGE, "grad_cam", 0, layer="filters")
    # Two equal filters of value 3 * image, each with weight 1 / 16.
    assert explanation.raw_max == pytest.approx(2 * 3 * 150 / 16, rel=1e-5)
