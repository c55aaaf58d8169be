"""What was said of a table's columns holds where their names do not tell, for a training and a later session too."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets import open_dataset
from core.datasets.tables.columns import Naming, UnclearColumns
from core.datasets.tables.said_columns import SAID, forget_columns, remember_columns, remembered_columns

SAYS = Naming({"sample_id": "fichier", "class_name": "verdict"}, {"ill": "PNEUMONIA"})


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def table(tmp_path):
    rows = pd.DataFrame({"fichier": ["a", "b", "c"], "verdict": ["ill", "NORMAL", "ill"]})
    rows.to_csv(tmp_path / "list.csv", index=False)
    return tmp_path / "list.csv"


def test_it_is_read_as_it_was_said_until_that_is_forgotten(table):
    with pytest.raises(UnclearColumns):
        open_dataset(table)
    remember_columns(table, ["fichier", "verdict"], SAYS)
    dataset = open_dataset(table)
    assert dataset.samples["class_name"].value_counts().to_dict() == {"PNEUMONIA": 2, "NORMAL": 1}
    assert dataset.notes[0] == f"{SAID}: fichier is sample_id, verdict is class_name."
    forget_columns(table, ["fichier", "verdict"])
    with pytest.raises(UnclearColumns):
        open_dataset(table)


def test_it_holds_for_this_table_and_these_columns_alone(table, tmp_path):
    remember_columns(table, ["fichier", "verdict"], SAYS)
    assert remembered_columns(table, ["Fichier", "VERDICT"]) == SAYS
    assert remembered_columns(table, ["fichier", "other"]) is None
    assert remembered_columns(tmp_path / "other.csv", ["fichier", "verdict"]) is None


def test_names_that_tell_need_nothing_said(table):
    pd.DataFrame({"sample_id": ["a", "b"], "class": ["x", "y"]}).to_csv(table, index=False)
    remember_columns(table, ["sample_id", "class"], Naming({"sample_id": "class", "class_name": "sample_id"}))
    assert sorted(open_dataset(table).class_names) == ["x", "y"]


def test_a_broken_note_is_none(table, cache):
    remember_columns(table, ["fichier", "verdict"], SAYS)
    next((cache / "columns").iterdir()).write_text("[]")
    assert remembered_columns(table, ["fichier", "verdict"]) is None
