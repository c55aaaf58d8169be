"""Where images come from. A source is one module with `TITLE`, `recognises(path)` and an opener, named in `SOURCES`."""

from __future__ import annotations

import os
from pathlib import Path

from core.datasets.dataset import Dataset
from core.datasets.sources import csv_table, folder, medmnist
from core.datasets.sources.shipped import open_shipped
from core.datasets.tables.columns import Naming
from core.errors import InputError
from core.files.paths import typed_path
from core.parallel import Progress

ACCEPTED = (
    "a folder with one folder for each class (train/NORMAL, train/PNEUMONIA, test/NORMAL, …, or just NORMAL and PNEUMONIA), "
    "a PneumoniaMNIST .npz file, or a table with one row for each image (CSV, TSV or other separated text, also as .gz, or Parquet)"
)
SOURCES = (
    (folder.recognises, folder.open_folder),
    (medmnist.recognises, medmnist.open_medmnist),
    (csv_table.recognises, csv_table.open_listing),
)


def open_dataset(
    data: str | Path | None = None, progress: Progress | None = None, positive: str | None = None, naming: Naming | None = None
) -> Dataset:
    """Open a data set.

    Parameters
    ----------
    data : str or Path, optional
        A Kaggle-layout folder, a PneumoniaMNIST ``.npz`` or a table of images; else ``PNEUMOLENS_DATA``; else the shipped index.
    progress : callable of (int, int), optional
        Called with the number of images done and of all images while the sample table is built.
    positive : str, optional
        Which of two classes is the ill one; their names decide if None.
    naming : Naming, optional
        What the columns and the classes of a table of images are called.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        If there is nothing at `data`, or nothing usable, `positive` is none of its two classes, or `naming` is given for what is no table.
    """
    return _opened(data, progress, naming).with_positive(positive)


def _opened(data: str | Path | None, progress: Progress | None, naming: Naming | None) -> Dataset:
    data = data or os.environ.get("PNEUMOLENS_DATA")
    path = _existing(data) if data else None
    if naming:
        if path is None or not csv_table.recognises(path):
            raise InputError("Columns and classes are named for a table of images (CSV or Parquet); leave --column and --class-name out.")
        return csv_table.open_listing(path, progress, naming)
    if path is None:
        return open_shipped()
    for recognises, opener in SOURCES:
        if recognises(path):
            return opener(path, progress)
    raise InputError(f"{path.name!r} cannot be read as a data set; give {ACCEPTED}.")


def _existing(data: str | Path) -> Path:
    try:
        path = typed_path(data)
        if path.exists():
            return path
    except (OSError, RuntimeError):  # a name too long, a locked parent, an unknown ~user
        pass
    raise InputError(f"There is no data set at {str(data)!r}; give {ACCEPTED}.")
