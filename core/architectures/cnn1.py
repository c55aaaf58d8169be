"""S1: CNN_1, three convolutions without padding; and the stack that a trained CNN_1 is continued with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras

SOURCE = "S1: CNN_1 and transfer models compared"
FILTERS = (32, 64, 128)
RECIPE = Recipe(epochs=8, batch_size=32, learning_rate=1e-4, decay=1e-5, flip=True, early_stopping=3)


def conv_stack(x: keras.KerasTensor, prefix: str, trainable: bool = True) -> keras.KerasTensor:
    """Three times convolution 3×3 without padding, ReLU, max-pooling by 2."""
    from keras import layers

    for number, filters in enumerate(FILTERS, start=1):
        x = layers.Conv2D(filters, 3, activation="relu", trainable=trainable, name=f"{prefix}_conv{number}")(x)
        x = layers.MaxPooling2D(2, name=f"{prefix}_pool{number}")(x)
    return x


def cnn1_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """[0, 255] to [0, 1], conv stack, flatten to 86,528 features, dropout."""
    from keras import layers

    x = layers.Rescaling(1 / 255, name="rescale")(x)
    x = layers.Flatten(name="flatten")(conv_stack(x, "cnn1"))
    return layers.Dropout(0.5, name="dropout")(x)


def cnn1_transfer_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """CNN_1 up to its last pooling, frozen, then the same stack again: 128 features, dropout."""
    from keras import layers

    x = layers.Rescaling(1 / 255, name="rescale")(x)
    x = conv_stack(x, "cnn1", trainable=False)
    x = layers.Flatten(name="flatten")(conv_stack(x, "cnn1_transfer"))
    return layers.Dropout(0.5, name="dropout")(x)


SYSTEMS = (
    System(
        key="cnn1",
        title="CNN_1",
        source=SOURCE,
        image_size=224,
        body=cnn1_body,
        variants=(
            Variant(
                2,
                266_306,
                266_306,
                RECIPE,
                {"accuracy": 0.82, "sensitivity": 388 / 390, "specificity": 123 / 234, "confusion_matrix": [[123, 111], [2, 388]]},
                "The same finding: most normal images called ill. Ours holds out whole patients.",
            ),
            Variant(
                3,
                352_835,
                352_835,
                RECIPE.model_copy(update={"batch_size": 64}),
                {"accuracy": 0.71, "note": "normal is the best predicted class"},
                "Validation images were drawn at random there, by patient here.",
            ),
        ),
    ),
    System(
        key="cnn1_transfer",
        title="CNN_1 continued",
        source=SOURCE,
        image_size=224,
        body=cnn1_transfer_body,
        variants=(
            Variant(
                3,
                222_883,
                129_635,
                RECIPE.model_copy(update={"epochs": 29, "batch_size": 64}),
                {"accuracy": 0.84},
                "Validation images were drawn at random there, by patient here.",
            ),
        ),
        start="cnn1",
    ),
)
