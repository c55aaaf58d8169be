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
FILE_COLUMNS = ("sample_id", "path", "split", "class_name", "n_bytes", "mtime_ns")
NOT_TEXT = "Its name is not valid UTF-8 text; rename it."
NO_TARGET = "It is a link that leads nowhere; copy the file itself."
SAME_NAME = "Its name is taken by a file in a folder whose name differs only in case; rename one of them."
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
    files, refused = list_files(class_folders)
    if files.empty:
        first = f" ({refused['reason'].iloc[0]})" if len(refused) else ""
        raise InputError(f"No image is in the class folders of {path.name!r}{first}; put JPEG, PNG or DICOM files there.")
    files = pd.concat([files, parse(files["sample_id"])[["subtype", "patient_id"]]], axis=1)
    table = build_table(root, files, progress)
    good = table["reason"].isna()
    if not good.any():
        raise InputError(f"None of the {len(table)} files in {path.name!r} is a usable image; the first: {table['reason'].iloc[0]}")
    unreadable = pd.concat([table.loc[~good, ["path", "reason"]], refused], ignore_index=True)
    return Dataset(
        title=path.resolve().name,
        root=root,
        samples=table.loc[good, list(COLUMNS)].reset_index(drop=True),
        unreadable=unreadable,
        read_path=read_grey,
    )


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
            splits = [(s, SPLIT_FOLDERS[s.name.lower()]) for s in _folders(root, root == path) if s.name.lower() in SPLIT_FOLDERS]
            found = [(c, split, canonical_class(c.name)) for s, split in splits for c in _folders(s)]
            if found:
                return root, found
        level = [folder for root in level for folder in _folders(root, root == path)]
    found = [(c, "train", canonical_class(c.name)) for c in _folders(path) if any(_list_images(c, "train", c.name))]
    if not found:
        raise InputError(
            f"{path.name!r} holds no data set: expected train/ and test/ folders with one folder a class, such as train/NORMAL."
        )
    return path, found


def list_files(class_folders: list[tuple[Path, str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The image files of class folders.

    Returns
    -------
    files : DataFrame
        ``sample_id, path, split, class_name, n_bytes, mtime_ns``, sorted by `sample_id`, which is unique.
    refused : DataFrame
        ``path, reason`` of folders and files that can be told to be unusable by their names alone.
    """
    listed = [_list_images(*folder) for folder in class_folders]
    files = pd.DataFrame([row for rows, _ in listed for row in rows], columns=FILE_COLUMNS)
    refused = pd.DataFrame([row for _, rows in listed for row in rows], columns=["path", "reason"], dtype="str")
    taken = files["sample_id"].duplicated()
    refused = pd.concat([refused, files.loc[taken, ["path"]].assign(reason=SAME_NAME)], ignore_index=True)
    return files[~taken].sort_values("sample_id", ignore_index=True), refused


def _folders(folder: Path, required: bool = True) -> list[Path]:
    try:
        return sorted(e for e in folder.iterdir() if not e.name.startswith(".") and e.name.lower() not in SKIPPED and e.is_dir())
    except OSError as error:
        if not required:
            return []
        raise InputError(f"The folder {folder.name!r} cannot be opened ({error.strerror}); check its permissions.") from None


def _list_images(folder: Path, split_folder: str, class_name: str) -> tuple[list[tuple], list[tuple[str, str]]]:
    """Rows of `FILE_COLUMNS`, and rows of path and reason."""
    try:
        entries = [e for e in os.scandir(folder) if not e.name.startswith(".") and e.name.lower().endswith(SUFFIXES) and not e.is_dir()]
    except OSError as error:
        return [], [(_text(folder), f"The folder cannot be opened ({error.strerror}); check its permissions.")]
    refused = [(_text(e), reason) for e in entries if (reason := _refusal(e))]
    stats = [(e, e.stat()) for e in entries if not _refusal(e)]
    split = "test" if split_folder == "test" else "train"
    rows = [(f"{split_folder}/{class_name}/{e.name}", e.path, split, class_name, stat.st_size, stat.st_mtime_ns) for e, stat in stats]
    return rows, refused


def _refusal(entry: os.DirEntry) -> str | None:
    if entry.path != _text(entry):
        return NOT_TEXT
    return None if entry.is_file() else NO_TARGET


def _text(path: os.PathLike) -> str:
    """A path that can be stored and shown, whatever bytes the file system holds."""
    return os.fsencode(path).decode("utf-8", errors="replace")
