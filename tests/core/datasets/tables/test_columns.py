"""Which column is meant: by the names in use, by what a person says, and what is said where two mean the same."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets.tables.columns import CLASS, FILE, Naming, TwoColumns, locate, others_than
from core.errors import InputError

WANTED = {"path": FILE, "class_name": CLASS}


def found(columns: dict, naming: Naming = Naming()) -> dict[str, str]:  # noqa: B008 - frozen
    table = pd.DataFrame({name: [values] if isinstance(values, str) else values for name, values in columns.items()})
    return {ours: table.columns[place] for ours, place in locate(table, "x.csv", WANTED, naming).items()}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"Path": "a", "Finding Labels": "b"}, {"path": "Path", "class_name": "Finding Labels"}),
        ({"X_ray_image_name": "a", "Label": "b", "other": "c"}, {"path": "X_ray_image_name", "class_name": "Label"}),
        ({"filename": "a", "path": "b", "label": "0", "class_name": "x"}, {"path": "path", "class_name": "class_name"}),
        ({"image": "a", "file_path": "b", "Target": "1"}, {"path": "file_path", "class_name": "Target"}),
        ({"label": "a", "class": "a"}, {"class_name": "label"}),
        ({"note": "a"}, {}),
    ],
)
def test_names_in_use(columns, expected):
    assert found(columns) == expected


def test_two_columns_of_one_rank_that_differ_are_not_guessed():
    with pytest.raises(TwoColumns, match="2 columns for class_name, which differ: class, label; say which one with --column"):
        found({"class": "x", "label": "1"})
    assert found({"class": "x", "label": "1"}, Naming({"class_name": "LABEL"})) == {"class_name": "label"}
    table = pd.DataFrame({"class_name": ["x"], "label": ["1"], "Diagnosis": ["x"], "age": [3]})
    assert others_than(table, 0, CLASS) == ["label"]


def test_a_column_that_a_person_names_must_be_there():
    with pytest.raises(InputError, match="no column 'dx'; it has a, b"):
        found({"a": "1", "b": "2"}, Naming({"class_name": "dx"}))


def test_options_are_parted_at_the_sign():
    naming = Naming.from_options(["sample_id=a=b", " path = File "], ["1=PNEUMONIA", "a=b=NORMAL"])
    assert naming.columns == {"sample_id": "a=b", "path": "File"} and naming.class_names == {"1": "PNEUMONIA", "a=b": "NORMAL"}
    assert naming.ours("1") == "PNEUMONIA" and naming.ours("2") == "2" and not Naming()
    for bad in ("x", "=x", "x="):
        with pytest.raises(InputError, match="--column takes two names"):
            Naming.from_options([bad], [])


def test_classes_are_renamed_in_any_case_and_none_that_is_not_there():
    values = pd.Series(["Pneu", "ok", None])
    assert Naming({}, {"PNEU": "PNEUMONIA"}).renamed(values, "x.csv").fillna("").tolist() == ["PNEUMONIA", "ok", ""]
    with pytest.raises(InputError, match="no class '7' to rename; it has Pneu, ok"):
        Naming({}, {"7": "PNEUMONIA"}).renamed(values, "x.csv")
