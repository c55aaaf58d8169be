"""A folder of class folders: Kaggle's ``train|test|val / CLASS``, however it was unpacked, or classes alone."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.names import canonical_class, parse
from core.datasets.table import COLUMNS, build_table
from core.errors import InputError
from core.images import SUFFIXES, read_grey
from core.parallel import Progress

TITLE = "Folder of class folders (Kaggle layout)"
SPLIT_FOLDERS = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
SKIPPED = {"__macosx", "masks"}
MAX_DEPTH = 3


def recognises(path: Path) -> bool:
    """Whether `path` is a folder."""
    return path.is_dir()


def open_folder(path: Path, progress: Progress | None = None) -> Dataset:
    """Open a Kaggle-layout folder.

    The 16-image ``val`` folder is folded into train. Folders of classes without splits are all train.

    Parameters
    ----------
    path : Path
    progress : callable of (int, int), optional

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        If no class folder with images is found, or no image can be read.
    """
    root, class_folders = find_classes(path.resolve())
    files = pd.DataFrame([row for folder in class_folders for row in _list_images(*folder)], columns=FILE_COLUMNS)
    files = files.drop_duplicates("sample_id").sort_values("sample_id", ignore_index=True)
    if files.empty:
        raise InputError(f"No image is in the class folders of {path.name!r}; put JPEG, PNG or DICOM files there.")
    files = pd.concat([files, parse(files["sample_id"])[["subtype", "patient_id"]]], axis=1)
    table = build_table(root, files, progress)
    good = table["reason"].isna()
    if not good.any():
        raise InputError(f"None of the {len(table)} files in {path.name!r} is a usable image; the first: {table['reason'].iloc[0]}")
    unreadable = table.loc[~good, ["path", "reason"]].reset_index(drop=True)
    return Dataset(
        title=path.resolve().name,
        root=root,
        samples=table.loc[good, list(COLUMNS)].reset_index(drop=True),
        unreadable=unreadable,
        read_path=read_grey,
    )


FILE_COLUMNS = ("sample_id", "path", "split", "class_name", "n_bytes", "mtime_ns")


def find_classes(path: Path) -> tuple[Path, list[tuple[Path, str, str]]]:
    """The shallowest folder with split folders (or else with class folders), and its class folders.

    Returns
    -------
    root : Path
    class_folders : list of (Path, str, str)
        Folder, split folder name (lower case) and class name.
    """
    level = [path]
    for _ in range(MAX_DEPTH):
        for root in level:
            splits = [(s, SPLIT_FOLDERS[s.name.lower()]) for s in _folders(root) if s.name.lower() in SPLIT_FOLDERS]
            found = [(c, split, canonical_class(c.name)) for s, split in splits for c in _folders(s)]
            if found:
                return root, found
        level = [folder for root in level for folder in _folders(root)]
    found = [(c, "train", canonical_class(c.name)) for c in _folders(path) if _list_images(c, "train", c.name)]
    if not found:
        raise InputError(
            f"{path.name!r} holds no data set: expected train/ and test/ folders with one folder a class, such as train/NORMAL."
        )
    return path, found


def _folders(folder: Path) -> list[Path]:
    try:
        names = [e for e in folder.iterdir() if e.is_dir() and not e.name.startswith(".") and e.name.lower() not in SKIPPED]
    except OSError as error:
        raise InputError(f"The folder {folder.name!r} cannot be opened ({error.strerror}); check its permissions.") from None
    return sorted(names)


def _list_images(folder: Path, split_folder: str, class_name: str) -> list[tuple]:
    try:
        entries = [e for e in os.scandir(folder) if not e.name.startswith(".") and e.name.lower().endswith(SUFFIXES) and e.is_file()]
    except OSError as error:
        raise InputError(f"The folder {folder.name!r} cannot be opened ({error.strerror}); check its permissions.") from None
    split = "test" if split_folder == "test" else "train"
    return [
        (f"{split_folder}/{class_name}/{e.name}", e.path, split, class_name, (stat := e.stat()).st_size, stat.st_mtime_ns) for e in entries
    ]
