"""The images of a run, read as they were when it was made: a table with the names that somebody gave its columns and classes."""

from __future__ import annotations

from core.config import RunConfig
from core.datasets import Dataset, open_dataset
from core.datasets.tables.columns import Naming
from core.errors import InputError
from core.parallel import Progress


def open_for(
    config: RunConfig,
    data: str | None = None,
    progress: Progress | None = None,
    positive: str | None = None,
    naming: Naming | None = None,
) -> Dataset:
    """Open a data set for a run.

    Parameters
    ----------
    config : RunConfig
        Remembers what the columns and classes of its own table are called.
    data, progress, positive, naming
        As `core.datasets.open_dataset` takes them. Without `naming` the run's own is tried first; other data may have other names.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        As `core.datasets.open_dataset` does.
    """
    own = Naming(config.columns, config.called)
    if naming or not own:
        return open_dataset(data, progress, positive, naming)
    try:
        return open_dataset(data, progress, positive, own)
    except InputError:
        return open_dataset(data, progress, positive)
