"""Whether a ``val`` folder is worth validating on, or is folded into train."""

from __future__ import annotations

import pandas as pd

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
        What became of the folder and why; empty if there is none.
    """
    split = samples["split"].copy()
    val, train = samples[split == "val"], samples[split == "train"]
    if val.empty or train.empty:
        return split, ""
    patients = val.groupby("class_name")["patient_id"].nunique().reindex(sorted(train["class_name"].unique()), fill_value=0)
    fewest, rarest = int(patients.min()), patients.idxmin()
    reason = ""
    if fewest < FEWEST:
        few = f"{fewest or 'no'} {'patient' if fewest == 1 else 'patients'} of the class {rarest}"
        reason = f"has {few}, fewer than the {FEWEST} that validation needs"
    elif fewest < ENOUGH and len(val) < SHARE * len(train):
        reason = (
            f"has {fewest} patients of the class {rarest} and {len(val):,} images beside {len(train):,} of train, too few to validate on"
        )
    if not reason:
        return split, f"The folder val is kept for validation as it is ({len(val):,} images), and nothing is held out of train beside it."
    note = f"The folder val {reason}: its {len(val):,} images count as train, and validation is held out of train."
    return split.mask(split == "val", "train"), note
