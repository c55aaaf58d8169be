"""What a run's call is on each image of a data set, for whoever wants to see where its errors lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.metrics.run_threshold import predict_labels, resolve_threshold

if TYPE_CHECKING:
    from core.runs.run import Run

RIGHT, MISSED, FALSE_ALARM, WRONG, NOT_HELD_OUT = "called right", "false negative", "false positive", "called wrong", "not held out"
OF_TWO, OF_MORE = (RIGHT, MISSED, FALSE_ALARM, NOT_HELD_OUT), (RIGHT, WRONG, NOT_HELD_OUT)


def outcomes(dataset: Dataset, run: Run) -> tuple[tuple[str, ...], np.ndarray]:
    """Whether a run called each image right, at its recommended threshold; of more than two classes the largest probability calls.

    Parameters
    ----------
    dataset : Dataset
    run : Run

    Returns
    -------
    names : tuple of str
        `OF_TWO` or `OF_MORE`.
    codes : ndarray of shape (n_samples,), int
        Position in `names`; an image that the run was trained on, or never scored, is not held out.

    Raises
    ------
    InputError
        If the run has no usable scores, or none of these images.
    """
    table, names = run.predictions, OF_TWO if run.config.n_classes == 2 else OF_MORE
    rows = pd.Index(dataset.samples["sample_id"]).get_indexer(table["sample_id"])
    here = rows >= 0
    if not here.any():
        raise InputError(f"The run {run.name!r} was scored on other images.")
    scores = table[[f"p_{name}" for name in run.config.class_names]].to_numpy(dtype=np.float64)
    called, true = predict_labels(scores, resolve_threshold(run, "recommended")), table["y_true"].to_numpy()
    wrong = np.where(true > called, names.index(MISSED), names.index(FALSE_ALARM)) if names is OF_TWO else names.index(WRONG)
    codes = np.full(len(dataset.samples), names.index(NOT_HELD_OUT))
    codes[rows[here]] = np.where(called == true, names.index(RIGHT), wrong)[here]
    return names, codes
