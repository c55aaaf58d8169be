"""What a run is fitted on, by its recipe: batches of training and validation images, or of their features."""

from __future__ import annotations

import keras
import numpy as np

from core.architectures import get_system
from core.architectures.footprint import footprint
from core.config import RunConfig
from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.groups import Grouping
from core.images.corruptions import SOURCE, VARIANTS
from core.inference.batches import BatteryBatches, PlainBatches
from core.inference.features import feature_store
from core.parallel import Progress
from core.training.compile import targets
from core.training.hidden_groups.balance import Balance
from core.training.hidden_groups.dro import with_cells
from core.training.hidden_groups.last_layer import kept_rows
from core.training.input import frozen_features as features
from core.training.input.batches import TrainingBatches


def training_batches(config: RunConfig, images: SplitImages, grouping: Grouping | None, epoch: int) -> TrainingBatches:
    """Shuffled, augmented training images; crops are cut from the larger store, so that they keep detail."""
    recipe, train = config.recipe, images.rows("train")
    rows = np.setdiff1d(train, kept_rows(images.dataset.samples, train, config))
    pixels = images.source if recipe.crop_area < 1 and config.image_size < SOURCE else images.pixels
    y, balance = images.y[rows], balance_of(config, images, grouping, rows) if recipe.group_balance != "none" else None
    wanted = _targets(config, y, balance.cells if balance else None)
    return TrainingBatches(pixels, rows, y, wanted, recipe, config.seed, config.image_size, epoch, balance)


def balance_of(config: RunConfig, images: SplitImages, grouping: Grouping | None, rows: np.ndarray) -> Balance:
    """Of the hidden groups and classes of some images."""
    if grouping is None:
        raise InputError("There are no hidden groups to balance; set group_balance=none.")
    shape = (grouping.k, config.n_classes)
    return Balance.of(grouping.codes[rows], images.y[rows], shape, config.recipe.group_cap)


def validation_batches(config: RunConfig, images: SplitImages) -> PlainBatches | BatteryBatches:
    """Validation images as they are, or each with one clue removed where the battery selects the model."""
    rows = images.rows("val")
    wanted, n_step = _targets(config, images.y[rows]), footprint(config.system, config.n_classes).images_at_once()
    if config.recipe.selection != "battery":
        return PlainBatches(images.pixels, rows, wanted, n_step)
    variants = np.resize(np.array(list(VARIANTS)), len(rows))
    return BatteryBatches(images.source, rows, variants, config.image_size, wanted, n_step)


def _targets(config: RunConfig, y: np.ndarray, cells: np.ndarray | None = None) -> np.ndarray:
    """What the loss compares with: one-hot classes, and for group DRO the cell of each image beside them."""
    wanted = targets(y, config.n_classes, get_system(config.system).activation)
    return with_cells(wanted, cells) if config.recipe.group_balance == "dro" else wanted


def as_features(
    trunk: keras.Model, batches: TrainingBatches, validation: PlainBatches, config: RunConfig, images: SplitImages, progress: Progress
) -> tuple:
    """The same batches as features of a frozen trunk, computed once for every image that is not in test."""
    if config.recipe.selection == "battery":
        raise InputError("Selection by the battery needs the whole model, but this one trains on features; set selection=val_loss.")
    pool = np.flatnonzero(images.dataset.samples["split"].to_numpy() != "test")
    content = f"{images.dataset.fingerprint} {config.image_size} {config.recipe.resize}"
    store = feature_store(trunk, images.pixels, pool, content, config.recipe.flip, progress)
    training = features.FeatureBatches(batches, store, np.searchsorted(pool, batches.rows), len(pool))
    return training, features.PlainFeatures(store, np.searchsorted(pool, validation.rows), np.asarray(validation.targets))
