"""Features of a frozen backbone, computed once for each view of an image, so that a head trains without the backbone.

A horizontal flip makes exactly two views. Any other augmentation makes endlessly many: then the whole graph is trained.
"""

from __future__ import annotations

import keras
import numpy as np

from core.config import Recipe
from core.datasets.pixel_store import RowFile
from core.inference.batches import Batches
from core.training.input.augmentation import few_views
from core.training.input.batches import TrainingBatches

RANDOM = (keras.layers.Dropout, keras.layers.SpatialDropout2D, keras.layers.GaussianNoise)


def split_model(model: keras.Model, recipe: Recipe) -> tuple[keras.Model, keras.Model] | None:
    """Cut a flat model where training begins.

    Parameters
    ----------
    model : keras.Model
    recipe : Recipe

    Returns
    -------
    trunk, head : keras.Model
        Frozen and without chance; trained. Both share their layers with `model`. None if nothing with weights is frozen at the
        start, or if the recipe shows endlessly many views or mixes what flows through the model.
    """
    if recipe.mixstyle or not few_views(recipe):
        return None
    layers = model.layers[1:]
    first = next(layer for layer in layers if layer.trainable_weights or isinstance(layer, RANDOM))
    trunk = keras.Model(model.input, first.input)
    if not trunk.weights:
        return None
    return trunk, keras.Model(first.input, model.output, name=f"{model.name}_head")


class FeatureBatches(TrainingBatches):
    """What `TrainingBatches` would show, as features: the same order and the same flips for a seed.

    Parameters
    ----------
    batches : TrainingBatches
        Of the same images.
    store : RowFile
        Of `feature_store`.
    positions : ndarray of shape (n_train,), int
        Where each of its rows is among those of the store.
    mirrored : int
        How much further on the mirror image is.
    """

    def __init__(self, batches: TrainingBatches, store: RowFile, positions: np.ndarray, mirrored: int) -> None:
        same = (batches.rows, batches.y, batches.targets, batches.recipe, batches.seed, batches.size, batches.epoch, batches.balance)
        super().__init__(batches.pixels, *same)
        self.store, self.positions, self.mirrored = store, positions, mirrored

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        chosen, rng = self.chosen(index), np.random.default_rng([self.seed, self.epoch, index])
        flipped = np.array([self.recipe.flip and rng.random() < 0.5 for _ in chosen])
        return self.store[self.positions[chosen] + flipped * self.mirrored].astype(np.float32), *self.wanted(chosen)


class PlainFeatures(Batches):
    """Features of images as they are, in order, with targets."""

    def __init__(self, store: RowFile, positions: np.ndarray, targets: np.ndarray, batch_size: int = 64) -> None:
        super().__init__()
        self.store, self.positions, self.targets, self.batch_size = store, positions, targets, batch_size

    def __len__(self) -> int:
        return -(-len(self.positions) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        part = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.store[self.positions[part]].astype(np.float32), self.targets[part]
