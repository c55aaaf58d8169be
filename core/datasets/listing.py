"""A table of images, as CSV or Parquet: one row an image with its class, for data that lie in no class folders."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.datasets.columns import Naming, listed
from core.datasets.dataset import Dataset
from core.datasets.listed import extra_columns, find_files, given_facts, known_patients, plain_names, unique_ids
from core.datasets.listing_columns import notes_on
from core.datasets.names import canonical_class, parse
from core.datasets.said_columns import columns_said
from core.datasets.spelling import one_spelling
from core.datasets.split_names import splits
from core.datasets.table import COLUMNS, build_table
from core.datasets.tabular import as_text, read_tabular
from core.errors import InputError
from core.images import read_grey
from core.parallel import Progress

TITLE = "Table of images (CSV, text with ; tab or |, Parquet)"
NO_NAME = "Its row names no file; write the path there."
NO_FILE = "There is no such file; check the path in the table."
AS_GIVEN = Naming()
NOTHING = pd.DataFrame({"path": [], "reason": []}, dtype="str")


@dataclass(frozen=True)
class Listed:
    """The rows of a table, read.

    Attributes
    ----------
    rows : DataFrame
        ``sample_id, split, class_name, subtype, patient_id`` and, where the table names files, ``path``.
    extra : DataFrame or None
        Its other columns.
    nameless : DataFrame
        ``path, reason`` of rows that name no image.
    notes : tuple of str
    """

    rows: pd.DataFrame
    extra: pd.DataFrame | None
    nameless: pd.DataFrame
    notes: tuple[str, ...]


def recognises(path: Path) -> bool:
    """Whether `path` is a file: what is no table is named by `core.datasets.tabular` as what it is."""
    return path.is_file()


def open_listing(path: Path, progress: Progress | None = None, naming: Naming = AS_GIVEN) -> Dataset:
    """Open a table of images.

    With a column ``path`` (absolute, or relative to the table) the files are measured as those of a folder are. Without one the table's
    own facts are taken, and there are no pixels. A patient is whoever ``patient_id`` names; a row without one is a patient of its own;
    without the column the file names tell. Other columns become `Dataset.extra`.

    Parameters
    ----------
    path : Path
    progress : callable of (int, int), optional
    naming : Naming
        What its columns and classes are called, where their names do not tell.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        If the table cannot be read, lacks a column, has two that mean the same and differ, names a split that is none, or names an
        image twice.
    """
    table = read_tabular(path, path.name)
    places, naming, said = columns_said(table, path, naming)
    rows = pd.DataFrame({ours: as_text(table.iloc[:, place]) for ours, place in places.items()})
    rows["class_name"], spelt = one_spelling(_classes(rows["class_name"], path, naming))
    rows["split"] = _splits(rows, path)
    names = plain_names(rows["sample_id" if "sample_id" in rows else "path"])
    named = names.notna() & (rows["path"].notna() if "path" in rows else True)
    nameless = _nameless(named, path)
    table, rows, names = table[named], rows[named].copy(), names[named]
    _refuse_contradictions(rows, path)
    rows["sample_id"] = unique_ids(rows["split"] + "/" + rows["class_name"] + "/", names)
    _refuse_repeats(rows["sample_id"], path)
    rows["subtype"] = rows["subtype"] if "subtype" in rows else _subtypes(rows["class_name"], names)
    stated = rows["patient_id"] if "patient_id" in rows else pd.Series(pd.NA, rows.index, dtype="str")
    patients = known_patients(stated)
    told = rows["sample_id"] if patients.notna().any() else parse(rows["sample_id"])["patient_id"].set_axis(rows.index)
    rows["patient_id"] = patients.fillna(told)
    extra = extra_columns(table, set(places.values()), rows["sample_id"])
    found = Listed(rows, extra, nameless, (*said, *spelt, *notes_on(table, places, patients.notna())))
    return _measured(path, found, progress) if "path" in rows else _as_stated(path, table, found)


def _classes(classes: pd.Series, path: Path, naming: Naming) -> pd.Series:
    empty = int(classes.isna().sum())
    if empty:
        raise InputError(f"{path.name!r} has {len(classes):,} rows, {empty:,} of them without a class; give every image one.")
    classes = naming.renamed(classes, path.name)
    return classes.map({name: canonical_class(" ".join(name.split())).replace("/", "∕") for name in classes.unique()}).astype("str")


def _splits(rows: pd.DataFrame, path: Path) -> pd.Series:
    if "split" not in rows:
        return pd.Series("train", rows.index, dtype="str")
    names = splits(rows["split"])
    if names.isna().any():
        wrong = rows["split"][names.isna()]
        what = (
            f"leaves the split of {wrong.isna().sum():,} images empty"
            if wrong.isna().all()
            else f"names the split {wrong.dropna().iloc[0]!r}"
        )
        raise InputError(f"{path.name!r} {what}; use train, val and test.")
    return names


def _subtypes(class_name: pd.Series, name: pd.Series) -> pd.Series:
    """What `names.parse` reads, without its regular expressions, which take minutes on many millions of names."""
    kinds, name = pd.Series(pd.NA, class_name.index, dtype="str"), name.str.lower()
    kinds[class_name == "NORMAL"] = "NORMAL"
    for infection, kind in (("_bacteria_", "BACTERIAL"), ("_virus_", "VIRAL")):
        kinds[(class_name == "PNEUMONIA") & name.str.contains(infection, regex=False)] = kind
    return kinds


def _nameless(named: pd.Series, path: Path) -> pd.DataFrame:
    """The rows that name no image, as files that cannot be used."""
    places = [f"{path.name}, row {row + 1}" for row in named.index[~named]]
    if len(places) == len(named):
        raise InputError(f"None of the {len(named):,} rows of {path.name!r} names an image; fill its column of names.")
    return pd.DataFrame({"path": places, "reason": NO_NAME}, dtype="str")


def _refuse_contradictions(rows: pd.DataFrame, path: Path) -> None:
    if "path" not in rows:
        return
    placed = rows.assign(path=plain_names(rows["path"]).map(_place))
    _refuse_two_splits(placed, path)
    classes = placed[["path", "class_name"]].drop_duplicates()
    twice = classes[classes["path"].duplicated(keep=False)]
    if len(twice):
        first = twice[twice["path"] == twice["path"].iloc[0]]["class_name"]
        raise InputError(
            f"{path.name!r} gives {twice['path'].iloc[0]!r} more than one class ({listed(first)}), and so {twice['path'].nunique():,} "
            "images; keep one row for each image."
        )


def _place(name: str) -> str:
    """A path without its detours, so that ``./i/../i/a.png`` is ``i/a.png``."""
    return posixpath.normpath(name) if (isinstance(name, str) and "." in name.split("/")[:-1]) or ".." in str(name) else name


def _refuse_two_splits(rows: pd.DataFrame, path: Path) -> None:
    splits = rows[["path", "split"]].drop_duplicates()
    twice = splits[splits["path"].duplicated(keep=False)]
    if len(twice):
        raise InputError(
            f"{path.name!r} puts {twice['path'].iloc[0]!r} into more than one split, and {twice['path'].nunique():,} files in all; an "
            "image that is trained on proves nothing in test, so keep one row for each."
        )


def _refuse_repeats(sample_ids: pd.Series, path: Path) -> None:
    repeated = sample_ids[sample_ids.duplicated()]
    if len(repeated):
        raise InputError(f"{path.name!r} names {repeated.iloc[0]!r} more than once ({len(repeated):,} such rows); name each image once.")


def _as_stated(path: Path, table: pd.DataFrame, found: Listed) -> Dataset:
    """Images without files, of which the table itself states what is known."""
    samples = given_facts(table, found.rows).sort_values("sample_id", ignore_index=True)
    return Dataset(path.name, path, samples, found.nameless, None, notes=found.notes, extra=_in_order(found.extra, samples))


def _measured(path: Path, listed_rows: Listed, progress: Progress | None) -> Dataset:
    """Stat and measure the files that the rows name; those that are missing count as unreadable."""
    rows = listed_rows.rows
    files = find_files(path.parent, rows["path"])
    rows = rows.assign(path=[file for file, _ in files])[["sample_id", "path", "split", "class_name", "subtype", "patient_id"]]
    found = pd.Series([stat is not None for _, stat in files], rows.index)
    stats = [stat for _, stat in files if stat]
    present = rows[found].assign(n_bytes=[stat.st_size for stat in stats], mtime_ns=[stat.st_mtime_ns for stat in stats])
    table = build_table(path, present.sort_values("sample_id", ignore_index=True), progress) if found.any() else NOTHING
    good = table["reason"].isna()
    missing = rows.loc[~found, ["path"]].assign(reason=NO_FILE)
    unreadable = pd.concat([table.loc[~good, ["path", "reason"]], missing, listed_rows.nameless], ignore_index=True)
    if not good.any():
        raise InputError(
            f"None of the {len(rows):,} files that {path.name!r} names is a usable image; paths are relative to the table. "
            f"The first, {unreadable['path'].iloc[0]!r}: {unreadable['reason'].iloc[0]}"
        )
    samples = table.loc[good, list(COLUMNS)].reset_index(drop=True)
    extra = _in_order(listed_rows.extra, samples)
    return Dataset(path.name, path, samples, unreadable, read_grey, notes=listed_rows.notes, extra=extra)


def _in_order(extra: pd.DataFrame | None, samples: pd.DataFrame) -> pd.DataFrame | None:
    return None if extra is None else extra.set_index("sample_id").reindex(samples["sample_id"]).reset_index()
