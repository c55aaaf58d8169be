"""Files that could not be used, and images that are odd."""

from __future__ import annotations

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.folders.left_out import n_files, never_meant

BLANK_STD = 5  # grey levels: a chest has 30 and more
SMALL_SIDE = 64
MAX_ASPECT = 2.5
FAR = 6  # robust standard deviations from the median brightness
RARE = 0.1


def left_out(dataset: Dataset) -> dict:
    """``lost``: the last parts of the path of what was left out and the reason, but for texts, masks and the like; how many files."""
    bad = dataset.unreadable
    meant = ~never_meant(bad)
    lost = bad[meant]
    return {
        "n_good": len(dataset.samples),
        "n_lost": int(n_files(lost).sum()),
        "n_others": int(n_files(bad[~meant]).sum()),
        "lost": list(zip(_names(lost).tolist(), lost["reason"].tolist(), strict=True)),
    }


def _names(bad: pd.DataFrame) -> pd.Series:
    """The last three parts of each path."""
    return bad["path"].str.replace("\\", "/").str.rsplit("/", n=3).str[-3:].str.join("/")


def odd_images(dataset: Dataset) -> dict:
    """``n_samples``, and ``odd``: sample id, kinds of oddity and class of images that decode but do not look like a chest X-ray."""
    samples = dataset.samples
    notes = _notes(samples)
    odd = samples[["sample_id", "class_name"]].assign(note=notes)[notes != ""]
    return {"n_samples": len(samples), "odd": odd[["sample_id", "note", "class_name"]].to_numpy(dtype=object).tolist()}


def _notes(samples: pd.DataFrame) -> pd.Series:
    """What is odd about each sample; empty text for nothing."""
    shortest = samples[["width", "height"]].min(axis=1)
    aspect = samples[["width", "height"]].max(axis=1) / shortest
    mean, modes = samples["mean_intensity"].astype(float), samples["mode"].value_counts(normalize=True)
    spread = 1.4826 * (mean - mean.median()).abs().median()
    oddities = {
        "blank": samples["std_intensity"] < BLANK_STD,
        "tiny": (shortest < SMALL_SIDE) & (shortest.median() >= SMALL_SIDE),
        "very long": aspect > MAX_ASPECT,
        "unusual brightness": (mean - mean.median()).abs() > max(FAR * spread, 1),
        "rare pixel format": samples["mode"].isin(modes.index[modes < RARE]),
    }
    notes = pd.Series("", samples.index)
    for name, flags in oddities.items():
        flags = flags.fillna(False).astype(bool)
        notes[flags] = notes[flags].where(notes[flags] == "", notes[flags] + ", ") + name
    return notes
