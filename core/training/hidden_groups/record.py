"""The hidden groups that a training looks at, and the record of them in its configuration."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from core.config import RunConfig
from core.datasets import Dataset
from core.errors import InputError
from core.groups import APPEARANCE, Grouping, open_groups
from core.parallel import Progress
from core.runs.run import Run


def grouping_of(run: Run, dataset: Dataset, progress: Callable[[str], Progress]) -> Grouping | None:
    """The groups that a run's recipe asks for, recorded in its configuration; None if it asks for none.

    They are made from training images without a look at labels. A continued run must find those that it began with.

    Parameters
    ----------
    run : Run
    dataset : Dataset
    progress : callable of str

    Returns
    -------
    Grouping or None

    Raises
    ------
    InputError
        If there are no such groups, or they are others than when the run began.
    """
    config = run.config
    if not config.recipe.needs_groups:
        return None
    grouping = open_groups(dataset, config.recipe.groups, config.recipe.n_groups, progress)
    record = {"by": grouping.by, "k": str(grouping.k), "made_from": grouping.made_from, "codes": _digest(grouping.codes)}
    if config.grouping and config.grouping["codes"] != record["codes"]:
        raise InputError(f"The hidden groups of the images are others than when the run {run.name!r} began; train it anew.")
    run.write_config(config.model_copy(update={"grouping": record}))
    return grouping


def refuse_unknown_groups(config: RunConfig, dataset: Dataset) -> None:
    """Raise InputError, before a run is made, if its groups are by a fact or column that the data set does not have.

    Parameters
    ----------
    config : RunConfig
    dataset : Dataset
    """
    recipe = config.recipe
    if recipe.needs_groups and recipe.groups.casefold() != APPEARANCE:
        open_groups(dataset, recipe.groups, recipe.n_groups)


def _digest(codes: np.ndarray) -> str:
    return hashlib.sha256(codes.astype(np.int64).tobytes()).hexdigest()[:16]
