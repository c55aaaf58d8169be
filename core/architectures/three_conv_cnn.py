"""S3: three convolutions with a small Dense layer, trained for three epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras


def three_conv_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """[0, 255] to [0, 1], three times convolution without padding, ReLU and pooling, Dense 64."""
    from keras import layers

    x = layers.Rescaling(1 / 255, name="rescale")(x)
    for number, filters in enumerate((32, 32, 64), start=1):
        x = layers.Conv2D(filters, 3, name=f"conv{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
        x = layers.MaxPooling2D(2, name=f"pool{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    return layers.Dense(64, activation="relu", name="dense")(x)


SYSTEMS = (
    System(
        key="three_conv_cnn",
        title="Three-conv CNN",
        source="S3: notebook CNN",
        image_size=224,
        body=three_conv_body,
        variants=(
            Variant(
                2,
                2_797_730,
                2_797_730,
                Recipe(epochs=3, batch_size=16, optimizer="rmsprop", learning_rate=1e-3),
                {
                    "accuracy": 0.74,
                    "sensitivity": 386 / 388,
                    "specificity": 74 / 234,
                    "confusion_matrix": [[74, 160], [2, 386]],
                    "note": "622 images",
                },
                "The write-up validates on 16 images, ours on held-out patients; both call the larger probability.",
            ),
        ),
    ),
)
