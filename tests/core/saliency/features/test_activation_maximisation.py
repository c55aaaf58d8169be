"""Pictures made for a class or a filter, on models whose answer is known by hand."""

import keras
import numpy as np
import pytest

from core.errors import InputError
from core.saliency.features.activation_maximisation import answer_to, maximise

SIZE = 16


@pytest.fixture(scope="module")
def left_is_ill():
    """Its logit of class 1 is the mean of the left half less that of the right one, in hundreds of grey levels; filter 1 of conv too."""
    inputs = keras.Input((SIZE, SIZE, 3))
    half = np.ones((SIZE, SIZE, 1), np.float32)
    half[:, SIZE // 2 :] = -1
    constant = keras.initializers.Constant
    x = keras.layers.Conv2D(2, 1, name="conv", use_bias=False, kernel_initializer=constant([[[[0.0, 0.01 / 3]] * 3]]))(inputs)
    x = keras.layers.GlobalAveragePooling2D()(x * half)
    logits = keras.layers.Dense(2, name="logits", kernel_initializer="identity")(x)
    return keras.Model(inputs, keras.layers.Activation("softmax", name="probabilities")(logits))


def test_the_picture_of_a_class_is_what_the_model_was_made_to_answer_to(left_is_ill):
    told = []
    made = maximise(left_is_ill, class_id=1, steps=12, seed=3, progress=lambda done, total: told.append((done, total)))
    assert made.pixels.shape == (SIZE, SIZE) and made.pixels.dtype == np.uint8
    left, right = made.pixels[:, 2:6].mean(), made.pixels[:, -6:-2].mean()
    assert left > right + 40, "the left half brighter, as it adds to the logit"
    expected = (made.pixels[:, : SIZE // 2].sum(dtype=float) - made.pixels[:, SIZE // 2 :].sum(dtype=float)) / SIZE**2 / 100
    assert made.after == pytest.approx(expected, abs=1e-4) and made.after > made.before + 0.1
    assert answer_to(left_is_ill, made.pixels, class_id=1) == pytest.approx(made.after, abs=1e-5)
    assert told == [(step, 12) for step in range(1, 13)]


def test_the_picture_of_a_filter_raises_its_mean(left_is_ill):
    made = maximise(left_is_ill, layer="conv", channel=1, steps=6)
    assert made.after == pytest.approx(made.pixels.mean() / 100, abs=1e-4), "the filter is the grey level in hundreds"
    assert made.after > made.before + 0.3


def test_the_same_seed_gives_the_same_picture_and_another_one_another(left_is_ill):
    np.random.seed(1)  # of the generator that the library's own moves draw from
    first, again, other = (maximise(left_is_ill, class_id=1, steps=4, seed=seed).pixels for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"class_id": 7}, "unknown class 7: choose one of 0, 1"),
        ({"layer": "pool9", "channel": 0}, "unknown layer 'pool9': choose one of .*conv"),
        ({"layer": "conv", "channel": 2}, "filters of the layer 'conv' are 0 to 1; received 2"),
        ({"layer": "conv"}, "received none"),
        ({}, "Give a class, or a layer"),
        ({"class_id": 1, "steps": 100_000}, "steps must lie between 1 and 1,024"),
        ({"class_id": 1, "seed": -1}, "seed must lie between 0 and"),
    ],
)
def test_what_cannot_be_maximised_is_told(left_is_ill, asked, sentence):
    with pytest.raises(InputError, match=sentence):
        maximise(left_is_ill, **asked)


def test_a_model_without_spatial_layers_has_classes_alone():
    inputs = keras.Input((SIZE, SIZE, 3))
    logits = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(inputs))
    linear = keras.Model(inputs, keras.layers.Activation("softmax")(logits))
    with pytest.raises(InputError, match="no layer with a spatial output"):
        maximise(linear, layer="flatten", channel=0)
    made = maximise(linear, class_id=0, steps=3)
    assert made.after > made.before


def test_what_ends_the_progress_ends_the_work(left_is_ill):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        maximise(left_is_ill, class_id=1, steps=1000, progress=stop)
