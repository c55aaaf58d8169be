"""What a process apart computes is what the same functions compute here."""

import numpy as np
import pytest

from core.errors import InputError
from core.inference.apart import HELPERS, believe_apart, explain_apart
from core.inference.predict import load_model
from core.saliency import explain
from core.saliency.checks import believe

SIZE = 48


@pytest.fixture(scope="module", autouse=True)
def ended():
    yield
    HELPERS.end()


@pytest.fixture
def run(scored_run):
    import keras

    layers, run = keras.layers, scored_run(image_size=SIZE)
    keras.utils.set_random_seed(0)
    inputs = keras.Input((SIZE, SIZE, 3))
    seen = layers.GlobalAveragePooling2D()(layers.Conv2D(4, 5, activation="relu")(layers.Rescaling(1 / 255)(inputs)))
    keras.Model(inputs, layers.Activation("softmax", name="probabilities")(layers.Dense(2, name="logits")(seen))).save(run.model_path)
    return run


@pytest.mark.slow
def test_maps_and_verdicts_are_those_of_this_process(run):
    model, image, steps = load_model(run), np.random.default_rng(0).integers(0, 256, (SIZE, SIZE), dtype=np.uint8), []
    apart = explain_apart(run, image, "occlusion", 1, None, lambda done, total: steps.append((done, total)))
    here = explain(model, image, "occlusion", 1)
    assert np.allclose(apart.heatmap, here.heatmap, atol=1e-6) and np.allclose(apart.raw, here.raw, rtol=1e-6, atol=1e-9)
    assert (apart.method, apart.class_id, apart.note) == (here.method, here.class_id, here.note) and steps[-1] == (121, 121)
    found, same = (believe_apart(run, image, apart, lambda *_: None), believe(model, image, here))
    assert (found.level, found.sentence) == (same.level, same.sentence)
    for one, other in zip(found.checks, same.checks, strict=True):
        assert one.value == pytest.approx(other.value, abs=1e-6) and one.sentence == other.sentence
        assert list(one.curve.columns) == list(other.curve.columns) and len(one.curve) == len(other.curve)


@pytest.mark.slow
def test_bad_input_is_said_as_here(run):
    with pytest.raises(InputError, match="unknown class 7"):
        explain_apart(run, np.zeros((SIZE, SIZE), np.uint8), "occlusion", 7, None, lambda *_: None)
    run.model_path.unlink()
    with pytest.raises(InputError, match="has no model file"):
        explain_apart(run, np.zeros((SIZE, SIZE), np.uint8), "occlusion", 1, None, lambda *_: None)
