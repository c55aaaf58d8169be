"""The map of a view: of each look, laid back, averaged."""

import numpy as np
import pytest

from core.images.views import VIEWS
from core.saliency import explain
from core.saliency.looks import explain_view

PICTURE = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)


@pytest.fixture(scope="module")
def model():
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    inputs = keras.Input((64, 64, 3))
    x = layers.Conv2D(4, 5, padding="same", activation="relu", name="conv")(layers.Rescaling(1 / 255)(inputs))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Activation("softmax", name="probabilities")(layers.Dense(2, name="logits")(x)))


def test_whole_frame_is_the_plain_map(model):
    plain, seen = (
        explain(model, PICTURE, "grad_cam", 1),
        explain_view(model, PICTURE, "whole", "grad_cam", 1),
    )
    assert (plain.raw == seen.raw).all() and seen.note == plain.note


def test_mirrored_view_is_the_mean_of_both_maps(model):
    """Worked by hand: the map of the mirror image, mirrored back, averaged with the plain one."""
    first, second = explain(model, PICTURE, "saliency", 1).raw, explain(model, np.ascontiguousarray(PICTURE[:, ::-1]), "saliency", 1).raw
    seen = explain_view(model, PICTURE, "mirror", "saliency", 1)
    np.testing.assert_allclose(seen.raw, (first + second[:, ::-1]) / 2, rtol=1e-4, atol=1e-7)
    assert seen.raw_max == pytest.approx(seen.raw.max()) and "2 looks" in seen.note


def test_view_of_the_centre_says_nothing_of_the_rim(model):
    heatmap = explain_view(model, PICTURE, "centre", "saliency", 1).heatmap
    assert (heatmap[:3] == 0).all() and (heatmap[:, -3:] == 0).all() and heatmap.max() == 1


def test_progress_counts_all_looks(model):
    told = []
    explain_view(model, PICTURE, "ten_crops", "occlusion", 1, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] and len({total for _, total in told}) == 1
    assert told[-1][1] % len(VIEWS["ten_crops"]) == 0
