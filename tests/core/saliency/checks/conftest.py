"""A model that can be seen through: brightness speaks for class 1, darkness against it, so the true map is known."""

import keras
import numpy as np
import pytest

from core.saliency import Method, explain
from core.saliency.checks.check import Subject
from core.saliency.compiled_model import probe_of
from core.saliency.request import as_input

SIZE = 64
SPOT, DARK = (slice(8, 24), slice(40, 56)), (slice(40, 60), slice(6, 26))


@pytest.fixture(scope="session")
def brightness_model():
    """Filters for what is brighter than 0.6 and for what is darker than 0.2, averaged; they feed the logits with either sign."""
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(12, 1, activation="relu", name="filters")(x)
    x = keras.layers.AveragePooling2D(4, name="pool")(x)
    x = keras.layers.Conv2D(12, 1, activation="relu", name="mixed")(x)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    bright = np.arange(12) % 2 == 0
    kernel = np.tile(np.where(bright, 1 / 3, -1 / 3), (1, 1, 3, 1))
    model.get_layer("filters").set_weights([kernel, np.where(bright, -0.6, 0.2)])
    model.get_layer("mixed").set_weights([np.eye(12)[None, None], np.zeros(12)])
    towards = np.where(bright, 20.0, -20.0)  # the spot, 1/16 of the image and 0.35 above 0.6, adds about 2.5
    model.get_layer("logits").set_weights([np.stack([-towards, towards], 1), np.array([0.5, -0.5])])
    return model


@pytest.fixture(scope="session")
def spot_image():
    image = np.random.default_rng(1).integers(60, 140, (SIZE, SIZE)).astype(np.uint8)
    image[SPOT], image[DARK] = 240, 20
    return image


@pytest.fixture(scope="session")
def spot_mask():
    mask = np.zeros((SIZE, SIZE), bool)
    mask[SPOT] = True
    return mask


@pytest.fixture
def subject(brightness_model, spot_image):
    """The map under test, by method key or method."""
    from core.saliency import get_method

    def make(method, class_id=1, image=spot_image):
        method = method if isinstance(method, Method) else get_method(method)
        explanation = explain(brightness_model, image, method, class_id)
        pixels = as_input(brightness_model, image)
        return Subject(probe_of(brightness_model), pixels, method, class_id, explanation.layer, explanation.heatmap)

    return make


@pytest.fixture
def silent():
    return lambda done, total: None
