"""A table of predictions held against its reference: columns, values, names and labels, each fault named with its row."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.counted import counted
from core.datasets.folders.folder_facts import infection
from core.datasets.folders.split_names import splits
from core.datasets.kermany_names import SUBTYPES
from core.datasets.tables.columns import PATIENT, Naming, listed, locate
from core.datasets.tables.listed import known_patients
from core.datasets.tables.tabular import as_text
from core.errors import InputError
from core.external.known_images import Reference
from core.external.score_columns import ScoreColumns, class_texts, find_columns, like_a_score
from core.external.scores import probabilities
from core.external.stated_labels import compare_labels

ID = "sample_id"
SPLITS = ("test", "val")
SCORES = ("prob", "proba", "probability", "score", "p", "p1", "y_score", "y_prob")  # names of nothing but a score of the ill class
AS_GIVEN = Naming()


@dataclass(frozen=True)
class Checked:
    """A table of predictions that is sound.

    Attributes
    ----------
    class_names : tuple of str
    table : DataFrame
        ``sample_id, split, y_true, p_<class>…`` as a run stores it.
    notes : tuple of str
        What a person should know of how it was read.
    patients : Series of shape (n_samples,), str, or None
        Whose the images are, in the order of `table`, where a column states it; missing where it is left empty.
    """

    class_names: tuple[str, ...]
    table: pd.DataFrame
    notes: tuple[str, ...]
    patients: pd.Series | None = None


def check_table(table: pd.DataFrame, name: str, reference: Reference, naming: Naming = AS_GIVEN) -> Checked:
    """Hold a table against the reference.

    Parameters
    ----------
    table : DataFrame
        As `core.datasets.tables.tabular.read_tabular` gives it: the image, ``p_<class>…`` and, if wanted, ``split`` (``test`` or ``val``)
        and ``y_true`` (a class name or number), which must then agree with the known labels. Of two classes the first may be left out.
    name : str
        What errors call the table.
    reference : Reference
    naming : Naming
        What its columns and classes are called, where their names do not tell.

    Returns
    -------
    Checked

    Raises
    ------
    InputError
        Naming what is wrong, where, and what to do.
    """
    columns = find_columns(table, name, reference.schemes, naming)
    _refuse_unused(table, name, columns, naming)
    class_names = columns.class_names or _refuse_scores(table, name, reference)
    scores = probabilities(table.iloc[:, list(columns.scores)], name)
    scores = scores[:, ::-1] if columns.of_first else scores
    split = _split(table, name, columns)
    sample_ids = _sample_ids(table, name, split, reference, columns)
    y_true = reference.labels(sample_ids, class_names)
    notes = compare_labels(table, name, reference.title, y_true, columns, naming)
    found = pd.DataFrame({ID: sample_ids.to_numpy(), "split": split.to_numpy(), "y_true": y_true})
    found[[f"p_{class_name}" for class_name in class_names]] = scores
    return Checked(class_names, found, notes, _patients(table, name, columns, naming))


def require_test(reference: Reference) -> None:
    """Raise InputError unless the reference has test images of two classes."""
    if not len(reference.test_ids()):
        raise InputError(
            f"{reference.title!r} has no test images to hold predictions against; put the images that were scored in a folder test/ "
            "(test/NORMAL, test/PNEUMONIA), or mark them as test in a column split of a table of images."
        )
    if all(len(class_names) < 2 for class_names in reference.schemes):
        classes = listed(reference.schemes[0]) or "none"
        raise InputError(
            f"{reference.title!r} has images of one class alone ({classes}); to judge scores, it needs images of another class too."
        )


def _patients(table: pd.DataFrame, name: str, columns: ScoreColumns, naming: Naming) -> pd.Series | None:
    place = locate(table, name, {"patient_id": PATIENT}, naming).get("patient_id")
    if place is None or place == columns.image:
        return None
    return known_patients(as_text(table.iloc[:, place])).reset_index(drop=True)


def _refuse_scores(table: pd.DataFrame, name: str, reference: Reference) -> tuple[str, ...]:
    expected = " or ".join(", ".join(f"p_{class_name}" for class_name in class_names) for class_names in reference.schemes)
    given = [str(column) for column in table.columns if str(column).lower().startswith("p_")]
    known = {class_name.casefold() for class_names in reference.schemes for class_name in class_names}
    strange = [column[2:] for column in given if column[2:].casefold() not in known]
    likely = like_a_score(table)
    if strange and all(one.upper() in SUBTYPES or infection(one.replace("_", " ")) for one in strange):
        raise InputError(
            f"{name!r} tells bacterial from viral pneumonia, and the images of {reference.title!r} do not; add the two scores up to one "
            f"column p_{reference.schemes[0][-1]}."
        )
    advice = (
        f"{reference.title!r} has no class {strange[0]!r}; if that is another name for one, say so with --class-name {strange[0]}=…"
        if strange
        else f"Where they have other names, say which is which with --column p_{reference.schemes[0][-1]}="
        f"{likely[0] if len(likely) == 1 and likely[0].casefold() in SCORES else '…'}"
    )
    raise InputError(f"{name!r} needs the columns {ID} and {expected}; received {listed(given or table.columns)}. {advice}.")


def _refuse_unused(table: pd.DataFrame, name: str, columns: ScoreColumns, naming: Naming) -> None:
    """A name that is given to no class of the table would otherwise do nothing, without a word."""
    places = [place for place in (columns.y_true, columns.label) if place is not None]
    values = {str(value) for place in places for value in as_text(table.iloc[:, place]).dropna().unique()[:1000]}
    known = {text.casefold() for text in (*class_texts(table), *values)}
    unused = [theirs for theirs in naming.class_names if theirs.casefold() not in known]
    if unused:
        raise InputError(f"{name!r} has no class {unused[0]!r} to rename, neither in the name of a column nor among its labels.")


def _split(table: pd.DataFrame, name: str, columns: ScoreColumns) -> pd.Series:
    if columns.split is None:
        return pd.Series("test", index=table.index)
    given = as_text(table.iloc[:, columns.split])
    split = splits(given)
    other = ~split.isin(SPLITS)
    if other.any():
        first = given[other].iloc[0]
        what = "leaves a split empty" if pd.isna(first) else f"has the split {first!r}"
        raise InputError(f"{name!r} {what}; use test and val, and leave out training images.")
    return split


def _sample_ids(table: pd.DataFrame, name: str, split: pd.Series, reference: Reference, columns: ScoreColumns) -> pd.Series:
    if columns.image is None:
        raise InputError(
            f"{name!r} has no column {ID} (it has {listed(table.columns)}); name each image there as in {reference.test_ids()[0]!r}, or "
            f"say which column does with --column {ID}=…."
        )
    given = as_text(table.iloc[:, columns.image])
    found = reference.resolve(given, split == "test")
    if found.isna().any():
        unknown = given[found.isna()]
        raise InputError(
            f"{name!r} names {counted(len(unknown), 'image')} that {reference.title!r} does not have, such as {shown_name(unknown)}."
        )
    if found.duplicated().any():
        twice = found[found.duplicated()]
        raise InputError(f"{name!r} names {counted(len(twice), 'image')} twice, such as {twice.iloc[0]!r}; keep one row for each.")
    wrong = found.isin(reference.test_ids()) != (split == "test")
    if wrong.any():
        raise InputError(f"{name!r} has {found[wrong].iloc[0]!r} in the split {split[wrong].iloc[0]!r}, where it does not belong.")
    missing = reference.test_ids().difference(found)
    if len(missing):
        n = len(reference.test_ids())
        raise InputError(
            f"{name!r} lacks {len(missing)} of the {n} test images of {reference.title!r}, such as {missing[0]!r}; score them all."
        )
    return found


def shown_name(names: pd.Series) -> str:
    """The first of some names in quotes, or ``an empty cell``."""
    first = names.iloc[0]
    return "an empty cell" if pd.isna(first) else repr(str(first)[:120])
