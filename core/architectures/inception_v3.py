"""S1: frozen ImageNet InceptionV3 with a wide Dense head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras


def inception_v3_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """[0, 255] to [-1, 1], InceptionV3 to 5×5×2048, flatten, Dense 256 and 128 with dropout."""
    import keras

    x = keras.layers.Rescaling(1 / 127.5, offset=-1, name="rescale")(x)
    backbone = keras.applications.InceptionV3(include_top=False, weights=None, input_tensor=x)
    for layer in backbone.layers:
        layer.trainable = False
    x = keras.layers.Flatten(name="flatten")(backbone.output)
    for number, units in enumerate((256, 128), start=1):
        x = keras.layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = keras.layers.Dropout(0.5, name=f"dropout{number}")(x)
    return x


SYSTEMS = (
    System(
        key="inception_v3",
        title="InceptionV3",
        source="S1: CNN_1 and transfer models compared",
        image_size=224,
        body=inception_v3_body,
        variants=(
            Variant(
                3,
                34_943_523,
                13_140_739,
                Recipe(epochs=10, batch_size=64, learning_rate=1e-4, decay=1e-5, flip=True, early_stopping=3),
                {"accuracy": 0.75},
                "Validation images were drawn at random there, by patient here.",
            ),
        ),
        start="inception_v3",
    ),
)
