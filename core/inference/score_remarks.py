"""What is odd about scores that are valid all the same: said beside the run, so that nobody takes its numbers at face value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

SAME = 1e-6  # a constant computed in float32 differs by about this much between batches


def remarks(table: pd.DataFrame, class_names: Sequence[str]) -> tuple[str, ...]:
    """Sentences about scores that tell images apart badly or not at all.

    Parameters
    ----------
    table : DataFrame
        Checked predictions, ``p_<class>…``; with a column ``split`` the rows of ``test`` alone are looked at.
    class_names : sequence of str

    Returns
    -------
    tuple of str
        Empty if there is nothing to say, as with fewer than two images.
    """
    test = table[table["split"] == "test"] if "split" in table else table
    scores = test[[f"p_{name}" for name in class_names]].to_numpy(dtype=np.float64)
    if len(scores) < 2:
        return ()
    constant = np.ptp(scores, axis=0) <= SAME
    if constant.all():
        differ = np.ptp(scores, axis=0) > SAME * scores.max(axis=0)  # 1e-15 and 1e-18 are not the same, and rank images
        return (_saturated(scores) if differ.any() else _all_constant(scores, class_names),)
    found = [_one_constant(name, scores[0, place]) for place, name in enumerate(class_names) if constant[place]]
    if np.isin(scores, (0, 1)).all():
        found.append(
            "Every score is 0 or 1: these are decisions and no probabilities, so curves have one point and calibration says nothing."
        )
        return tuple(found)
    return (*found, *(_tied(name, scores[:, place]) for place, name in enumerate(class_names) if (scores[:, place] == 1).sum() > 1))


def _tied(name: str, scores: np.ndarray) -> str:
    n_tied = int((scores == 1).sum())
    return (
        f"{n_tied:,} of {len(scores):,} test images have a score for {name} of exactly 1: which of them is likelier is lost, and the AUC "
        "counts them as equal; give logits, or scores with more digits."
    )


def _all_constant(scores: np.ndarray, class_names: Sequence[str]) -> str:
    values = ", ".join(f"{name} {value:.3g}" for name, value in zip(class_names, scores[0], strict=True))
    return (
        f"All {len(scores):,} test images have the same scores ({values}): they tell nothing apart, and an AUC of 0.5 is all that can come "
        "of it; check where they come from."
    )


def _saturated(scores: np.ndarray) -> str:
    apart = np.ptp(scores, axis=0).max()
    return (
        f"The scores of all {len(scores):,} test images lie within {apart:.1g} of each other: the model is saturated, and the order "
        "that is left among them may be rounding; check the scale of its intensities, or where the scores come from."
    )


def _one_constant(name: str, value: float) -> str:
    if value <= SAME:
        return f"No image has a score for {name}: it is 0 throughout, so this class is never found; check where the scores come from."
    return f"The score of {name} is {value:.3g} for every image, so it tells nothing; check where the scores come from."
