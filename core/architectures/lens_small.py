"""Ours, as small as it goes: five strided convolutions on 128-pixel images, for experiments that need many trainings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras

FILTERS = (8, 16, 32, 64, 128)
RECIPE = Recipe(
    epochs=12, batch_size=32, optimizer="adamw", learning_rate=2e-3, weight_decay=0.05, cosine=True, warmup=1, flip=True,
    selection="last", validation_seed=0,
)  # fmt: skip


def lens_small_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """[0, 255] to [-1, 1]; five times convolution with stride 2, batch norm and ReLU, to 4×4×128; mean over the picture, dropout."""
    from keras import layers

    x = layers.Rescaling(1 / 127.5, offset=-1, name="rescale")(x)
    for number, filters in enumerate(FILTERS, start=1):
        x = layers.Conv2D(filters, 3, 2, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"conv{number}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return layers.Dropout(0.2, name="dropout")(x)


SYSTEMS = (
    System(
        key="lens_small",
        title="Lens-Small",
        source="ours",
        image_size=128,
        body=lens_small_body,
        is_study=True,
        variants=(Variant(2, 99_386, 98_890, RECIPE), Variant(3, 99_515, 99_019, RECIPE)),
    ),
)
