"""What a training would see of a data set: how many images and patients to train on, to validate on and to test on. No Keras."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from core.config import RunConfig
from core.datasets import Dataset
from core.datasets.imbalance import shown_per_epoch
from core.datasets.labels import labels_for
from core.datasets.split_images import SplitImages
from core.datasets.splits import carve_validation
from core.errors import InputError
from core.training.held_out import apart
from core.training.plan import with_classes

LIMITED = "raise the limit of {} images (--limit), or leave it out"
TRAIN, VAL, TEST, UNUSED = "train", "val", "test", "unused"


class Portions(NamedTuple):
    """A data set as one training sees it.

    Attributes
    ----------
    class_names : tuple of str
    images : DataFrame
        One row a class, one column each of ``train, val, test``: number of images.
    patients : dict of str to int
        By part; each image that states no patient counts as one of its own.
    shown : tuple of int
        Images of each class that one epoch shows.
    """

    class_names: tuple[str, ...]
    images: pd.DataFrame
    patients: dict[str, int]
    shown: tuple[int, ...]

    @property
    def n_train(self) -> int:
        """Images to train on."""
        return int(self.images[TRAIN].sum())

    @property
    def n_val(self) -> int:
        """Images held out for validation."""
        return int(self.images[VAL].sum())

    @property
    def n_test(self) -> int:
        """Images scored once, at the end."""
        return int(self.images[TEST].sum())


def portions(dataset: Dataset, config: RunConfig) -> Portions:
    """Count what a training of a configuration would see of a data set.

    Parameters
    ----------
    dataset : Dataset
    config : RunConfig

    Returns
    -------
    Portions

    Raises
    ------
    InputError
        If it could not be trained on it; the reason is the one that the training itself would give.
    """
    config = with_classes(config, dataset)
    allotted = allot(dataset, config)
    y, split = allotted.y, allotted.split
    parts, n_classes = {part: (split == part).to_numpy() for part in (TRAIN, VAL, TEST)}, config.n_classes
    images = pd.DataFrame({part: np.bincount(y[mask], minlength=n_classes) for part, mask in parts.items()}, index=list(config.class_names))
    patient = dataset.samples["patient_id"].fillna(dataset.samples["sample_id"])
    shown = shown_per_epoch(images[TRAIN].to_numpy(), config.recipe.sampling)
    counted = {part: int(patient[mask].nunique()) for part, mask in parts.items()}
    return Portions(config.class_names, images, counted, tuple(int(n) for n in shown))


def allot(dataset: Dataset, config: RunConfig) -> SplitImages:
    """Each image its part in a training and its class id.

    Parameters
    ----------
    dataset : Dataset
    config : RunConfig

    Returns
    -------
    SplitImages

    Raises
    ------
    InputError
        As `portion_of` and `require_classes` do, and if the data set has other classes than the configuration.
    """
    y, split = labels_for(config, dataset), portion_of(dataset, config)
    require_classes(config, y, split)
    return SplitImages(config, dataset, split, y)


def portion_of(dataset: Dataset, config: RunConfig) -> pd.Series:
    """Train, val and test for each sample; those beyond the limit, and test images that are left alone, are ``unused``.

    Raises
    ------
    InputError
        If too little is left to train on, or what is to be left out is not there.
    """
    samples, recipe = apart(dataset, config.recipe), config.recipe
    seed = config.seed if recipe.validation_seed is None else recipe.validation_seed
    chosen = samples
    if config.limit and config.limit < (samples["split"] == TRAIN).sum():
        pool = samples[samples["split"] == TRAIN]
        share = config.limit / len(pool)
        kept = pool.groupby("class_name").sample(frac=share, random_state=seed).index
        chosen = samples[samples.index.isin(kept) | (samples["split"] != TRAIN)]
    try:
        split = carve_validation(chosen, recipe.validation_fraction, seed, recipe.validation_fold)
    except InputError:
        carve_validation(samples, recipe.validation_fraction, seed, recipe.validation_fold)  # says what is wrong where it is not the limit
        raise InputError(f"Too few images are left to train on and to hold some out; {LIMITED.format(config.limit)}.") from None
    split = split.reindex(samples.index, fill_value=UNUSED)
    return split if recipe.score_test else split.replace(TEST, UNUSED)


def require_classes(config: RunConfig, y: np.ndarray, split: pd.Series) -> None:
    """Refuse, before any work, images on which a model could not be trained or its threshold not be chosen."""
    for part, words in ((TRAIN, "to train on"), (VAL, "held out for validation, to choose the epoch and the threshold on")):
        counts = np.bincount(y[(split == part).to_numpy()], minlength=config.n_classes)
        missing = [name for name, count in zip(config.class_names, counts, strict=True) if not count]
        if missing and (config.n_classes == 2 or not counts.sum()):
            advice = LIMITED.format(config.limit) if config.limit else "bring more images"
            raise InputError(f"No image of {' or '.join(missing)} is left {words}; {advice}.")
