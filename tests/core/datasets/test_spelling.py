"""Spellings of one class."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from core.datasets import open_dataset
from core.datasets.spelling import one_spelling


@pytest.mark.parametrize(
    "names",
    [("healthy", "Healthy"), ("No_Finding", "No Finding"), ("NORMAL ", "NORMAL"), ("non-COVID", "non_covid"),
     (unicodedata.normalize("NFC", "neumonía"), unicodedata.normalize("NFD", "neumonía"))],
)  # fmt: skip
def test_one_class_in_two_spellings_takes_the_commoner(names):
    found, (note,) = one_spelling(pd.Series([names[0], names[0], names[1], "other"]))
    assert found.tolist() == [names[0]] * 3 + ["other"] and "are read as one" in note


def test_other_classes_stay_apart():
    names = pd.Series(["COVID", "COVID-", "COVID+", "normal", "abnormal"])
    assert one_spelling(names)[0].tolist() == names.tolist() and one_spelling(names)[1] == ()


def test_folders_and_tables_with_two_spellings_have_two_classes(lay):
    folder = lay("train/healthy/a.jpeg", "train/sick/b.jpeg", "train/sick/d.jpeg", "train/healthy/e.jpeg", "test/Healthy/c.jpeg")
    dataset = open_dataset(folder)
    assert dataset.class_names == ("healthy", "sick") and any("Healthy and healthy are read as one" in note for note in dataset.notes)
    table = pd.DataFrame(
        {"path": ["train/healthy/a.jpeg", "train/sick/b.jpeg", "test/Healthy/c.jpeg"], "class_name": ["ok x", "ill", "ok_x"]}
    )
    table.to_csv(folder / "t.csv", index=False)
    listed = open_dataset(folder / "t.csv")
    assert len(listed.class_names) == 2 and any("are read as one" in note for note in listed.notes)
