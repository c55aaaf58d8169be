"""Ours, by transfer: an ImageNet backbone of `keras.applications` fine-tuned whole, its batch norm frozen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras

Counts = tuple[int | None, int | None]  # of parameters, with two classes and with three

RECIPE = Recipe(
    epochs=8, batch_size=32, optimizer="adamw", learning_rate=3e-4, weight_decay=0.05, cosine=True, warmup=1, averaging=0.99,
    label_smoothing=0.05, class_weights="balanced", flip=True, crop_area=0.1, crop_aspect=1.33, brightness=0.3, contrast=0.3,
    clue_removal=0.5, selection="battery", validation_seed=0,
)  # fmt: skip
PREFIX = "lens_"
APPLICATIONS = (  # a test compares them with those of Keras, which a page must not load to name a system
    "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge", "DenseNet121", "DenseNet169", "DenseNet201",
    "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4", "EfficientNetB5", "EfficientNetB6",
    "EfficientNetB7", "EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2", "EfficientNetV2B3", "EfficientNetV2L",
    "EfficientNetV2M", "EfficientNetV2S", "InceptionResNetV2", "InceptionV3", "MobileNet", "MobileNetV2", "MobileNetV3Large",
    "MobileNetV3Small", "NASNetLarge", "NASNetMobile", "ResNet101", "ResNet101V2", "ResNet152", "ResNet152V2", "ResNet50",
    "ResNet50V2", "VGG16", "VGG19", "Xception",
)  # fmt: skip


def transfer_body(x: keras.KerasTensor, application: str) -> keras.KerasTensor:
    """The backbone with its own preprocessing, flat in the caller's graph; mean over the picture, dropout.

    Batch norm keeps its ImageNet statistics: they are better than those of small batches, and some weight files have it folded
    into the convolutions.
    """
    import keras

    constructor = getattr(keras.applications, application)
    x = sys.modules[constructor.__module__].preprocess_input(x)
    backbone = constructor(include_top=False, weights=None, input_tensor=x)
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    x = keras.layers.GlobalAveragePooling2D(name="mean")(backbone.output)
    return keras.layers.Dropout(0.2, name="dropout")(x)


def by_name(key: str) -> System | None:
    """A system for any backbone of `keras.applications`, such as ``lens_densenet121``; None if there is none of that name."""
    application = {name.lower(): name for name in APPLICATIONS}.get(key.removeprefix(PREFIX)) if key.startswith(PREFIX) else None
    if application is None:
        return None
    return _system(key, f"Lens-{application} at 224 px", application, application, 224, (None, None), (None, None))


def _system(key: str, title: str, application: str, start: str, image_size: int, total: Counts, trainable: Counts) -> System:
    body: Callable = partial(transfer_body, application=application)
    variants = tuple(Variant(n, total[n - 2], trainable[n - 2], RECIPE) for n in (2, 3))
    return System(key, title, "ours", image_size, body, variants, start=start)


SYSTEMS = (_system("lens_mobilenet", "Lens-MobileNet", "MobileNetV2", "mobilenet_v2", 160, (2_260_546, 2_261_827), (2_192_322, 2_193_603)),)
