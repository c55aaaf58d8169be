"""What a model asks of a machine, against sums by hand."""

from __future__ import annotations

import keras
import pytest
from keras import layers

from core.architectures.footprint import FLOAT32, OPTIMISER_COPIES, PASS_IMAGES, Footprint, footprint, footprint_of, images_at_once


def test_numbers_of_a_small_network_by_hand():
    image = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3)(layers.Rescaling(1 / 255)(image))  # 6×6×4 = 144, weights 3·3·3·4 + 4 = 112
    x = layers.Flatten()(layers.MaxPooling2D(2)(x))  # 3×3×4 = 36
    found = footprint_of(keras.Model(image, layers.Dense(2)(x)))  # weights 72 + 2
    assert found == Footprint(kept=144 + 36 + 2, passing=2 * 8 * 8 * 3, weights=112 + 74, multiplications=144 * 27 + 72, depthwise=False)
    assert found.step_bytes(10) == 10 * 384 * FLOAT32 + OPTIMISER_COPIES * FLOAT32 * 186, "the pass is wider than twice what is kept"
    assert found.largest_batch(found.step_bytes(10)) == 10 and found.largest_batch(0) == 0
    assert found.step_bytes(10, 2) < found.step_bytes(10)


def test_frozen_layers_keep_nothing_for_gradients():
    image = keras.Input((8, 8, 3))
    frozen = layers.Conv2D(4, 3, trainable=False)(image)
    found = footprint_of(keras.Model(image, layers.Dense(2)(layers.GlobalAveragePooling2D()(frozen))))
    assert found.kept == 2


def test_nested_models_depthwise_layers_and_open_sizes_are_seen():
    inner = keras.Sequential([keras.Input((None, None, 3)), layers.DepthwiseConv2D(3), layers.Conv2D(6, 1)])
    image = keras.Input((None, None, 3))
    found = footprint_of(keras.Model(image, layers.GlobalAveragePooling2D()(inner(image))), side=100)
    assert found.depthwise and found.passing >= 100 * 100 * 6


@pytest.mark.parametrize(("system", "n_classes"), [("cnn1", 2), ("vgg16_sigmoid", 2), ("lens_mobilenet", 3)])
def test_registered_systems_are_scored_by_64_as_ever(system, n_classes):
    assert footprint(system, n_classes).images_at_once() == PASS_IMAGES


def test_a_model_of_large_pictures_gets_fewer_at_once_but_one_at_least():
    image = keras.Input((None, None, 3))
    model = keras.Model(image, layers.GlobalAveragePooling2D()(layers.Conv2D(32, 3, padding="same")(image)))
    assert images_at_once(model, 128) == PASS_IMAGES
    assert images_at_once(model, 2048) == 2**31 // (4 * 2048 * 2048 * (3 + 32)) == 3
    assert images_at_once(model, 20_000) == 1
