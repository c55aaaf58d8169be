"""The compiled maps against tf-keras-vis: every method on small networks, one or two on large backbones, and every layer of one."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.architectures import SYSTEMS, get_system
from core.datasets.phantom.write import radiograph
from core.errors import InputError
from core.inference.predict import load_model
from core.runs.store import list_runs
from core.saliency import explain, spatial_layers
from core.saliency.checks.weight_randomisation import learned_layers
from core.saliency.methods import smoothgrad
from core.saliency.tf_keras_vis import reference_map

METHODS = ("saliency", "smoothgrad", "grad_cam", "grad_cam_plus_plus", "layer_cam", "score_cam")
CAMS = ("grad_cam", "layer_cam")
TOLERANCE = 1e-3  # of the map's largest value
SAME_BACKBONE = ("cnn1_transfer", "vgg16_flat", "vgg16_regularised")  # of another system: other heads and other weights, the same layers
SMALL_FILMS = {"inception_v3": 192, "vgg16_sigmoid": 128}  # of backbones that are built here; their last maps still have 4×4 cells
LARGE = ("inception_v3", "vgg16_sigmoid", "lens_mobilenet")
SMALL = ("three_conv_cnn",)
USUAL = [("lens_small", "saliency"), ("lens_scratch", "grad_cam")]  # quick ones of the rest
ON_LARGE = ("saliency", "grad_cam")  # the others are made of these gradients and of forward passes, which small networks show
PAIRS = [
    pytest.param(system.key, method, marks=() if system.key in SMALL or (system.key, method) in USUAL else pytest.mark.long)
    for system in SYSTEMS
    if system.key not in SAME_BACKBONE
    for method in (ON_LARGE if system.key in LARGE else METHODS)
]


@cache
def shipped_runs():
    return [run for run in list_runs(Path(__file__).parents[3] / "models")[0] if run.model_path.exists()]


@cache
def model_of(key):
    """The shipped model of a system; random weights where none is shipped."""
    import keras

    if shipped := [run for run in shipped_runs() if run.config.system == key]:
        return load_model(shipped[0])
    keras.utils.set_random_seed(4)
    system = get_system(key)
    model = replace(system, image_size=SMALL_FILMS.get(key, system.image_size)).build()
    return lively(model) if any(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers) else model


def lively(model):
    """Random weights that carry a signal through every layer: with batch-norm Keras's own let it fade to 1e-18."""
    rng = np.random.default_rng(4)
    for layer in learned_layers(model):
        layer.set_weights([redrawn(values, rng) for values in layer.get_weights()])
    return model


def redrawn(values, rng):
    noise = rng.standard_normal(values.shape)
    if values.ndim == 1:
        return values + 0.05 * noise
    depthwise = values.ndim == 4 and values.shape[-1] == 1
    return np.sqrt(2 / np.prod(values.shape[: 2 if depthwise else -1])) * noise


@pytest.fixture
def few_passes(monkeypatch):
    """Enough for a comparison; tf-keras-vis takes minutes for the large networks otherwise.

    One image at a time, as it does: in a batch a convolution rounds otherwise.
    """
    monkeypatch.setattr("core.saliency.methods.smoothgrad.BATCH_SIZE", 1)
    monkeypatch.setattr("core.saliency.tf_keras_vis.BATCH_SIZE", 1)
    monkeypatch.setattr("core.saliency.methods.smoothgrad.N_SAMPLES", 3)
    monkeypatch.setattr("core.saliency.methods.score_cam.MAX_CHANNELS", 6)


def film(model):
    image = radiograph(np.random.default_rng(2), "bacterial", model.input_shape[1]).image
    return np.repeat(image[..., np.newaxis], 3, axis=-1).astype(np.float32)


def assert_same(ours, reference, of=np.max):
    assert of(np.abs(ours - reference)) <= TOLERANCE * np.abs(reference).max()


@pytest.mark.parametrize(("key", "method"), PAIRS)
def test_map_is_that_of_tf_keras_vis(key, method, few_passes):
    """For class 1, or for class 0 where nothing speaks for class 1.

    Under noise some unit of a deep network always sits on a ReLU's corner, where the rounding of a compiled graph decides
    the gradient of its whole field of view, so SmoothGrad is held to the tolerance on average, the others at every pixel.
    """
    model = model_of(key)
    image, of = film(model), np.mean if method == "smoothgrad" else np.max
    for class_id in (1, 0):
        reference = reference_map(model, image, method, class_id)
        assert_same(explain(model, image, method, class_id).raw, reference, of)
        if reference.max() > 0:
            return
    raise AssertionError("both maps are empty, so nothing was compared")


@pytest.mark.parametrize("method", CAMS)
def test_every_layer_and_class_is_that_of_tf_keras_vis(method):
    model = replace(get_system("three_conv_cnn"), image_size=96).build()
    image = film(model)
    for layer in spatial_layers(model)[::2]:
        for class_id in (0, 1):
            assert_same(explain(model, image, method, class_id, layer).raw, reference_map(model, image, method, class_id, layer))


@pytest.mark.long
def test_inception_v3_is_explained_at_mixed10():
    assert spatial_layers(model_of("inception_v3"))[0] == "mixed10"


def test_methods_of_ours_have_no_reference(build_model, image):
    with pytest.raises(InputError, match="tf-keras-vis has no method 'occlusion'"):
        reference_map(build_model(2), image, "occlusion", 0)
    assert smoothgrad.N_SAMPLES == 20


@pytest.mark.parametrize("method", METHODS)
def test_shallow_network_agrees_at_every_pixel(method, build_model, image):
    model, pixels = build_model(3), np.repeat(image[..., None], 3, axis=-1).astype(np.float32)
    assert_same(explain(model, pixels, method, 2).raw, reference_map(model, pixels, method, 2))
