"""Ours, from scratch: a small residual network on 128-pixel images (He et al. 2016, with batch norm before each addition)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras

STAGES = ((24, 1), (48, 1), (96, 2), (192, 2))  # filters and blocks; each stage after the first halves the side
RECIPE = Recipe(
    epochs=30, batch_size=32, optimizer="adamw", learning_rate=2e-3, weight_decay=0.05, cosine=True, warmup=1, averaging=0.995,
    label_smoothing=0.05, class_weights="balanced", flip=True, crop_area=0.1, crop_aspect=1.33, brightness=0.3, contrast=0.3,
    clue_removal=0.5, selection="battery", validation_seed=0,
)  # fmt: skip


def lens_scratch_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """[0, 255] to [-1, 1]; stem to 32×32, four stages of residual blocks to 4×4×192, mean over the picture, dropout."""
    from keras import layers

    x = layers.Rescaling(1 / 127.5, offset=-1, name="rescale")(x)
    x = _convolution(x, STAGES[0][0], 2, "stem")
    x = layers.MaxPooling2D(2, name="stem_pool")(x)
    for stage, (filters, n_blocks) in enumerate(STAGES, start=1):
        for block in range(1, n_blocks + 1):
            x = _residual(x, filters, 2 if stage > 1 and block == 1 else 1, f"stage{stage}_block{block}")
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return layers.Dropout(0.2, name="dropout")(x)


def _residual(x: keras.KerasTensor, filters: int, stride: int, name: str) -> keras.KerasTensor:
    """Two convolutions beside a shortcut, which is a 1×1 convolution where the shape changes."""
    from keras import layers

    y = _convolution(x, filters, stride, f"{name}_1")
    y = _convolution(y, filters, 1, f"{name}_2", activation=False)
    if stride > 1 or x.shape[-1] != filters:
        x = _convolution(x, filters, stride, f"{name}_shortcut", size=1, activation=False)
    return layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, y]))


def _convolution(x: keras.KerasTensor, filters: int, stride: int, name: str, size: int = 3, activation: bool = True) -> keras.KerasTensor:
    """Convolution without bias, batch norm, ReLU."""
    from keras import layers

    x = layers.Conv2D(filters, size, stride, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"{name}_conv")(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x) if activation else x


SYSTEMS = (
    System(
        key="lens_scratch",
        title="Lens-Scratch",
        source="ours",
        image_size=128,
        body=lens_scratch_body,
        variants=(Variant(2, 1_524_842, 1_521_530, RECIPE), Variant(3, 1_525_035, 1_521_723, RECIPE)),
    ),
)
