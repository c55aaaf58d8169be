"""A table of images, as CSV or Parquet: one row an image with its class, for data that lie in no class folders."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from core.counted import counted
from core.datasets.dataset import Dataset, ReadPath
from core.datasets.folders.folder_facts import kinds_of_pneumonia
from core.datasets.folders.folder_notes import infections_note
from core.datasets.folders.split_names import splits
from core.datasets.given_validation import kept
from core.datasets.kermany_names import canonical_class, parse
from core.datasets.notes import patients_note, rows_note, splits_note, without_files_note
from core.datasets.sample_table import COLUMNS, build_table
from core.datasets.spelling import one_spelling
from core.datasets.tables.columns import Naming
from core.datasets.tables.listed import extra_columns, find_files, given_facts, known_patients, plain_names, unique_ids
from core.datasets.tables.listing_checks import refuse_contradictions, refuse_repeats
from core.datasets.tables.listing_columns import notes_on
from core.datasets.tables.said_columns import columns_said
from core.datasets.tables.tabular import as_text, read_tabular
from core.errors import InputError
from core.files import changed_ns
from core.images import read_grey
from core.parallel import Progress

TITLE = "Table of images (CSV, text with ; tab or |, Parquet)"
NO_NAME = "Its row names no file; write the path there."
NO_CLASS = "Its row gives no class; write it there."
NO_FILE = "There is no such file; check the path in the table."
AS_GIVEN = Naming()


@dataclass(frozen=True)
class Listed:
    """The rows of a table, read.

    Attributes
    ----------
    rows : DataFrame
        ``sample_id, split, class_name, subtype, patient_id`` and, where the table names files, ``path``.
    extra : DataFrame or None
        Its other columns.
    unused : DataFrame
        ``path, reason`` of rows that name no image or no class.
    notes : tuple of str
    n_rows : int
        Of the whole table.
    knows_patients : bool
        Whether a column names some.
    """

    rows: pd.DataFrame
    extra: pd.DataFrame | None
    unused: pd.DataFrame
    notes: tuple[str, ...]
    n_rows: int
    knows_patients: bool


def recognises(path: Path) -> bool:
    """Whether `path` is a file: what is no table is named by `core.datasets.tables.tabular` as what it is."""
    return path.is_file()


def open_listing(path: Path, progress: Progress | None = None, naming: Naming = AS_GIVEN) -> Dataset:
    """Open a table of images.

    With a column ``path`` (absolute, or relative to the table) the files are measured as those of a folder are. Without one, or where none
    of the files is there, the table's own facts are taken, and there are no pixels. A patient is whoever ``patient_id`` names; a row
    without one is a patient of its own; without the column the file names tell. Other columns become `Dataset.extra`.

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
    names, used, unused = _usable(rows, path)
    n_rows, table, rows, names = len(rows), table[used], rows[used].copy(), names[used]
    rows["class_name"], spelt = one_spelling(_classes(rows["class_name"], path, naming))
    rows, merged = _with_kinds(rows)
    rows["split"] = _splits(rows, path)
    refuse_contradictions(rows, path)
    rows["sample_id"] = unique_ids(rows["split"] + "/" + rows["class_name"] + "/", names)
    refuse_repeats(rows["sample_id"], path)
    named_kinds = _subtypes(rows["class_name"], names)
    rows["subtype"] = rows["subtype"].fillna(named_kinds) if merged else rows.get("subtype", named_kinds)
    stated = rows["patient_id"] if "patient_id" in rows else pd.Series(pd.NA, rows.index, dtype="str")
    patients = known_patients(stated)
    told = rows["sample_id"] if patients.notna().any() else parse(rows["sample_id"])["patient_id"].set_axis(rows.index)
    rows["patient_id"] = patients.fillna(told)
    extra = extra_columns(table, set(places.values()), rows["sample_id"])
    found = Listed(
        rows, extra, unused, (*said, *spelt, *merged, *notes_on(table, places, patients.notna())), n_rows, bool(patients.notna().any())
    )
    files = find_files(path.parent, rows["path"]) if "path" in rows else []
    if any(stat for _, stat in files):
        return _measured(path, found, files, progress)
    if files:
        named = [file for file, _ in files]
        found = replace(found, rows=rows.assign(path=named), notes=(without_files_note(named), *found.notes))
    return _as_stated(path, table, found)


def _usable(rows: pd.DataFrame, path: Path) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """The rows' names of images, which rows have one and a class, and the others as ``path, reason``."""
    names = plain_names(rows["sample_id" if "sample_id" in rows else "path"])
    named = names.notna() & (rows["path"].notna() if "path" in rows else True)
    classed = rows["class_name"].notna()
    for known, what in ((named, "names an image; fill its column of names"), (classed, "has a class; fill its column of classes")):
        if not known.any():
            raise InputError(f"None of the {counted(len(rows), 'row')} of {path.name!r} {what}.")
    reasons = pd.Series(NO_NAME, rows.index).mask(named, NO_CLASS)[~(named & classed)]
    where = [names[row] if named[row] else f"{path.name}, row {row + 1}" for row in reasons.index]
    return names, named & classed, pd.DataFrame({"path": where, "reason": reasons.to_numpy()}, dtype="str")


def _classes(classes: pd.Series, path: Path, naming: Naming) -> pd.Series:
    classes = naming.renamed(classes, path.name)
    return classes.map({name: canonical_class(" ".join(name.split())).replace("/", "∕") for name in classes.unique()}).astype("str")


def _with_kinds(rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Classes that are kinds of pneumonia as that class and its sub-types, and the sentence that says so."""
    names = rows["class_name"].unique()
    kinds, whole = kinds_of_pneumonia(names)
    if not kinds:
        return rows, ()
    told = rows["class_name"].map(kinds).astype("str")
    given = told.fillna(rows["subtype"]) if "subtype" in rows else told.where(told.notna() | ~rows["class_name"].eq("NORMAL"), "NORMAL")
    return rows.assign(class_name=rows["class_name"].replace(dict.fromkeys(kinds, whole)), subtype=given), (infections_note(names),)


def _splits(rows: pd.DataFrame, path: Path) -> pd.Series:
    if "split" not in rows:
        return pd.Series("train", rows.index, dtype="str")
    names = splits(rows["split"])
    if names.isna().any():
        wrong = rows["split"][names.isna()]
        what = (
            f"leaves the split of {counted(int(wrong.isna().sum()), 'image')} empty"
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


def _as_stated(path: Path, table: pd.DataFrame, found: Listed) -> Dataset:
    """Images without files, of which the table itself states what is known."""
    samples = given_facts(table, found.rows).sort_values("sample_id", ignore_index=True)
    return _dataset(path, found, samples, found.unused, None)


def _dataset(path: Path, found: Listed, samples: pd.DataFrame, unused: pd.DataFrame, read: ReadPath | None) -> Dataset:
    """The data set, with what a reader must know of it."""
    split = splits_note(samples, "mark some images as test in a column split")
    patients = "" if found.knows_patients else patients_note(samples)
    notes = (*found.notes, split, kept(samples), rows_note(found.n_rows, unused), patients)
    return Dataset(path.name, path, samples, unused, read, notes=tuple(filter(None, notes)), extra=_in_order(found.extra, samples))


def _measured(path: Path, listed_rows: Listed, files: list[tuple[str, os.stat_result | None]], progress: Progress | None) -> Dataset:
    """Measure the files that the rows name, some of which are there; those that are missing count as unreadable."""
    rows = listed_rows.rows
    rows = rows.assign(path=[file for file, _ in files])[["sample_id", "path", "split", "class_name", "subtype", "patient_id"]]
    found = pd.Series([stat is not None for _, stat in files], rows.index)
    stats = [stat for _, stat in files if stat]
    present = rows[found].assign(n_bytes=[stat.st_size for stat in stats], mtime_ns=[changed_ns(stat) for stat in stats])
    table = build_table(path, present.sort_values("sample_id", ignore_index=True), progress)
    good = table["reason"].isna()
    missing = rows.loc[~found, ["path"]].assign(reason=NO_FILE)
    unreadable = pd.concat([table.loc[~good, ["path", "reason"]], missing, listed_rows.unused], ignore_index=True)
    if not good.any():
        raise InputError(
            f"None of the {counted(len(rows), 'file')} that {path.name!r} names is a usable image; paths are relative to the table. "
            f"The first, {unreadable['path'].iloc[0]!r}: {unreadable['reason'].iloc[0]}"
        )
    samples = table.loc[good, list(COLUMNS)].reset_index(drop=True)
    return _dataset(path, listed_rows, samples, unreadable, read_grey)


def _in_order(extra: pd.DataFrame | None, samples: pd.DataFrame) -> pd.DataFrame | None:
    return None if extra is None else extra.set_index("sample_id").reindex(samples["sample_id"]).reset_index()
