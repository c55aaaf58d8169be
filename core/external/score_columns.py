"""Which columns of a table of predictions name the image and hold the score of which class."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.folders.folder_facts import infection
from core.datasets.tables.columns import CLASS, FILE, IMAGE_ID, TRUTH, Naming, TwoColumns, locate, one_of, position
from core.datasets.tables.tabular import UNNAMED, as_numbers
from core.errors import InputError

PREFIX = "p_"
LOOSE = re.compile(r"(?i)^(?:p|pr|prob|proba|probability|score)[\s_.(:\[-]+(.+?)[)\]]?$|^(.+?)[\s_.-]+(?:prob|proba|probability|score)$")
IMAGE = (*IMAGE_ID[:1], *FILE, *IMAGE_ID[1:], ("id", "name", "uid"), ("patientid",))
COLUMNS = ("sample_id", "split", "y_true")


@dataclass(frozen=True)
class ScoreColumns:
    """Positions of columns; None where the names do not tell.

    Attributes
    ----------
    image, split, y_true : int or None
    label : int or None
        A column called like a label, which may as well be what a model called.
    class_names : tuple of str or None
    scores : tuple of int
        One for each class, or for one of two alone.
    of_first : bool
        Whether that one is the first of two, whose scores are what the second leaves to 1.
    """

    image: int | None
    split: int | None
    y_true: int | None
    label: int | None
    class_names: tuple[str, ...] | None
    scores: tuple[int, ...]
    of_first: bool = False

    @property
    def complete(self) -> bool:
        """Whether it is known what names the image and what the scores are."""
        return self.image is not None and self.class_names is not None


def find_columns(table: pd.DataFrame, name: str, schemes: Iterable[tuple[str, ...]], naming: Naming) -> ScoreColumns:
    """Find the columns of a table of predictions by their names, or as a person says.

    Parameters
    ----------
    table : DataFrame
    name : str
        What errors call the table.
    schemes : iterable of tuple of str
        The class names that predictions may have; the first that fits is taken.
    naming : Naming

    Returns
    -------
    ScoreColumns

    Raises
    ------
    InputError
        If two columns mean the same and differ, or `naming` names what is not there.
    """
    schemes = tuple(schemes)
    _check_naming(schemes, naming)
    strict = {"sample_id": IMAGE, "split": (("split",),), "y_true": TRUTH}
    found = locate(table, name, strict, naming)
    unnamed = next((place for place, column in enumerate(table.columns) if column == UNNAMED), None)
    try:
        label = locate(table, name, {"class_name": CLASS}, Naming()).get("class_name")
    except TwoColumns:  # two such columns that differ; neither is needed
        label = None
    class_names, scores, of_first = _scores(table, name, schemes, naming)
    label = None if label in (*scores, found.get("y_true")) else label
    return ScoreColumns(found.get("sample_id", unnamed), found.get("split"), found.get("y_true"), label, class_names, scores, of_first)


def like_a_score(table: pd.DataFrame) -> list[str]:
    """Names of the columns of numbers from 0 to 1 that are not all 0 and 1.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    list of str
    """
    return [str(column) for place, column in enumerate(table.columns) if _is_share(table.iloc[:, place])]


def class_texts(table: pd.DataFrame) -> list[str]:
    """What the names of columns of scores call their classes: ``pneu`` for ``p_pneu`` and ``prob_pneu``, and every other name."""
    return [_after_prefix(str(column), table.iloc[:, 0]) or str(column) for column in table.columns] + [
        match[1] or match[2] for column in table.columns if (match := LOOSE.match(str(column)))
    ]


def _check_naming(schemes: tuple[tuple[str, ...], ...], naming: Naming) -> None:
    known = {_plain(PREFIX + class_name): PREFIX + class_name for class_names in schemes for class_name in class_names}
    unknown = [ours for ours in naming.columns if ours not in COLUMNS and _plain(ours) not in known]
    if unknown:
        raise InputError(f"--column takes {', '.join([*COLUMNS, *known.values()])}; received {unknown[0]!r}.")
    classes = {_plain(class_name): class_name for class_names in schemes for class_name in class_names}
    strange = [ours for ours in naming.class_names.values() if _plain(ours) not in classes]
    if strange:
        raise InputError(f"--class-name gives a class one of the names {', '.join(classes.values())}; received {strange[0]!r}.")


def _scores(table: pd.DataFrame, name: str, schemes: tuple, naming: Naming) -> tuple[tuple[str, ...] | None, tuple[int, ...], bool]:
    said = {_plain(ours)[len(PREFIX) :]: position(table, name, theirs) for ours, theirs in naming.columns.items() if ours not in COLUMNS}
    strict = _kinds(_by_class(table, name, naming, _after_prefix), schemes) | said
    for places in (said, strict):
        for class_names in schemes:
            if found := _fitting(class_names, places, set(places)):
                return class_names, found, False
    if not strict:
        loose = _kinds(_by_class(table, name, naming, _loosely), schemes)
        for class_names in schemes:
            if found := _fitting(class_names, loose, set(loose) & {_plain(one) for one in class_names}):
                return class_names, found, False
    for class_names in schemes:
        if len(class_names) == 2 and set(strict) == {_plain(class_names[0])}:
            return class_names, tuple(strict.values()), True
    return None, (), False


def _fitting(class_names: tuple[str, ...], places: dict[str, int], given: set[str]) -> tuple[int, ...]:
    keys = [_plain(class_name) for class_name in class_names]
    if given == set(keys):
        return tuple(places[one] for one in keys)
    return (places[keys[1]],) if len(keys) == 2 and given == {keys[1]} else ()


def _by_class(table: pd.DataFrame, name: str, naming: Naming, reading: Callable[[str, pd.Series], str | None]) -> dict[str, int]:
    """Positions by class of the columns whose names tell one, by a way of reading them."""
    found: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        class_name = reading(str(column), table.iloc[:, place])
        if class_name:
            found.setdefault(_plain(naming.ours(class_name)), []).append(place)
    return {class_name: one_of(table, name, str(table.columns[places[0]]), places) for class_name, places in found.items()}


def _kinds(places: dict[str, int], schemes: tuple) -> dict[str, int]:
    """The same with bacterial and viral columns under our names of these classes, as ``p_BACTERIA`` for BACTERIAL."""
    classes = {_plain(one) for class_names in schemes for one in class_names}
    ours = {one: kind for one in places if one not in classes and (kind := _plain(infection(one.replace("_", " ")) or "")) in classes}
    if len(set(ours.values())) < len(ours) or set(ours.values()) & places.keys():
        return places  # two columns of one kind
    return {ours.get(one, one): place for one, place in places.items()}


def _after_prefix(column: str, values: pd.Series) -> str | None:
    return column[len(PREFIX) :] if column.lower().startswith(PREFIX) else None


def _loosely(column: str, values: pd.Series) -> str | None:
    """``prob_PNEUMONIA`` and the like; a class alone where it holds more than 0 and 1, which would be labels."""
    match = LOOSE.match(column)
    if match:
        return match[1] or match[2]
    return column if _is_share(values) else None


def _is_share(values: pd.Series) -> bool:
    numbers = as_numbers(values).to_numpy()
    return bool(len(numbers) and np.isfinite(numbers).all() and numbers.min() >= -1e-3 and numbers.max() <= 1.001) and not bool(
        np.isin(numbers, (0, 1)).all()
    )


def _plain(class_name: str) -> str:
    return re.sub(r"[\s_-]+", "_", class_name.strip().casefold())
