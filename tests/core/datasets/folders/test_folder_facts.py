"""What folders below a class tell: infections and patients."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets.folders.folder_facts import facts, infection, kinds_of_pneumonia


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("BACTERIAL", ["bacteria", "Bacterial", "BACTERIA", "bacterial_pneumonia", "PNEUMONIA-Bacterial", "bacteriana", "bakteriell"]),
        ("VIRAL", ["virus", "viral", "Viral Pneumonia", "pneumonia_virus", "vírica", "VIRUS images"]),
        (None, ["pneumonia", "virginia", "bacterial and viral", "non bacterial", "site_virus_A", "images", "covid", ""]),
    ],
)  # fmt: skip
def test_infections(kind, names):
    assert {name: infection(name) for name in names} == dict.fromkeys(names, kind)


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (["NORMAL", "BACTERIA", "VIRUS"], {"BACTERIA": "BACTERIAL", "VIRUS": "VIRAL"}),
        (["sano", "bacteriana", "viral"], {"bacteriana": "BACTERIAL", "viral": "VIRAL"}),
        (["NORMAL", "BACTERIA"], {}),
        (["BACTERIA", "VIRUS"], {}),
        (["NORMAL", "BACTERIA", "VIRUS", "COVID"], {}),
        (["NORMAL", "PNEUMONIA"], {}),
        (["NORMAL", "BACTERIA", "PNEUMONIA"], {"BACTERIA": "BACTERIAL"}),
        (["NORMAL", "BACTERIA", "VIRUS", "Pneumonia"], {"BACTERIA": "BACTERIAL", "VIRUS": "VIRAL"}),
        (["NORMAL", "Viral Pneumonia", "COVID", "pneumonia"], {"Viral Pneumonia": "VIRAL"}),
        (["NORMAL", "Viral Pneumonia", "COVID", "Lung_Opacity"], {}),
    ],
)
def test_kinds_of_one_class(classes, expected):
    assert kinds_of_pneumonia(classes) == (expected, "PNEUMONIA")


def test_the_class_that_kinds_belong_to_keeps_its_name():
    assert kinds_of_pneumonia(["sano", "neumonía", "virus"]) == ({"virus": "VIRAL"}, "neumonía")


@pytest.mark.parametrize(
    ("below", "class_name", "subtype", "patient"),
    [
        ("person12_bacteria_46.jpeg", "PNEUMONIA", "BACTERIAL", "train/person12"),
        ("bacteria/person12_bacteria_46.jpeg", "PNEUMONIA", "BACTERIAL", "train/person12"),
        ("site/person12_virus_46.jpeg", "PNEUMONIA", "VIRAL", "train/person12"),
        ("virus/x.png", "PNEUMONIA", "VIRAL", "train/PNEUMONIA/virus/x"),
        ("Patient 7/study 1/x.png", "PNEUMONIA", None, "train/patient 7"),
        ("viral/patient007/x.png", "neumonía", "VIRAL", "train/patient007"),
        ("virus/x.png", "NORMAL", "NORMAL", "train/NORMAL/virus/x"),
        ("2019/IM-0115-0001.jpeg", "NORMAL", "NORMAL", "train/im-0115"),
    ],
)
def test_facts_of_one_file(below, class_name, subtype, patient):
    row = facts(pd.DataFrame({"sample_id": [f"train/{class_name}/{below}"], "class_name": [class_name]})).iloc[0]
    assert (None if pd.isna(row["subtype"]) else row["subtype"], row["patient_id"]) == (subtype, patient)


def test_val_continues_the_patients_of_train():
    files = pd.DataFrame({"sample_id": [f"{split}/PNEUMONIA/virus/person1_virus_{split}.png" for split in ("train", "val", "test")]})
    assert facts(files.assign(class_name="PNEUMONIA"))["patient_id"].tolist() == ["train/person1", "train/person1", "test/person1"]


def test_the_healthy_class_is_a_kind_of_its_own_where_the_others_have_some():
    files = pd.DataFrame({"sample_id": ["train/sano/a.png", "train/malo/viral/b.png"], "class_name": ["sano", "malo"]})
    assert facts(files)["subtype"].tolist() == ["NORMAL", "VIRAL"]
    assert facts(files[:1])["subtype"].isna().all()
