"""Which column holds what in a table of predictions."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets.tables.columns import Naming, TwoColumns
from core.errors import InputError
from core.external.score_columns import find_columns, like_a_score

TWO, THREE = ("NORMAL", "PNEUMONIA"), ("NORMAL", "BACTERIAL", "VIRAL")
SCORE, OTHER = [0.2, 0.9], [0.8, 0.1]


def found(columns: dict, naming: Naming = Naming()):  # noqa: B008 - frozen
    table = pd.DataFrame(columns)
    columns = find_columns(table, "x.csv", (TWO, THREE), naming)
    name = dict(enumerate(table.columns)) | {None: None}
    return name[columns.image], columns.class_names, [name[place] for place in columns.scores], columns


@pytest.mark.parametrize(
    ("columns", "image", "class_names", "scores"),
    [
        ({"sample_id": ["a", "b"], "p_NORMAL": OTHER, "p_PNEUMONIA": SCORE}, "sample_id", TWO, ["p_NORMAL", "p_PNEUMONIA"]),
        ({"Image Index": ["a", "b"], "P_pneumonia": SCORE}, "Image Index", TWO, ["P_pneumonia"]),
        ({"filename": ["a", "b"], "Prob(PNEUMONIA)": SCORE, "prob NORMAL": OTHER}, "filename", TWO, ["prob NORMAL", "Prob(PNEUMONIA)"]),
        ({"patientId": ["a", "b"], "pneumonia_probability": SCORE}, "patientId", TWO, ["pneumonia_probability"]),
        ({"id": ["a", "b"], "NORMAL": OTHER, "BACTERIAL": SCORE, "VIRAL": OTHER}, "id", THREE, ["NORMAL", "BACTERIAL", "VIRAL"]),
        ({"Unnamed: 0": ["a", "b"], "p_PNEUMONIA": SCORE}, "Unnamed: 0", TWO, ["p_PNEUMONIA"]),
        ({"filename": ["a", "b"], "label": [0, 1], "prob": SCORE}, "filename", None, []),
        ({"filename": ["a", "b"], "NORMAL": [1, 0], "PNEUMONIA": [0, 1]}, "filename", None, []),  # labels, one column each
        ({"filename": ["a", "b"], "p_0": OTHER, "p_1": SCORE}, "filename", None, []),
        ({"what": ["a", "b"], "p_PNEUMONIA": SCORE}, None, TWO, ["p_PNEUMONIA"]),
        ({"filename": ["a", "b"], "p_PNEUMONIA": SCORE, "p_COVID": OTHER}, "filename", None, []),
    ],
)
def test_by_their_names(columns, image, class_names, scores):
    told = found(columns)
    assert told[:3] == (image, class_names, scores) and told[3].complete == (image is not None and class_names is not None)


def test_as_a_person_says():
    columns = {"a": ["x", "y"], "b": SCORE, "p_value": OTHER, "truth?": [0, 1]}
    naming = Naming({"sample_id": "a", "p_PNEUMONIA": "B", "y_true": "truth?"})
    image, class_names, scores, told = found(columns, naming)
    assert (image, class_names, scores, told.y_true) == ("a", TWO, ["b"], 3)
    assert found({"id": ["x", "y"], "p_0": OTHER, "p_1": SCORE}, Naming({}, {"1": "PNEUMONIA", "0": "NORMAL"}))[2] == ["p_0", "p_1"]


@pytest.mark.parametrize(
    ("columns", "naming", "error", "words"),
    [
        ({"image": ["a"], "file": ["b"]}, Naming(), TwoColumns, "2 columns for sample_id"),
        (
            {"id": ["a"], "p_NORMAL": [0.5]},
            Naming({"p_COVID": "p_NORMAL"}),
            InputError,
            "--column takes sample_id, split, y_true, p_NORMAL",
        ),
        (
            {"id": ["a"], "p_NORMAL": [0.5]},
            Naming({}, {"NORMAL": "COVID"}),
            InputError,
            "--class-name gives a class one of the names NORMAL",
        ),
        ({"id": ["a"]}, Naming({"sample_id": "name"}), InputError, "no column 'name'; it has id"),
    ],
)
def test_what_is_refused(columns, naming, error, words):
    with pytest.raises(error, match=words):
        found(columns, naming)


def test_columns_like_a_score():
    table = pd.DataFrame({"a": SCORE, "b": [0, 1], "c": [3, 0.2], "d": ["0,5", "1"], "e": ["x", "0.5"]})
    assert like_a_score(table) == ["a", "d"]
