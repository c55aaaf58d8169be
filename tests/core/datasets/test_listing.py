"""Tables of images: with files and without, other names of columns, and what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets import open_dataset
from core.errors import InputError


def test_files_named_by_a_table_are_measured(lay, tmp_path):
    lay("a/1.png", "b/2.png", root=tmp_path / "files")
    pd.DataFrame({"File": ["files/a/1.png", "files/b/2.png", "files/gone.png"], "Label": ["heart", "Lung/left", "heart"]}).to_csv(
        tmp_path / "list.csv", index=False
    )
    dataset = open_dataset(tmp_path / "list.csv")
    assert dataset.samples["sample_id"].tolist() == ["train/Lung∕left/2.png", "train/heart/1.png"]
    assert dataset.samples["width"].tolist() == [32, 32] and dataset.read("train/heart/1.png").shape == (32, 32)
    assert dataset.unreadable["reason"].str.contains("no such file").tolist() == [True]


def test_a_table_without_files_brings_its_own_facts(tmp_path):
    names = {"sample_id": ["x.png", "y.png"], "class_name": ["normal", "pneumonia"], "split": ["train", "Test"]}
    rows = pd.DataFrame(names | {"patient_id": [7, 7], "width": [10, 20]})
    rows.to_parquet(tmp_path / "list.parquet")
    dataset = open_dataset(tmp_path / "list.parquet")
    assert not dataset.has_pixels
    assert dataset.samples["sample_id"].tolist() == ["test/PNEUMONIA/y.png", "train/NORMAL/x.png"]
    assert dataset.samples["patient_id"].tolist() == ["7", "7"] and dataset.samples["width"].tolist() == [20, 10]
    assert dataset.samples["content_hash"].isna().all()


def test_patients_are_read_from_names_where_no_column_names_them(tmp_path):
    pd.DataFrame({"sample_id": ["person3_virus_1.jpeg"], "class_name": ["PNEUMONIA"]}).to_csv(tmp_path / "list.csv", index=False)
    sample = open_dataset(tmp_path / "list.csv").samples.iloc[0]
    assert (sample["patient_id"], sample["subtype"]) == ("train/person3", "VIRAL")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"name": ["a"]}, "expected the columns class_name"),
        ({"class_name": ["a"]}, "expected the columns class_name and path or sample_id"),
        ({"sample_id": ["a", "b"], "class_name": ["x", None]}, "1 of them without a class"),
        ({"sample_id": ["a", "a"], "class_name": ["x", "x"]}, "more than once"),
        ({"sample_id": ["a"], "class_name": ["x"], "split": ["spare"]}, "'spare'"),
        ({"sample_id": ["a"], "class_name": ["x"], "width": ["wide"]}, "does not hold what its name says"),
        ({"path": ["gone.png"], "class_name": ["x"]}, "None of the 1 files"),
    ],
)
def test_what_is_refused_says_what_is_wrong(tmp_path, columns, words):
    pd.DataFrame(columns).to_csv(tmp_path / "list.csv", index=False)
    with pytest.raises(InputError, match=words):
        open_dataset(tmp_path / "list.csv")


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_broken_file_is_one_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00\xff\x00 no table" if name.endswith("parquet") else b"")
    with pytest.raises(InputError, match="not a readable table"):
        open_dataset(tmp_path / name)
