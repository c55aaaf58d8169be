"""Files that cannot be used, and files that can but are odd."""

from __future__ import annotations

import pandas as pd

from core.audit.finding import Finding
from core.counted import counted
from core.datasets.dataset import Dataset
from core.datasets.folders.left_out import n_files, never_meant

BLANK_STD = 5  # grey levels: a chest has 30 and more
SMALL_SIDE = 64
MAX_ASPECT = 2.5
FAR = 6  # robust standard deviations from the median brightness
RARE = 0.1


def unreadable(dataset: Dataset) -> Finding:
    """What was left out, but for texts, masks and the like, which were never meant as radiographs."""
    bad, n_good = dataset.unreadable, len(dataset.samples)
    meant = ~never_meant(bad)
    lost, n_others = bad[meant], int(n_files(bad[~meant]).sum())
    n_lost = int(n_files(lost).sum())
    others = f" {_others(n_others)}" if n_others else ""
    return Finding(
        "unreadable",
        "medium" if n_lost else "ok",
        f"{counted(n_lost, 'file')} cannot be used",
        n_lost,
        n_lost + n_good,
        (f"They are left out; {counted(n_good, 'image')} can be used." if n_lost else f"All {n_good:,} images decode to the end.") + others,
        "Look at the reason for each: if one class lost more files than another, the balance above is not that of the source."
        if n_lost
        else "",
        f"The first: {_last_name(lost['path'].iloc[0])}: {lost['reason'].iloc[0]}" if n_lost else "",
        tuple(zip(_names(lost).tolist(), lost["reason"].tolist(), strict=True)),
    )


def _others(n: int) -> str:
    return (
        "1 other file, such as a text or a mask, is not a radiograph."
        if n == 1
        else f"{n:,} other files, such as texts and masks, are not radiographs."
    )


def _names(bad: pd.DataFrame) -> pd.Series:
    """The last three parts of each path."""
    return bad["path"].str.replace("\\", "/").str.rsplit("/", n=3).str[-3:].str.join("/")


def _last_name(path: str) -> str:
    whole = "/" if path.endswith("/") else ""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] + whole


def odd_files(dataset: Dataset) -> Finding:
    """Images that decode but do not look like a chest X-ray: blank, tiny, very long, far too bright or dark, of a rare pixel format."""
    samples = dataset.samples
    notes = _notes(samples)
    concerned = notes[notes != ""]
    return Finding(
        "odd_files",
        "low" if len(concerned) else "ok",
        f"{counted(len(concerned), 'unusual file')}",
        len(concerned),
        len(samples),
        "Such an image teaches a model nothing about lungs, and a pixel format that is commoner in one class gives the class away.",
        "Look at them, and leave out what is not a frontal chest X-ray." if len(concerned) else "",
        _kinds(concerned, samples["class_name"]),
        tuple(zip(samples.loc[concerned.index, "sample_id"].tolist(), concerned.tolist(), strict=True)),
    )


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


def _kinds(notes: pd.Series, class_names: pd.Series) -> str:
    """How many of each kind, and the class that has most of them: ``very long: 10 (9 of PNEUMONIA)``."""
    kinds = notes.str.split(", ").explode()
    parts = []
    for name, part in kinds.groupby(kinds):
        of = class_names[part.index].value_counts()
        parts.append(f"{name}: {len(part):,} ({of.iloc[0]:,} of {of.index[0]})")
    return "; ".join(parts) + "." if parts else ""
