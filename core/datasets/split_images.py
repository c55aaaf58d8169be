"""The images of a run with their split, class ids and pixels, found once and handed on: to training, to scoring, to what they look like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from core.config import RunConfig
from core.datasets.dataset import Dataset
from core.datasets.labels import labels_for
from core.datasets.pixel_store import pixel_store
from core.images.corruptions import SOURCE
from core.parallel import Progress


@dataclass(frozen=True)
class SplitImages:
    """What a run is trained or scored on; pixels are found when they are asked for, and once.

    Attributes
    ----------
    config : RunConfig
        Gives the classes, the size of the pictures and the resize rule.
    dataset : Dataset
    split : Series of shape (n_samples,)
        Split of every sample, in the order of ``dataset.samples``.
    y : ndarray of shape (n_samples,), int64
        Class ids.
    """

    config: RunConfig
    dataset: Dataset
    split: pd.Series
    y: np.ndarray

    @classmethod
    def of(cls, config: RunConfig, dataset: Dataset, split: pd.Series) -> SplitImages:
        """The same with the class ids that the run gives its images; raises InputError if the data set has other classes."""
        return cls(config, dataset, split, labels_for(config, dataset))

    @cached_property
    def pixels(self) -> np.ndarray:
        """At the size that the model takes, shape (n_samples, side, side), uint8."""
        return self._decoded(self.config.image_size)

    @cached_property
    def source(self) -> np.ndarray:
        """The same at the size from which crops are cut and clues removed."""
        return self.pixels if self.config.image_size == SOURCE else self._decoded(SOURCE)

    def decode(self, progress: Progress | None = None) -> None:
        """Find both now, with the progress of the decoding."""
        for name, size in (("pixels", self.config.image_size), ("source", SOURCE)):
            self.__dict__[name] = self._decoded(size, progress)

    def rows(self, split: str) -> np.ndarray:
        """Row numbers of a split."""
        return np.flatnonzero((self.split == split).to_numpy())

    def _decoded(self, size: int, progress: Progress | None = None) -> np.ndarray:
        return pixel_store(self.dataset, size, self.config.recipe.resize, progress)
