"""S2 and S4: frozen ImageNet VGG16 with three different heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras

IMAGENET_BGR_MEAN = (103.939, 116.779, 123.68)


def vgg16_features(x: keras.KerasTensor) -> keras.KerasTensor:
    """The 13 convolutions of VGG16, frozen, flat in the caller's graph."""
    import keras

    # VGG16 expects blue, green, red; the three channels of a radiograph are equal, so only the means need the order.
    x = keras.layers.Normalization(mean=IMAGENET_BGR_MEAN, variance=(1.0, 1.0, 1.0), name="subtract_imagenet_mean")(x)
    backbone = keras.applications.VGG16(include_top=False, weights=None, input_tensor=x)
    for layer in backbone.layers:
        layer.trainable = False
    return keras.layers.Flatten(name="flatten")(backbone.output)


def regularised_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """VGG16 features, batch normalisation, dropout, Dense 128, dropout *(our sizes; the write-up names the layers only)*."""
    from keras import layers

    x = layers.BatchNormalization(name="norm")(vgg16_features(x))
    x = layers.Dropout(0.5, name="dropout1")(x)
    x = layers.Dense(128, activation="relu", name="dense")(x)
    return layers.Dropout(0.5, name="dropout2")(x)


S2 = "S2: VGG16 transfer"
FIRST = Recipe(epochs=20, batch_size=64, learning_rate=1e-3)
AUGMENTED = {"flip": True, "zoom": 0.1, "rotation": 10.0}

SYSTEMS = (
    System(
        key="vgg16_flat",
        title="VGG16, flat head",
        source=f"{S2}, first attempt",
        image_size=150,
        body=vgg16_features,
        variants=(
            Variant(
                2,
                14_731_074,
                16_386,
                FIRST,
                {"accuracy": 0.80},
                "Ours holds out whole patients; both call the larger probability.",
            ),
        ),
        start="vgg16",
    ),
    System(
        key="vgg16_regularised",
        title="VGG16, regularised head",
        source=f"{S2}, final",
        image_size=150,
        body=regularised_body,
        variants=(
            Variant(
                2,
                15_796_418,
                1_065_346,
                FIRST.model_copy(update=AUGMENTED | {"class_weights": "balanced", "early_stopping": 5}),
                {"accuracy": 0.91},
                "Sizes of the added layers are ours, and patients are held out whole.",
            ),
        ),
        start="vgg16",
    ),
    System(
        key="vgg16_sigmoid",
        title="VGG16, one sigmoid",
        source="S4: VGG16 served as a web application",
        image_size=224,
        body=vgg16_features,
        variants=(
            Variant(
                2,
                14_739_777,
                25_089,
                Recipe(epochs=10, batch_size=32, learning_rate=1e-3, early_stopping=3, **AUGMENTED),
                {"accuracy": 0.93, "note": "read off a validation curve, not the test images"},
                "The published figure is read off a validation curve, not off the test images.",
            ),
        ),
        activation="sigmoid",
        start="vgg16",
    ),
)
