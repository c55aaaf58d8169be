"""A table of images, as CSV or Parquet: one row an image with its class, for data that lie in no class folders."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.datasets.columns import CLASS, FILE, IMAGE_ID, PATIENT, SPLIT, Naming, key, listed, locate
from core.datasets.dataset import Dataset
from core.datasets.listed import extra_columns, find_files, given_facts, known_patients, plain_names, unique_ids
from core.datasets.names import canonical_class, parse
from core.datasets.split_names import split_of
from core.datasets.table import COLUMNS, build_table
from core.datasets.tabular import UNNAMED, as_text, read_tabular
from core.errors import InputError
from core.images import read_grey
from core.parallel import Progress

TITLE = "Table of images (CSV, text with ; tab or |, Parquet)"
WANTED = {"path": FILE, "sample_id": IMAGE_ID, "class_name": CLASS, "patient_id": PATIENT, "split": SPLIT, "subtype": (("subtype",),)}
NEEDED = "expected the columns class_name and path or sample_id, and perhaps split and patient_id"
NO_NAME = "Its row names no file; write the path there."
NO_FILE = "There is no such file; check the path in the table."
AS_GIVEN = Naming()


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
    places = _places(table, path, naming)
    rows = pd.DataFrame({ours: as_text(table.iloc[:, place]) for ours, place in places.items()})
    rows["class_name"] = _classes(rows["class_name"], path, naming)
    rows["split"] = _splits(rows, path)
    names = plain_names(rows["sample_id" if "sample_id" in rows else "path"])
    nameless, named = _nameless(rows, names, path), names.notna()
    table, rows, names = table[named], rows[named].copy(), names[named]
    _refuse_contradictions(rows, path)
    rows["sample_id"] = unique_ids(rows["split"] + "/" + rows["class_name"] + "/", names)
    _refuse_repeats(rows["sample_id"], path)
    rows["subtype"] = rows["subtype"] if "subtype" in rows else _subtypes(rows["class_name"], names)
    patients = known_patients(rows["patient_id"], rows["sample_id"]) if "patient_id" in rows else None
    rows["patient_id"] = parse(rows["sample_id"])["patient_id"].to_numpy() if patients is None else patients
    extra = extra_columns(table, set(places.values()), rows["sample_id"])
    if "path" in rows:
        return _measured(path, rows, nameless, extra, progress)
    samples = given_facts(table, rows).sort_values("sample_id", ignore_index=True)
    return Dataset(path.name, path, samples, nameless, None, extra=_in_order(extra, samples))


def _places(table: pd.DataFrame, path: Path, naming: Naming) -> dict[str, int]:
    """Where the columns of `WANTED` are; at least a class and a name."""
    if unknown := set(naming.columns) - set(WANTED):
        raise InputError(f"A table of images has no column {min(unknown)!r} to name; --column takes {', '.join(WANTED)}.")
    found = locate(table, path.name, WANTED, naming)
    if "split" in found and "split" not in naming.columns and key(table.columns[found["split"]]) != "split":
        told = splits(as_text(table.iloc[:, found["split"]])).notna().all()
        found = found if told else {ours: place for ours, place in found.items() if ours != "split"}
    if not {"path", "sample_id"} & set(found):
        unnamed = [place for place, column in enumerate(table.columns) if column == UNNAMED]
        others = [found["patient_id"]] if "patient_id" in found else unnamed  # one image a patient; an index that was written along
        found |= dict(zip(["sample_id"], others, strict=False))
    if "class_name" not in found or not {"path", "sample_id"} & set(found):
        raise InputError(
            f"{path.name!r} has the columns {listed(table.columns)}; {NEEDED}. Say which is which with --column class_name=…, "
            "or write the names above the rows if they are missing."
        )
    return _with_files(table, path, found, naming)


def _with_files(table: pd.DataFrame, path: Path, found: dict[str, int], naming: Naming) -> dict[str, int]:
    """A column such as ``Image Index`` names files where they lie beside the table; `sample_id` itself is a name and no more."""
    place = found.get("sample_id")
    if place is None or "path" in found or "sample_id" in naming.columns or key(table.columns[place]) == "sampleid":
        return found
    files = find_files(path.parent, as_text(table.iloc[:100, place]).dropna())
    is_file = any(stat is not None for _, stat in files)
    return {"path" if ours == "sample_id" and is_file else ours: where for ours, where in found.items()}


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


def splits(names: pd.Series) -> pd.Series:
    """``train``, ``val`` or ``test`` for each of the words in use for them; missing for others."""
    return names.map({name: split_of(name) for name in names.dropna().unique()}).astype("str")


def _subtypes(class_name: pd.Series, name: pd.Series) -> pd.Series:
    """What `names.parse` reads, without its regular expressions, which take minutes on many millions of names."""
    kinds, name = pd.Series(pd.NA, class_name.index, dtype="str"), name.str.lower()
    kinds[class_name == "NORMAL"] = "NORMAL"
    for infection, kind in (("_bacteria_", "BACTERIAL"), ("_virus_", "VIRAL")):
        kinds[(class_name == "PNEUMONIA") & name.str.contains(infection, regex=False)] = kind
    return kinds


def _nameless(rows: pd.DataFrame, names: pd.Series, path: Path) -> pd.DataFrame:
    """The rows that name no image, as files that cannot be used."""
    places = [f"{path.name}, row {row + 1}" for row in rows.index[names.isna()]]
    if len(places) == len(rows):
        raise InputError(f"None of the {len(rows):,} rows of {path.name!r} names an image; fill its column of names.")
    return pd.DataFrame({"path": places, "reason": NO_NAME}, dtype="str")


def _refuse_contradictions(rows: pd.DataFrame, path: Path) -> None:
    if "path" not in rows:
        return
    classes = rows.assign(path=plain_names(rows["path"]))[["path", "class_name"]].drop_duplicates()
    twice = classes[classes["path"].duplicated(keep=False)]
    if len(twice):
        first = twice[twice["path"] == twice["path"].iloc[0]]["class_name"]
        raise InputError(
            f"{path.name!r} gives {twice['path'].iloc[0]!r} more than one class ({listed(first)}), and so {twice['path'].nunique():,} "
            "images; keep one row for each image."
        )


def _refuse_repeats(sample_ids: pd.Series, path: Path) -> None:
    repeated = sample_ids[sample_ids.duplicated()]
    if len(repeated):
        raise InputError(f"{path.name!r} names {repeated.iloc[0]!r} more than once ({len(repeated):,} such rows); name each image once.")


def _measured(path: Path, rows: pd.DataFrame, nameless: pd.DataFrame, extra: pd.DataFrame | None, progress: Progress | None) -> Dataset:
    """Stat and measure the files that the rows name; those that are missing count as unreadable."""
    files = find_files(path.parent, rows["path"])
    rows = rows.assign(path=[file for file, _ in files])[["sample_id", "path", "split", "class_name", "subtype", "patient_id"]]
    found = pd.Series([stat is not None for _, stat in files], rows.index)
    stats = [stat for _, stat in files if stat]
    present = rows[found].assign(n_bytes=[stat.st_size for stat in stats], mtime_ns=[stat.st_mtime_ns for stat in stats])
    present = present.sort_values("sample_id", ignore_index=True)
    table = build_table(path, present, progress) if found.any() else pd.DataFrame({"reason": []})
    good = table["reason"].isna()
    missing = rows.loc[~found, ["path"]].assign(reason=NO_FILE)
    unreadable = pd.concat([*([table.loc[~good, ["path", "reason"]]] if found.any() else []), missing, nameless], ignore_index=True)
    if not good.any():
        raise InputError(
            f"None of the {len(rows):,} files that {path.name!r} names is a usable image; paths are relative to the table. "
            f"The first, {unreadable['path'].iloc[0]!r}: {unreadable['reason'].iloc[0]}"
        )
    samples = table.loc[good, list(COLUMNS)].reset_index(drop=True)
    return Dataset(path.name, path, samples, unreadable, read_grey, extra=_in_order(extra, samples))


def _in_order(extra: pd.DataFrame | None, samples: pd.DataFrame) -> pd.DataFrame | None:
    return None if extra is None else extra.set_index("sample_id").reindex(samples["sample_id"]).reset_index()
