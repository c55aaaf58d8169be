"""Whether a ``val`` split is worth validating on, or is folded into train."""

from __future__ import annotations

import pandas as pd

from core.counted import counted

FEWEST = 5  # patients a class: with fewer, one patient moves a sensitivity by more than 20 points
ENOUGH = 20  # patients a class: the standard error of a sensitivity is then at most 11 points, however large train is
SHARE = 0.02  # of train: below that, carving a fifth out of train serves better than so few


def fold_or_keep(samples: pd.DataFrame) -> tuple[pd.Series, str]:
    """The split of each sample, a ``val`` too small to validate on counted as train.

    Too small is a ``val`` with fewer than `FEWEST` patients of a class that train has, or with fewer than `ENOUGH` of one and less
    than `SHARE` as many images as train. Kaggle's 16 images (8 a class beside 5,216) are.

    Parameters
    ----------
    samples : DataFrame
        ``split, class_name, patient_id``.

    Returns
    -------
    split : Series of str
    note : str
        What became of the folder and why; empty if there is no val.
    """
    split = samples["split"].copy()
    n_val = int((split == "val").sum())
    if not n_val or not (split == "train").any():
        return split, ""
    reason = too_small(samples)
    if not reason:
        return (
            split,
            f"The split val is kept for validation as it is ({counted(n_val, 'image')}), and nothing is held out of train beside it.",
        )
    them = "its one image counts" if n_val == 1 else f"its {n_val:,} images count"
    note = f"The split val {reason}: {them} as train, and validation is held out of train."
    return split.mask(split == "val", "train"), note


def kept(samples: pd.DataFrame) -> str:
    """The sentence on a ``val`` that somebody stated image by image, and that is kept whatever its size; empty if there is none."""
    n_val = int((samples["split"] == "val").sum())
    reason = too_small(samples) if n_val and (samples["split"] == "train").any() else ""
    but = f" It {reason}: an epoch and a threshold chosen on so few may be far off." if reason else ""
    return f"The split val is kept for validation as it is ({counted(n_val, 'image')}).{but}" if n_val else ""


def too_small(samples: pd.DataFrame) -> str:
    """Why a ``val`` is too small to validate on, such as ``has 3 patients of the class NORMAL, ...``; empty if it is not."""
    val, train = samples[samples["split"] == "val"], samples[samples["split"] == "train"]
    patients = val.groupby("class_name")["patient_id"].nunique().reindex(sorted(train["class_name"].unique()), fill_value=0)
    fewest, rarest = int(patients.min()), patients.idxmin()
    if fewest < FEWEST:
        few = f"{fewest or 'no'} {'patient' if fewest == 1 else 'patients'} of the class {rarest}"
        return f"has {few}, fewer than the {FEWEST} that validation needs"
    if fewest < ENOUGH and len(val) < SHARE * len(train):
        n_val = counted(len(val), "image")
        return f"has {fewest} patients of the class {rarest} and {n_val} beside {len(train):,} of train, too few to validate on"
    return ""
