"""What every method promises, over the registry and every kind of model."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from core.errors import InputError
from core.saliency import METHODS, Explanation, explain, get_method, spatial_layers

KEYS = ["saliency", "smoothgrad", "grad_cam", "grad_cam_plus_plus", "layer_cam", "score_cam"]
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)


def state(model, image):
    """Everything about a model that an explanation must leave alone."""
    images = np.repeat(image[None, ..., None], 3, axis=-1).astype(np.float32)
    layers = [(layer.name, layer.trainable, layer.dtype_policy.name, getattr(layer, "activation", None)) for layer in model.layers]
    return json.dumps(model.get_config(), sort_keys=True, default=str), layers, model.get_weights(), np.asarray(model(images))


def test_registry_has_the_six_published_methods_with_their_papers():
    assert [method.key for method in METHODS][: len(KEYS)] == KEYS
    assert len({method.key for method in METHODS}) == len(METHODS)
    assert all(method.title and method.reference for method in METHODS)
    assert [method.key for method in METHODS if not method.needs_layer][:2] == ["saliency", "smoothgrad"]


def test_listing_methods_and_blending_load_no_tensorflow():
    code = """
import sys, numpy as np
from core.saliency import METHODS, overlay
overlay(np.zeros((4, 4), np.uint8), np.zeros((2, 2), np.float32))
loaded = {"tensorflow", "keras", "tf_keras_vis"} & set(sys.modules)
assert METHODS and not loaded, loaded
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


@every_method
def test_map_has_the_promised_form_for_every_class(method, model_and_classes, image):
    model, n_classes = model_and_classes
    for class_id in range(n_classes):
        explanation = explain(model, image, method.key, class_id)
        heatmap = explanation.heatmap
        assert heatmap.shape == image.shape
        assert heatmap.dtype == np.float32
        assert np.isfinite(heatmap).all()
        assert heatmap.min() >= 0.0
        assert heatmap.max() == (0.0 if explanation.is_empty else 1.0)
        assert (explanation.method, explanation.class_id) == (method.key, class_id)
        assert explanation.layer == ("pool2" if method.needs_layer else None)
        assert explanation.milliseconds > 0


@every_method
def test_model_is_left_as_it_was(method, model_and_classes, image):
    model, _ = model_and_classes
    config, layers, weights, outputs = state(model, image)
    explain(model, image, method.key)
    config_after, layers_after, weights_after, outputs_after = state(model, image)
    assert config_after == config
    assert layers_after == layers
    assert all(np.array_equal(a, b) for a, b in zip(weights, weights_after, strict=True))
    np.testing.assert_array_equal(outputs_after, outputs)


@every_method
def test_same_request_gives_the_same_map(method, model_and_classes, image):
    model, _ = model_and_classes
    first, second = (explain(model, image, method.key, 1).heatmap for _ in range(2))
    np.testing.assert_allclose(first, second, atol=1e-6)


@every_method
def test_nothing_is_printed_on_standard_output(method, model_and_classes, image, capsys):
    explain(model_and_classes[0], image, method.key)
    assert capsys.readouterr().out == ""


@every_method
def test_grey_rgb_uint8_and_float_images_give_the_same_map(method, unchanged_model, image):
    rgb = np.repeat(image[..., None], 3, axis=-1)
    expected = explain(unchanged_model, image, method.key, 0).heatmap
    for variant in (rgb, image.astype(np.float32), rgb.astype(np.float32)):
        np.testing.assert_allclose(explain(unchanged_model, variant, method.key, 0).heatmap, expected, atol=1e-6)


def test_predicted_class_is_explained_by_default(model_and_classes, image):
    model, n_classes = model_and_classes
    images = np.repeat(image[None, ..., None], 3, axis=-1).astype(np.float32)
    probabilities = np.asarray(model(images))[0]
    expected = int(probabilities[0] > 0.5) if probabilities.size == 1 else int(probabilities.argmax())
    assert explain(model, image, "saliency").class_id == expected
    assert n_classes in (2, 3)


@pytest.mark.parametrize("method", ["grad_cam", "score_cam", "layer_cam"])
@pytest.mark.parametrize("layer", ["pool2", "conv2", "pool1", "conv1"])
def test_every_spatial_layer_can_be_asked_for(method, layer, unchanged_model, image):
    explanation = explain(unchanged_model, image, method, 1, layer)
    assert explanation.layer == layer
    assert explanation.heatmap.shape == image.shape
    assert layer in spatial_layers(unchanged_model)


def test_score_cam_tells_the_two_classes_of_a_sigmoid_apart(build_model, image):
    """On one sigmoid output the softmax of a single score is 1 for every mask, so the class would not matter."""
    model = build_model(2, sigmoid=True)
    negative, positive = (explain(model, image, "score_cam", class_id) for class_id in (0, 1))
    assert np.abs(negative.heatmap - positive.heatmap).max() > 0.01


def test_opposite_classes_of_a_sigmoid_have_opposite_gradients(build_model, image):
    model = build_model(2, sigmoid=True)
    negative, positive = (explain(model, image, "saliency", class_id) for class_id in (0, 1))
    np.testing.assert_allclose(negative.heatmap, positive.heatmap, atol=1e-5)
    cams = [explain(model, image, "grad_cam", class_id).heatmap for class_id in (0, 1)]
    assert cams[0].max() + cams[1].max() >= 1.0
    assert (cams[0] * cams[1]).max() < 1.0
    assert not np.allclose(cams[0], cams[1])


def test_saturated_model_still_has_a_map(build_model, image):
    """A probability of exactly 1 has no gradient; its logit does. Logits of some 1,000 must not overflow either."""
    model = build_model(2)
    kernel, bias = model.get_layer("logits").get_weights()
    model.get_layer("logits").set_weights([1000 * kernel, bias])
    for method in METHODS:
        explanation = explain(model, image, method.key)
        assert np.isfinite(explanation.heatmap).all()
        assert method.key == "grad_cam" or not explanation.is_empty


def test_model_without_opinion_gives_a_flagged_empty_map(build_model, image):
    model = build_model(2)
    model.get_layer("logits").set_weights([0 * weight for weight in model.get_layer("logits").get_weights()])
    for key in ("saliency", "smoothgrad", "grad_cam", "grad_cam_plus_plus", "layer_cam"):
        explanation = explain(model, image, key, 0)
        assert explanation.is_empty
        assert explanation.raw_max == 0.0
        assert not explanation.heatmap.any()


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"method": "grad-cam"}, r"unknown saliency method 'grad-cam'.*grad_cam_plus_plus"),
        ({"method": "grad_cam", "layer": "conv9"}, r"unknown layer 'conv9'.*pool2, conv2, pool1, conv1"),
        ({"method": "grad_cam", "layer": "logits"}, r"unknown layer 'logits'"),
        ({"method": "saliency", "class_id": 2}, r"unknown class 2: choose one of 0, 1"),
        ({"method": "saliency", "class_id": -1}, r"unknown class -1"),
    ],
)
def test_unknown_names_are_refused_with_the_valid_ones(request_, says, build_model, image):
    with pytest.raises(InputError, match=says):
        explain(build_model(2), image, **request_)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (np.zeros((16, 16), np.uint8), r"shape \(32, 32\).*received \(16, 16"),
        (np.zeros((32, 32, 4), np.uint8), r"received \(32, 32, 4\)"),
        (np.full((32, 32), 300, np.float32), r"\[0, 255\], received \[300, 300\]"),
        (np.full((32, 32), np.nan, np.float32), r"\[0, 255\], received \[nan, nan\]"),
    ],
)
def test_unusable_images_are_refused(bad, says, build_model):
    with pytest.raises(InputError, match=says):
        explain(build_model(2), bad, "saliency")


def test_model_without_spatial_layers_or_logits_is_refused(image):
    inputs = keras.Input((32, 32, 3))
    flat = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(inputs))
    dense = keras.Model(inputs, keras.layers.Activation("softmax", name="probabilities")(flat))
    assert not explain(dense, image, "saliency").is_empty
    with pytest.raises(InputError, match="no layer with a spatial output"):
        explain(dense, image, "grad_cam")
    with pytest.raises(InputError, match="no layer named 'logits'"):
        explain(keras.Model(inputs, keras.layers.Dense(2, name="scores")(inputs)), image, "saliency")


def test_explanation_refuses_a_map_of_the_wrong_form():
    with pytest.raises(ValueError, match="float32 matrix"):
        Explanation(np.zeros((2, 2)), "saliency", 0, None, 0.0, 1.0)
    assert get_method("saliency").key == "saliency"
