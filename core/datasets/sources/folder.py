"""A folder of class folders: ``train|test|val / CLASS`` however it was unpacked and whatever the splits are called, or classes alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.counted import counted
from core.datasets.dataset import Dataset
from core.datasets.folders.folder_facts import facts, kinds_of_pneumonia
from core.datasets.folders.folder_notes import folder_notes
from core.datasets.folders.layout import Layout, find_layout
from core.datasets.folders.left_out import left_out
from core.datasets.folders.refusals import as_text
from core.datasets.folders.split_names import hinted_split, split_of
from core.datasets.folders.tree import Tree, walk
from core.datasets.given_validation import fold_or_keep
from core.datasets.kermany_names import canonical_class
from core.datasets.sample_table import COLUMNS, build_table
from core.datasets.spelling import one_spelling
from core.errors import InputError
from core.files import changed_ns
from core.images import read_grey
from core.parallel import Progress

TITLE = "Folder of class folders (Kaggle layout)"
FILE_COLUMNS = ("sample_id", "path", "split", "class_name", "n_bytes", "mtime_ns")
SAME_NAME = "Its name is taken by a file of a folder that means the same, such as normal/ beside NORMAL/; rename one of them."
GONE = "The file was taken away while the folder was listed."
EXPECTED = "expected train/ and test/ folders with one folder a class, such as train/NORMAL"


def recognises(path: Path) -> bool:
    """Whether `path` is a folder."""
    return path.is_dir()


def open_folder(path: Path, progress: Progress | None = None) -> Dataset:
    """Open a folder of class folders.

    Folders below a class count with it; where they, or the classes themselves, are called after an infection, they tell the sub-type.
    Everything that lies below `path` is either a sample or a row of ``unreadable``. A ``val`` folder too small to validate on is folded
    into train (`core.datasets.given_validation`). Folders of classes without splits are all train.

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
    path = path.resolve()
    tree = walk(path)
    layout = find_layout(folder.parts for folder in tree.folders if folder.images)
    _refuse_locked_splits(tree, path)
    if layout is None:
        raise InputError(_nothing_found(tree, path))
    files, refused = list_files(tree, layout)
    files = pd.concat([files, facts(files)], axis=1)
    root = path.joinpath(*layout.top)
    table = build_table(root, files, progress)
    good = table["reason"].isna()
    if not good.any():
        raise InputError(
            f"None of the {counted(len(table), 'file')} in {path.name!r} is a usable image; the first: {table['reason'].iloc[0]}"
        )
    samples = table.loc[good, list(COLUMNS)].reset_index(drop=True)
    samples["class_name"], spelt = one_spelling(samples["class_name"])
    samples["split"], note = fold_or_keep(samples)
    unreadable = pd.concat([table.loc[~good, ["path", "reason"]], refused, left_out(tree, layout)], ignore_index=True)
    return Dataset(
        title=path.name,
        root=root,
        samples=samples,
        unreadable=unreadable,
        read_path=read_grey,
        notes=(*spelt, *folder_notes(path, layout, samples, unreadable, note)),
    )


def list_files(tree: Tree, layout: Layout) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The image files of class folders.

    Returns
    -------
    files : DataFrame
        ``sample_id, path, split, class_name, n_bytes, mtime_ns``, sorted by `sample_id`, which is unique.
    refused : DataFrame
        ``path, reason`` of those that another has the name of.
    """
    kinds, whole = kinds_of_pneumonia(place.class_folder for place in layout.places.values())
    rows, refused = [], []
    for folder in tree.folders:
        if not (place := layout.places.get(folder.parts)):
            continue
        ill = place.class_folder in kinds
        class_name = whole if ill else canonical_class(place.class_folder)
        prefix = "/".join((place.split, class_name, *([place.class_folder] if ill else []), *place.below))
        for entry in folder.images:
            try:
                stat = entry.stat()
            except OSError:
                refused.append((as_text(entry.path), GONE))
                continue
            rows.append((f"{prefix}/{entry.name}", entry.path, place.split, class_name, stat.st_size, changed_ns(stat)))
    files = pd.DataFrame(rows, columns=FILE_COLUMNS)
    taken = files["sample_id"].duplicated()
    refused += [(path, SAME_NAME) for path in files.loc[taken, "path"]]
    return files[~taken].sort_values("sample_id", ignore_index=True), pd.DataFrame(refused, columns=["path", "reason"], dtype="str")


def _refuse_locked_splits(tree: Tree, path: Path) -> None:
    """A split that cannot be opened would make another data set of what is left."""
    for folder, reason in tree.locked:
        if Path(folder).parent == path and split_of(Path(folder).name):
            raise InputError(f"The folder {Path(folder).name!r} {reason.removeprefix('The folder ')}")


def _nothing_found(tree: Tree, path: Path) -> str:
    n_images = sum(len(folder.images) for folder in tree.folders)
    others = [*tree.locked, *tree.closed, *(row for folder in tree.folders for row in folder.others)]
    if n_images:
        first = next(folder for folder in tree.folders if folder.images)
        place = "/".join((path.name, *first.parts))
        hints = {
            name: hint
            for folder in tree.folders
            for name in folder.parts
            if folder.images and not split_of(name) and (hint := hinted_split(name))
        }
        if len(set(hints.values())) > 1:
            named = ", ".join(f"{name} to {hint}" for name, hint in sorted(hints.items())[:6])
            return f"{path.name!r} holds folders whose names speak of splits and tell none; rename {named}, if that is what they are."
        return (
            f"{path.name!r} holds no data set: {EXPECTED}, and its {counted(n_images, 'image')} "
            f"{'lies' if n_images == 1 else 'lie'} in no class folder (the first in {place!r}). "
            "Sort them into class folders, or give a table of images with the columns path and class_name."
        )
    if others:
        return f"{path.name!r} holds no data set: no image is in it. The first thing in it, {Path(others[0][0]).name!r}: {others[0][1]}"
    return f"{path.name!r} holds no data set: {EXPECTED}."
