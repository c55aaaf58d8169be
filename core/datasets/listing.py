"""A table of images, ``.csv`` or ``.parquet``: one row an image with its class, for data that lie in no class folders."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.folder import SPLIT_FOLDERS
from core.datasets.names import canonical_class, parse
from core.datasets.table import COLUMNS, FACTS, build_table
from core.errors import InputError
from core.images import read_grey
from core.parallel import Progress

TITLE = "Table of images (.csv or .parquet)"
SUFFIXES = (".csv", ".parquet")
ALIASES = {"class": "class_name", "label": "class_name", "file": "path", "filename": "path", "image": "path", "patient": "patient_id"}
NEEDED = "expected the columns class_name and path or sample_id, and perhaps split and patient_id"


def recognises(path: Path) -> bool:
    """Whether `path` ends in ``.csv`` or ``.parquet``."""
    return path.suffix.lower() in SUFFIXES


def open_listing(path: Path, progress: Progress | None = None) -> Dataset:
    """Open a table of images.

    With a column ``path`` (absolute, or relative to the table) the files are measured as those of a folder are. Without one the table's
    own facts are taken, and there are no pixels. A patient is whoever ``patient_id`` names; else what the file names tell.

    Raises
    ------
    InputError
        If the table cannot be read, lacks a column, names a class or a split that is none, or names an image twice.
    """
    rows = _read(path)
    rows["split"] = _splits(rows, path)
    rows["class_name"] = rows["class_name"].map({name: canonical_class(name).replace("/", "∕") for name in rows["class_name"].unique()})
    name = rows["sample_id" if "sample_id" in rows else "path"].astype("str").str.replace(".*/", "", regex=True)
    rows["sample_id"] = rows["split"] + "/" + rows["class_name"] + "/" + name
    _refuse_repeats(rows["sample_id"], path)
    rows["subtype"] = rows["subtype"].astype("str") if "subtype" in rows else _subtypes(rows["class_name"], name)
    rows["patient_id"] = rows["patient_id"].astype("str") if "patient_id" in rows else parse(rows["sample_id"])["patient_id"]
    rows = rows.sort_values("sample_id", ignore_index=True)
    if "path" not in rows:
        return Dataset(path.name, path, _with_facts(rows), pd.DataFrame(columns=["path", "reason"]), None)
    return _measured(path, rows, progress)


def _read(path: Path) -> pd.DataFrame:
    try:
        rows = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_csv(path)
    except Exception as error:  # pandas and pyarrow raise many kinds on a broken file
        raise InputError(f"{path.name!r} is not a readable table ({str(error).splitlines()[0][:100]}); save it again.") from None
    known = {column: column.strip().lower() for column in rows.columns.astype("str")}
    rows = rows.rename(columns={column: ALIASES.get(name, name) for column, name in known.items()})
    if "class_name" not in rows or not {"path", "sample_id"} & set(rows):
        raise InputError(f"{path.name!r} has the columns {', '.join(map(str, rows.columns))[:120]}; {NEEDED}.")
    empty = int(rows["class_name"].isna().sum())
    if rows.empty or empty:
        raise InputError(f"{path.name!r} has {len(rows):,} rows, {empty:,} of them without a class; give every image one.")
    return rows.assign(class_name=rows["class_name"].astype("str"))


def _splits(rows: pd.DataFrame, path: Path) -> pd.Series:
    if "split" not in rows:
        return pd.Series("train", rows.index)
    names = rows["split"].astype("str").str.lower().map(SPLIT_FOLDERS)
    if names.isna().any():
        raise InputError(f"{path.name!r} names the split {rows['split'][names.isna()].iloc[0]!r}; use train, val and test.")
    return names


def _subtypes(class_name: pd.Series, name: pd.Series) -> pd.Series:
    """What `names.parse` reads, without its regular expressions, which take minutes on many millions of names."""
    kinds, name = pd.Series(pd.NA, class_name.index, dtype="str"), name.str.lower()
    kinds[class_name == "NORMAL"] = "NORMAL"
    for infection, kind in (("_bacteria_", "BACTERIAL"), ("_virus_", "VIRAL")):
        kinds[(class_name == "PNEUMONIA") & name.str.contains(infection, regex=False)] = kind
    return kinds


def _refuse_repeats(sample_ids: pd.Series, path: Path) -> None:
    repeated = sample_ids[sample_ids.duplicated()]
    if len(repeated):
        raise InputError(f"{path.name!r} names {repeated.iloc[0]!r} more than once ({len(repeated):,} such rows); name each image once.")


def _with_facts(rows: pd.DataFrame) -> pd.DataFrame:
    """The sample table from the table's own columns; unknown facts are missing."""
    facts = {**FACTS, "n_bytes": "Int64", "subtype": "str", "path": "str"}
    given = {name: rows[name] if name in rows else pd.Series(pd.NA, rows.index, dtype="object") for name in COLUMNS}
    try:
        return pd.DataFrame(given).astype({name: kind for name, kind in facts.items() if name in COLUMNS})
    except (TypeError, ValueError) as error:
        raise InputError(f"A column of facts does not hold what its name says ({error}); leave it out, and it counts as unknown.") from None


def _measured(path: Path, rows: pd.DataFrame, progress: Progress | None) -> Dataset:
    """Stat and measure the files that the rows name; those that are missing count as unreadable."""
    files = [_resolved(path.parent, file) for file in rows["path"].astype("str")]
    stats = [file.stat() if file.is_file() else None for file in files]
    found = pd.Series([stat is not None for stat in stats])
    listed = rows.assign(path=[str(file) for file in files])[["sample_id", "path", "split", "class_name", "subtype", "patient_id"]]
    present = listed[found].assign(n_bytes=[s.st_size for s in stats if s], mtime_ns=[s.st_mtime_ns for s in stats if s])
    table = build_table(path, present.reset_index(drop=True), progress) if found.any() else pd.DataFrame({"reason": []})
    good = table["reason"].isna()
    if not good.any():
        raise InputError(f"None of the {len(rows):,} files that {path.name!r} names is a usable image; paths are relative to the table.")
    missing = listed.loc[~found, ["path"]].assign(reason="There is no such file; check the path in the table.")
    unreadable = pd.concat([table.loc[~good, ["path", "reason"]], missing], ignore_index=True)
    return Dataset(path.name, path, table.loc[good, list(COLUMNS)].reset_index(drop=True), unreadable, read_grey)


def _resolved(folder: Path, file: str) -> Path:
    return Path(file) if Path(file).is_absolute() else folder / file
