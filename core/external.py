"""Score images anew with a run's model: a check of the stored predictions, or an external test on other images."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from core.datasets import open_dataset
from core.ensemble import by_members
from core.errors import InputError
from core.inference import load_model, score_samples
from core.parallel import Progress
from core.run import Run


def rescore(run: Run, data: str | None, split: str, progress: Callable[[str], Progress]) -> pd.DataFrame:
    """Predictions of a run's model on the run's own images or on others.

    Parameters
    ----------
    run : Run
    data : str or None
        None: PNEUMOLENS_DATA.
    split : {"test", "val"}
        On the run's own images, the split that the run recorded; on others, the data set's own.
    progress : callable of str

    Returns
    -------
    DataFrame
        ``sample_id, split, y_true, p_<class>…``

    Raises
    ------
    InputError
        If there are no pixels, no images of the split, or other classes.
    """
    dataset = open_dataset(data, progress("indexing"))
    if not dataset.has_pixels:
        raise InputError("Scoring anew needs images: give --data DATA or set PNEUMOLENS_DATA.")
    splits = dataset.samples["split"]
    if dataset.fingerprint == run.config.fingerprint:
        splits = dataset.samples["sample_id"].map(run.split.set_index("sample_id")["split"])
    if not (splits == split).any():
        raise InputError(
            f"{dataset.title!r} has no images in the split {split!r}; it has {', '.join(sorted(splits.dropna().unique()))}. "
            + " ".join(dataset.notes)
        )

    def score(judge: Run) -> pd.DataFrame:
        return score_samples(load_model(judge), judge, dataset, splits, (split,), progress("scoring"))

    return by_members(run, score, ["sample_id", "split", "y_true"])
