"""S0: five blocks of convolution, max-pooling and batch normalisation, then four fully connected layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.architectures.system import System, Variant
from core.config import Recipe

if TYPE_CHECKING:
    import keras

# The write-up names the blocks but not their widths; these, the dropout rates and the augmentation are ours.
BLOCKS = ((32, 0.0), (64, 0.1), (64, 0.0), (128, 0.2), (256, 0.2))
DENSE = (256, 128, 64)
RECIPE = Recipe(
    epochs=10, batch_size=32, learning_rate=1e-3, early_stopping=5, plateau_patience=2, plateau_factor=0.3,
    flip=True, rotation=15, zoom=0.1, shift=0.1,
)  # fmt: skip


def five_block_body(x: keras.KerasTensor) -> keras.KerasTensor:
    """[0, 255] to [0, 1], five blocks to 4×4×256, then Dense 256, 128 and 64; the fourth Dense layer is ``logits``."""
    from keras import layers

    x = layers.Rescaling(1 / 255, name="rescale")(x)
    for number, (filters, dropout) in enumerate(BLOCKS, start=1):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"block{number}_conv")(x)
        x = layers.MaxPooling2D(2, name=f"block{number}_pool")(x)
        x = layers.BatchNormalization(name=f"block{number}_norm")(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"block{number}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate(DENSE, start=1):
        x = layers.Dense(units, activation="relu", name=f"dense{number}")(x)
        x = layers.Dropout(0.2, name=f"dense{number}_dropout")(x)
    return x


SYSTEMS = (
    System(
        key="five_block_cnn",
        title="Five-block CNN",
        source="S0: scratch CNN",
        image_size=150,
        body=five_block_body,
        variants=(
            Variant(
                2,
                1_517_569,
                1_516_481,
                RECIPE,
                {
                    "accuracy": 0.9103,
                    "precision": 0.8976,
                    "sensitivity": 0.9667,
                    "f1": 0.9309,
                    "specificity": 191 / 234,
                    "confusion_matrix": [[191, 43], [13, 377]],
                },
                "The write-up names neither input size nor split; ours holds out whole patients, and the epoch comes from them.",
            ),
        ),
        activation="sigmoid",
    ),
)
