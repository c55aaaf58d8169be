"""What the file names of the published set say, and that odd names say nothing false."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets.kermany_names import canonical_class, parse


@pytest.mark.parametrize(
    ("sample_id", "subtype", "patient_id"),
    [
        ("train/NORMAL/IM-0115-0001.jpeg", "NORMAL", "train/im-0115"),
        ("test/NORMAL/IM-0011-0001-0002.jpeg", "NORMAL", "test/im-0011"),
        ("train/NORMAL/NORMAL2-IM-0383-0001.jpeg", "NORMAL", "train/normal2-im-0383"),
        ("test/NORMAL/NORMAL2-IM-0173-0001-0001.jpeg", "NORMAL", "test/normal2-im-0173"),
        ("train/PNEUMONIA/person1000_bacteria_2931.jpeg", "BACTERIAL", "train/person1000"),
        ("train/PNEUMONIA/person1000_virus_1681.jpeg", "VIRAL", "train/person1000"),
        ("test/PNEUMONIA/person1_virus_6.jpeg", "VIRAL", "test/person1"),
        ("train/PNEUMONIA/PERSON7_BACTERIA_1.JPEG", "BACTERIAL", "train/person7"),
        ("val/PNEUMONIA/person1946_bacteria_4874.jpeg", "BACTERIAL", "train/person1946"),  # val continues train's numbers
        ("val/NORMAL/NORMAL2-IM-1427-0001.jpeg", "NORMAL", "train/normal2-im-1427"),
        ("train/PNEUMONIA/scan.png", None, "train/PNEUMONIA/scan"),
        ("train/PNEUMONIA/person_x.png", None, "train/PNEUMONIA/person_x"),
        ("train/PNEUMONIA/a person3_bacteria_1.png", "BACTERIAL", "train/PNEUMONIA/a person3_bacteria_1"),
        ("train/NORMAL/person3_bacteria_1.png", "NORMAL", "train/person3"),  # the folder decides the class
        ("train/covid/person3_bacteria_1.png", None, "train/person3"),
        ("train/NORMAL/übung 🫁.v2.png", "NORMAL", "train/NORMAL/übung 🫁.v2"),
        ("train/NORMAL/no-suffix", "NORMAL", "train/NORMAL/no-suffix"),
    ],
)
def test_patterns(sample_id, subtype, patient_id):
    row = parse([sample_id]).iloc[0]
    assert (None if pd.isna(row["subtype"]) else row["subtype"]) == subtype
    assert row["patient_id"] == patient_id
    assert [row["split_folder"], row["class_name"]] == sample_id.split("/")[:2]


def test_patient_numbers_restart_between_train_and_test():
    patients = parse(["train/NORMAL/IM-0001-0001.jpeg", "test/NORMAL/IM-0001-0001.jpeg"])["patient_id"]
    assert patients.nunique() == 2


def test_ids_that_are_no_paths_are_patients_of_their_own():
    parsed = parse(["a", "b/c", "d"])
    assert parsed["patient_id"].tolist() == ["a", "b/c", "d"]
    assert parsed["subtype"].isna().all()


def test_no_ids():
    parsed = parse([])
    assert list(parsed.columns) == ["split_folder", "class_name", "subtype", "patient_id"] and parsed.empty


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("Normal", "NORMAL"), ("pneumonia", "PNEUMONIA"), ("COVID", "COVID"), ("Covid", "Covid"), ("Normal ", "Normal ")],
)
def test_class_folders(folder, expected):
    assert canonical_class(folder) == expected


@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("patient003_7.png", "patient003"),
        ("Subject-12 a.jpeg", "subject-12"),
        ("00000012_001.png", "00000012"),
        ("20240101.png", "NORMAL/20240101"),
    ],
)
def test_patients_of_other_collections(name, patient):
    assert parse([f"train/NORMAL/{name}"])["patient_id"][0] == f"train/{patient}"
