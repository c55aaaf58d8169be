"""Maps of models from elsewhere: every method on every way in which people build them, and in the right place."""

from __future__ import annotations

from functools import cache

import keras
import numpy as np
import pytest

from benchmarks.foreign_models import MODELS, SIDE, backbone, built, head, sequential
from core.errors import InputError
from core.external.conversion import converted
from core.input_checks.feature_distance import features
from core.model_files.flattening import Names, inline
from core.saliency import METHODS, explain, spatial_layers
from core.saliency.checks import believe

CAMS = ("grad_cam", "grad_cam_plus_plus", "layer_cam", "score_cam")
SCHEMES = (("NORMAL", "PNEUMONIA"), ("NORMAL", "BACTERIAL", "VIRAL"))
DEFAULT = {"nested_twice": "pool2", "shared": "maximum", "without_dense": "class_maps", "average": "conv2_2"}
USUAL = ("nested", "shared", "one_channel", "without_maps")
layers = keras.layers


def brought(model, scale="0-1"):
    return converted(model, SCHEMES, side=SIDE if None in model.inputs[0].shape[1:] else None).on_scale(scale)


@pytest.fixture(scope="module", params=[kind if kind in USUAL else pytest.param(kind, marks=pytest.mark.long) for kind in MODELS])
def kind_and_model(request):
    return request.param, brought(built(request.param))


@pytest.fixture
def grey():
    return np.random.default_rng(4).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_every_method_makes_a_map_or_says_why_not(kind_and_model, method, grey):
    kind, model = kind_and_model
    if kind == "without_maps" and method.needs_layer:
        with pytest.raises(InputError, match=r"no layer with a spatial output.*such as saliency or occlusion"):
            explain(model, grey, method)
        return
    explanation = explain(model, grey, method, 1)
    assert explanation.heatmap.shape == (SIDE, SIDE) and np.isfinite(explanation.raw).all()
    assert not explanation.is_empty or method.key in ("grad_cam", "score_cam"), "whose channels may all speak against a class"
    if method.needs_layer:
        assert explanation.layer == spatial_layers(model)[0] and explanation.layer.startswith(DEFAULT.get(kind, "conv2"))
        assert ("has branches that meet only later" in explanation.note) == (kind == "average")


def test_features_and_checks_work_on_them(kind_and_model, grey):
    kind, model = kind_and_model
    scores, values = features(model, grey[np.newaxis])
    n_features = {"nested_twice": 216, "without_dense": 96, "average": 96, "oblong": 576, "without_maps": 4}.get(kind, 6)
    assert scores.sum() == pytest.approx(1, abs=1e-5) and values.shape == (1, n_features)
    if kind in ("nested", "one_channel"):
        belief = believe(model, grey, explain(model, grey, "saliency", 1), ("weight_randomisation", "deletion_insertion"))
        assert len(belief.checks) == 2


@cache  # for all methods, which share its compiled functions
def bright_spot(height, width, n_channels):
    """Brightness speaks for the second class; the backbone is nested, the true map known."""
    inputs = keras.Input((height, width, n_channels))
    pooled = layers.AveragePooling2D(4)(layers.Conv2D(2, 1, activation="relu", name="filters")(inputs))
    inner = keras.Model(inputs, pooled)
    inner.get_layer("filters").set_weights([np.ones((1, 1, n_channels, 2)) / n_channels, np.array([-150.0, -150.0])])
    dense = layers.Dense(1, "sigmoid")
    model = sequential(inner, layers.GlobalAveragePooling2D(), dense, shape=(height, width, n_channels))
    dense.set_weights([np.full((2, 1), 0.3), np.array([-1.0])])
    return brought(model, "0-255")


@pytest.mark.parametrize("shape", [(32, 32, 3), (32, 32, 1), (16, 32, 3), (32, 16, 1)], ids=str)
@pytest.mark.parametrize("key", [method.key for method in METHODS])
def test_the_map_lies_where_the_evidence_is(shape, key):
    picture = np.full((32, 32), 40, np.uint8)
    picture[4:12, 20:28] = 240
    heatmap = explain(bright_spot(*shape), picture, key, 1).heatmap
    rows, columns = np.mgrid[:32, :32]
    centre = [(heatmap * places).sum() / heatmap.sum() for places in (rows, columns)]
    assert centre == pytest.approx([7.5, 23.5], abs=1.5)


def test_a_nested_backbone_is_explained_as_the_same_layers_unnested(grey):
    nested = built("nested")
    inputs = keras.Input((SIDE, SIDE, 3), name="picture")
    models = [brought(model) for model in (nested, keras.Model(inputs, inline(nested, inputs, Names(["picture"]))))]
    for key in CAMS:
        theirs, ours = (explain(model, grey, key, 1) for model in models)
        np.testing.assert_allclose(theirs.heatmap, ours.heatmap, atol=1e-6)


def test_negated_sigmoids_are_negated_in_their_maps(grey):
    keras.utils.set_random_seed(3)
    model = sequential(backbone(), *head(1, "sigmoid"))
    plain, turned = (converted(model, SCHEMES, classes).on_scale("0-1") for classes in (None, ("PNEUMONIA", "NORMAL")))
    for key in ("grad_cam", "occlusion", "integrated_gradients"):
        np.testing.assert_allclose(explain(plain, grey, key, 0).heatmap, explain(turned, grey, key, 1).heatmap, atol=1e-4)


@pytest.mark.parametrize(
    "cut",
    [lambda: layers.CenterCrop(16, 16), lambda: layers.Cropping2D(4), lambda: layers.Resizing(16, 16, crop_to_aspect_ratio=True)],
    ids=["centre", "cropping", "aspect"],
)
def test_a_model_that_cuts_the_picture_has_no_cam_in_the_wrong_place(cut, grey):
    model = brought(sequential(cut(), *backbone((16, 16, 3)).layers[1:], *head()))
    with pytest.raises(InputError, match="covers the picture"):
        explain(model, grey, "grad_cam", 1)
    assert not explain(model, grey, "saliency", 1).is_empty


def test_a_turned_order_of_channels_cuts_nothing(grey):
    inputs = keras.Input((SIDE, SIDE, 3))
    x = backbone()(inputs[..., ::-1])
    for layer in head():
        x = layer(x)
    assert spatial_layers(brought(keras.Model(inputs, x)))[0] == "conv2"


def test_a_model_without_weights_has_no_layer(grey):
    model = sequential(layers.GlobalAveragePooling2D(), layers.Softmax())
    assert spatial_layers(brought(model)) == [] and explain(brought(model), grey, "saliency", 1).layer is None
