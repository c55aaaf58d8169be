"""What can be measured of an image without any network: brightness, border, letters, fine and coarse detail."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.pixel_store import pixel_store
from core.files import cache_dir, keep
from core.groups.by_appearance.shipped import is_known, shipped_sharpness
from core.groups.by_appearance.stages import Stages, stage
from core.input_checks.texture_distance import N_BANDS, spectra
from core.parallel import parallel_map

SIDE = 128  # pixels: also the size of the mean pictures, so the images are decoded once for both
LAYOUT = 1  # raise it when what is measured changes
OF_TABLE = ["mean_intensity", "std_intensity", "rim_mean", "rim_black", "letters"]
BANDS = [f"band_{number + 1}" for number in range(N_BANDS)]
STEP = 64
DECIBELS = 10 / np.log(10)


def table_looks(samples: pd.DataFrame) -> pd.DataFrame:
    """What the sample table knows of the look of images, no pixels needed: `OF_TABLE` as float, columns without a value left out.

    Parameters
    ----------
    samples : DataFrame
        The sample table, as of `Dataset.samples`.

    Returns
    -------
    DataFrame
    """
    known = samples[OF_TABLE].astype("Float64").astype(float)
    return known.loc[:, known.notna().any()]


def bands(dataset: Dataset, stages: Stages | None = None) -> pd.DataFrame | None:
    """Log power of each image in eight bands of spatial frequency, coarse to fine; None without pixels.

    Parameters
    ----------
    dataset : Dataset
    stages : callable of str, optional

    Returns
    -------
    DataFrame of shape (n_samples, 8) or None
        `BANDS`; kept in the cache for the content of the data set.
    """
    if not dataset.has_pixels:
        return None
    path = _file(dataset)
    known = _read(path, len(dataset.samples))
    if known is None:
        known = _measured(pixel_store(dataset, SIDE, "squash", stage(stages, "decoding")), stages)
        _keep(path, known)
    return pd.DataFrame(known, columns=BANDS, index=dataset.samples.index)


def sharpness(dataset: Dataset, stages: Stages | None = None) -> pd.Series:
    """Fine against coarse detail in decibels: the three finest bands less the three coarsest; missing without pixels."""
    return shipped_sharpness(dataset) if is_known(dataset) or not dataset.has_pixels else measured_sharpness(dataset, stages)


def sharpness_at_hand(dataset: Dataset) -> bool:
    """Whether the sharpness of the images is known without looking at them, or cannot be known.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    bool
    """
    return not dataset.has_pixels or is_known(dataset) or _file(dataset).exists()


def measured_sharpness(dataset: Dataset, stages: Stages | None = None) -> pd.Series:
    """`sharpness` as the pixels of a data set that has them tell it.

    Parameters
    ----------
    dataset : Dataset
    stages : callable of str, optional
        A stage's name gives what is told of images done and of all.

    Returns
    -------
    Series of shape (n_samples,), float
        In decibels.
    """
    known = bands(dataset, stages)
    if known is None:
        return pd.Series(np.nan, dataset.samples.index)
    return DECIBELS * (known[BANDS[-3:]].mean(axis=1) - known[BANDS[:3]].mean(axis=1))


def standardised(facts: pd.DataFrame, train: np.ndarray) -> np.ndarray:
    """Facts in standard deviations of the training images, a missing one as their mean: shape (n_samples, n_facts), float32.

    Parameters
    ----------
    facts : DataFrame of shape (n_samples, n_facts), float
    train : ndarray of shape (n_train,), int
        Rows of the training images.

    Returns
    -------
    ndarray of shape (n_samples, n_facts), float32
    """
    values = facts.to_numpy(dtype=float)
    known = pd.DataFrame(values[train])
    mean, spread = known.mean().fillna(0).to_numpy(), known.std(ddof=0).fillna(0).to_numpy()
    scaled = (values - mean) / np.where(spread > 1e-9, spread, np.inf)
    return np.nan_to_num(scaled).astype(np.float32)


def _file(dataset: Dataset) -> Path:
    return cache_dir("groups") / f"{dataset.fingerprint}-bands-{LAYOUT}.npy"


def _measured(pixels: np.memmap, stages: Stages | None) -> np.ndarray:
    starts = list(range(0, len(pixels), STEP))
    progress = stage(stages, "measuring")
    scaled = progress and (lambda done, total: progress(min(done * STEP, len(pixels)), len(pixels)))
    parts = parallel_map(partial(_part, file=str(pixels.filename)), starts, scaled, chunk_size=4)
    return np.concatenate(parts) if parts else np.zeros((0, N_BANDS), np.float32)


def _part(start: int, file: str | Path) -> np.ndarray:
    return spectra(np.load(file, mmap_mode="r")[start : start + STEP])[:, :N_BANDS].astype(np.float32)


def _read(path: Path, n_samples: int) -> np.ndarray | None:
    try:
        known = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return known if known.shape == (n_samples, N_BANDS) else None


def _keep(path: Path, values: np.ndarray) -> None:
    keep(path, lambda place: np.save(place, values), "What was measured of the images is not kept, and measured anew next time.")
