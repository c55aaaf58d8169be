"""Which column of a table holds what: by the names in use in this field, or as a person says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from core.datasets.tables.tabular import as_text
from core.errors import InputError

Tiers = tuple[tuple[str, ...], ...]
"""Names for one column, compared without case, blanks and signs; the first group with a column in the table decides."""

FILE: Tiers = (
    ("path",),
    ("filepath", "imagepath", "imgpath", "dicompath", "dcmpath", "fullpath"),
    ("file", "filename", "image", "img", "imagefile", "imagefilename", "imagename", "imgname", "xrayimagename", "fname"),
)
IMAGE_ID: Tiers = (("sampleid",), ("imageid", "imageindex", "imgid", "dicomid", "sopinstanceuid"))
CLASS: Tiers = (
    ("classname",),
    ("class", "label"),
    ("findinglabels", "findinglabel", "finding", "diagnosis", "target", "category", "labels", "disease", "pathology"),
)
PATIENT: Tiers = (("patientid",), ("patient", "patientnumber", "patientno"), ("subjectid", "subject"))
SPLIT: Tiers = (("split",), ("subset", "partition", "datasettype", "phase", "set"))
TRUTH: Tiers = (("ytrue",), ("truelabel", "trueclass", "groundtruth", "truth"))


class UnclearColumns(InputError):
    """The names of a table's columns do not tell what they hold, so that a person must say it."""


class TwoColumns(UnclearColumns):
    """Two columns of a table mean the same and differ, so that a person must say which one is meant."""


@dataclass(frozen=True)
class Naming:
    """What a person says the columns and classes of a table are called.

    Attributes
    ----------
    columns : mapping of str to str
        Our name of a column to the table's own, such as ``{"sample_id": "filename"}``.
    class_names : mapping of str to str
        The table's own name of a class to ours, such as ``{"1": "PNEUMONIA"}``.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    class_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_options(cls, columns: Iterable[str], class_names: Iterable[str]) -> Naming:
        """From ``OURS=THEIRS`` for columns and ``THEIRS=OURS`` for classes; raises InputError where there is no ``=``."""
        return cls(
            dict(_parted(text, "--column", "sample_id=filename", False) for text in columns),
            dict(_parted(text, "--class-name", "1=PNEUMONIA", True) for text in class_names),
        )

    def __bool__(self) -> bool:
        return bool(self.columns or self.class_names)

    def ours(self, class_name: str) -> str:
        """Our name of a class, which the table may write in another case."""
        known = {theirs.casefold(): ours for theirs, ours in self.class_names.items()}
        return self.class_names.get(class_name, known.get(class_name.casefold(), class_name))

    def renamed(self, values: pd.Series, name: str) -> pd.Series:
        """Text with our names of classes; raises InputError if a class that was said to be renamed is not there."""
        found = values.dropna().unique()
        for theirs in self.class_names:
            if theirs.casefold() not in {value.casefold() for value in found}:
                raise InputError(f"{name!r} has no class {theirs!r} to rename; it has {listed(found)}.")
        return values.map({value: self.ours(value) for value in found}) if self.class_names else values


def locate(table: pd.DataFrame, name: str, wanted: Mapping[str, Tiers], naming: Naming) -> dict[str, int]:
    """Positions of the columns that are there.

    Parameters
    ----------
    table : DataFrame
    name : str
        What errors call the table.
    wanted : mapping of str to Tiers
        By our name of each column.
    naming : Naming
        Where it names a column, it decides.

    Returns
    -------
    dict of str to int

    Raises
    ------
    InputError
        If two columns of one rank mean the same and differ, or `naming` names a column that is not there.
    """
    keys = [key(column) for column in table.columns]
    found = {}
    for ours, tiers in wanted.items():
        if ours in naming.columns:
            found[ours] = position(table, name, naming.columns[ours])
            continue
        ranks = ([place for place, one in enumerate(keys) if one in tier] for tier in tiers)
        places = next((rank for rank in ranks if rank), [])
        if places:
            found[ours] = one_of(table, name, ours, places)
    return found


def others_than(table: pd.DataFrame, place: int, tiers: Tiers) -> list[str]:
    """Names of the columns that could have meant the same as the one chosen, and differ from it."""
    known, chosen = {one for tier in tiers for one in tier}, as_text(table.iloc[:, place])
    others = [one for one, column in enumerate(table.columns) if key(column) in known and one != place]
    return [str(table.columns[one]) for one in others if not as_text(table.iloc[:, one]).equals(chosen)]


def position(table: pd.DataFrame, name: str, theirs: str) -> int:
    """Position of a column that a person names, in any case of letters.

    Parameters
    ----------
    table : DataFrame
    name : str
        What errors call the table.
    theirs : str

    Returns
    -------
    int

    Raises
    ------
    InputError
        If it is not there or stands twice.
    """
    for same in (str, str.casefold):
        places = [place for place, column in enumerate(table.columns) if same(column) == same(theirs.strip())]
        if places:
            return one_of(table, name, theirs, places)
    raise InputError(f"{name!r} has no column {theirs!r}; it has {listed(table.columns)}.")


def key(column: str) -> str:
    """A name without case, blanks and signs: ``patientid`` for ``Patient ID`` and ``patient_id``.

    Parameters
    ----------
    column : str

    Returns
    -------
    str
    """
    return re.sub(r"[\W_]+", "", column.casefold())


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names for a sentence, at most some of them.

    Parameters
    ----------
    names : iterable of str
    most : int

    Returns
    -------
    str
    """
    names = [str(one)[:40] for one in names]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def one_of(table: pd.DataFrame, name: str, ours: str, places: list[int]) -> int:
    """The first of columns that mean the same.

    Parameters
    ----------
    table : DataFrame
    name : str
        What errors call the table.
    ours : str
        What we call the column.
    places : list of int
        Positions in the table.

    Returns
    -------
    int

    Raises
    ------
    TwoColumns
        If they differ.
    """
    first = as_text(table.iloc[:, places[0]])
    if all(first.equals(as_text(table.iloc[:, place])) for place in places[1:]):
        return places[0]
    columns = [str(table.columns[place]) for place in places]
    advice = f"say which one with --column {ours}=…, or leave one out" if len(set(columns)) > 1 else "leave one out"
    raise TwoColumns(f"{name!r} has {len(places)} columns for {ours}, which differ: {listed(columns)}; {advice}.")


def _parted(text: str, option: str, example: str, at_last: bool) -> tuple[str, str]:
    before, sign, after = text.rpartition("=") if at_last else text.partition("=")
    if not sign or not before.strip() or not after.strip():
        raise InputError(f"{option} takes two names, such as {option} {example}; received {text!r}.")
    return before.strip(), after.strip()
