"""The filters of a layer that answer most strongly to a film, by hand."""

import keras
import numpy as np
import pytest

from core.errors import InputError
from core.saliency.features.feature_maps import feature_maps, n_channels


def test_the_strongest_filters_come_first_with_their_maps():
    inputs = keras.Input((4, 4, 3))
    kernel = keras.initializers.Constant([[[[0.1, 1.0, -1.0, 0.5]] * 3]])  # 0.3, 3, -3 and 1.5 times the grey level
    x = keras.layers.Conv2D(4, 1, name="conv", kernel_initializer=kernel)(inputs)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, keras.layers.Activation("softmax")(logits))
    film = np.zeros((4, 4), np.uint8)
    film[1, 2] = 10
    found = feature_maps(model, film, "conv", 3)
    assert found.channels.tolist() == [1, 3, 0] and found.n_channels == n_channels(model, "conv") == 4
    assert found.maps[:, 1, 2] == pytest.approx([30, 15, 3]) and found.maps.sum() == pytest.approx(48)
    with pytest.raises(InputError, match="unknown layer 'x': choose one of conv"):
        feature_maps(model, film, "x")
