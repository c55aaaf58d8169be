"""Tiny real models with the shape of a registered architecture: preprocessing inside, ``logits``, then ``probabilities``."""

import keras
import numpy as np
import pytest

from core.saliency import Method
from core.saliency.method import RawMap

SIZE = 32


def tiny_model(n_classes, sigmoid=False, dtype="float32", seed=3):
    """Two convolutions, pooling after each; weights drawn large enough for every logit to depend on the image."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.Rescaling(1 / 255, name="rescaling")(inputs)
    for block, filters in enumerate((6, 8), start=1):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", dtype=dtype, name=f"conv{block}")(x)
        x = layers.MaxPooling2D(dtype=dtype, name=f"pool{block}")(x)
    x = layers.Flatten(dtype=dtype)(x)
    x = layers.Dropout(0.3, dtype=dtype)(x)
    logits = layers.Dense(1 if sigmoid else n_classes, dtype=dtype, name="logits")(x)
    outputs = layers.Activation("sigmoid" if sigmoid else "softmax", dtype="float32", name="probabilities")(logits)
    return keras.Model(inputs, outputs)


MODELS = {
    "softmax of 2": {"n_classes": 2},
    "softmax of 3": {"n_classes": 3},
    "sigmoid": {"n_classes": 2, "sigmoid": True},
    "softmax in bfloat16": {"n_classes": 2, "dtype": "mixed_bfloat16"},
    "sigmoid in float16": {"n_classes": 2, "sigmoid": True, "dtype": "mixed_float16"},
}


USUAL = ("softmax of 3", "sigmoid")  # of the others in `make test` but what is theirs alone


@pytest.fixture(
    scope="session",
    params=[name if name in USUAL else pytest.param(name, marks=pytest.mark.long) for name in MODELS],
    ids=lambda name: name.replace(" ", "-"),
)
def model_and_classes(request):
    options = MODELS[request.param]
    return tiny_model(**options), options["n_classes"]


@pytest.fixture(scope="session")
def unchanged_model():
    """One softmax of two classes for all tests that only read it, so that its functions are compiled once."""
    return tiny_model(2)


@pytest.fixture(scope="session")
def image():
    """Noise on a bright diagonal band: every filter has something to answer to."""
    rows, columns = np.mgrid[:SIZE, :SIZE]
    band = 150 * (np.abs(rows - columns) < 6)
    noise = np.random.default_rng(7).integers(0, 100, (SIZE, SIZE))
    return (band + noise).astype(np.uint8)


@pytest.fixture(scope="session")
def build_model():
    return tiny_model


def gaussian(probe, image, class_id, layer, progress=None):
    """What a product paints that has no saliency map: a fixed spot, whatever the model and the image."""
    y, x = np.mgrid[-1 : 1 : image.shape[0] * 1j, -1 : 1 : image.shape[1] * 1j]
    return RawMap(np.exp(-3 * (x**2 + y**2)).astype(np.float32))


FAKE = Method("gaussian", "Fixed Gaussian", "nobody", "cam", "nothing", gaussian)


@pytest.fixture(scope="session")
def fake():
    return FAKE
