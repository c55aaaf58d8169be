"""Which columns of a table of images hold the image, its class, its patient and its split."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.counted import counted
from core.datasets.folders.split_names import splits
from core.datasets.tables.columns import CLASS, FILE, IMAGE_ID, PATIENT, SPLIT, Naming, UnclearColumns, key, listed, locate, others_than
from core.datasets.tables.listed import find_files
from core.datasets.tables.tabular import UNNAMED, as_text
from core.errors import InputError

WANTED = {"path": FILE, "sample_id": IMAGE_ID, "class_name": CLASS, "patient_id": PATIENT, "split": SPLIT, "subtype": (("subtype",),)}
NEEDED = "expected the columns class_name and path or sample_id, and perhaps split and patient_id"
MANY = 100_000  # rows in which a file is looked for


def image_columns(table: pd.DataFrame, path: Path, naming: Naming) -> dict[str, int]:
    """Find the columns of `WANTED`.

    Parameters
    ----------
    table : DataFrame
        As `core.datasets.tables.tabular.read_tabular` gives it.
    path : Path
        Of the table; what it names may lie beside it.
    naming : Naming
        What its columns are called, where their names do not tell.

    Returns
    -------
    dict of str to int
        Positions by our names; at least ``class_name`` and ``path`` or ``sample_id``.

    Raises
    ------
    InputError
        If these are not there, or two columns mean the same and differ.
    """
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
        raise UnclearColumns(
            f"{path.name!r} has the columns {listed(table.columns)}; {NEEDED}. Say which is which with --column class_name=…, "
            "or write the names above the rows if they are missing."
        )
    return _with_files(table, path, found, naming)


def notes_on(table: pd.DataFrame, places: dict[str, int], known: pd.Series) -> tuple[str, ...]:
    """What a person should know of how the table was read; `known` is whether each row names a patient."""
    notes = []
    others = others_than(table, places["class_name"], CLASS)
    if others:
        notes.append(f"The classes are those of the column {table.columns[places['class_name']]}, not of {listed(others)}.")
    if known.any() and not known.all():
        n_unknown = int((~known).sum())
        names = "names" if n_unknown == 1 else "name"
        notes.append(f"{n_unknown:,} of {counted(len(known), 'row')} {names} no patient: each such row counts as a patient of its own.")
    return tuple(notes)


def _with_files(table: pd.DataFrame, path: Path, found: dict[str, int], naming: Naming) -> dict[str, int]:
    """A column such as ``Image Index`` names files where they lie beside the table; `sample_id` itself is a name and no more."""
    place = found.get("sample_id")
    if place is None or "path" in found or "sample_id" in naming.columns or key(table.columns[place]) == "sampleid":
        return found
    files = find_files(path.parent, as_text(table.iloc[:MANY, place]).dropna())
    is_file = any(stat is not None for _, stat in files)
    return {"path" if ours == "sample_id" and is_file else ours: where for ours, where in found.items()}
