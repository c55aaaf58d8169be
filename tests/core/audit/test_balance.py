"""Counts by hand: classes, patients, splits and unusable files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.audit.balance import class_imbalance, patients_across_splits, split_shift, unreadable


@pytest.mark.parametrize(
    ("n_pneumonia", "ratio", "severity"),
    [(80, 1.0, "ok"), (95, 95 / 65, "ok"), (96, 1.5, "medium"), (145, 145 / 15, "medium"), (150, 15, "high")],
)
def test_class_imbalance(tabled, n_pneumonia, ratio, severity):
    finding = class_imbalance(tabled(class_name=["PNEUMONIA"] * n_pneumonia + ["NORMAL"] * (200 - n_pneumonia)))
    assert finding.value == pytest.approx(ratio) and finding.severity == severity and finding.n_samples == 160  # of train alone
    assert f"{max(n_pneumonia, 160 - n_pneumonia) / 160:.0%} accurate" in finding.explanation


def test_validation_counts_as_training(tabled):
    split = np.array(["train", "val"] * 80 + ["test"] * 40)
    assert class_imbalance(tabled(split=split)).n_samples == 160


def test_one_class_or_none(tabled):
    one = class_imbalance(tabled(class_name=["NORMAL"] * 200))
    assert (one.severity, one.value, one.title) == ("high", None, "Only one class to train on")
    assert class_imbalance(tabled(split=["test"] * 200)).severity == "high"


def test_two_hundred_classes(tabled):
    finding = class_imbalance(tabled(400, class_name=[f"c{i % 200}" for i in range(400)]))
    assert finding.value == 2.0 and finding.severity == "medium"  # 320 of train: 120 classes twice, 80 once


def test_patients_on_both_sides(tabled):
    patients = [f"train/p{i}" for i in range(160)] + [f"test/p{i}" for i in range(157, 197)]
    finding = patients_across_splits(tabled(patient_id=patients))
    assert finding.value == 3 and finding.severity == "low" and len(finding.sample_ids) == 6
    none = patients_across_splits(tabled())
    assert none.value == 0 and none.severity == "ok" and none.sample_ids == ()


def test_file_names_are_no_patients(tabled):
    """``1.png`` in train and in test says nothing of a child."""
    numbered = [f"train/NORMAL/{i}" for i in range(160)] + [f"test/NORMAL/{i}" for i in range(40)]
    finding = patients_across_splits(tabled(patient_id=numbered))
    assert finding.severity == "unknown" and finding.value is None
    some = patients_across_splits(tabled(patient_id=[*numbered[:159], "train/p1", "test/p1", *numbered[161:]]))
    assert some.value == 1 and len(some.sample_ids) == 2


def test_missing_patients(tabled):
    assert patients_across_splits(tabled(patient_id=[None] * 200)).severity == "unknown"
    patients = [None] * 10 + [f"train/p{i}" for i in range(150)] + [f"test/q{i}" for i in range(30)] + [None] * 10
    assert patients_across_splits(tabled(patient_id=patients)).value == 0


@pytest.mark.parametrize(("n_test", "shift", "severity"), [(20, 0.0, "ok"), (21, -2.5, "ok"), (30, -25.0, "medium"), (8, 30.0, "medium")])
def test_split_shift(tabled, n_test, shift, severity):
    classes = ["NORMAL", "PNEUMONIA"] * 80 + ["NORMAL"] * n_test + ["PNEUMONIA"] * (40 - n_test)
    finding = split_shift(tabled(class_name=classes))
    assert finding.value == pytest.approx(shift) and finding.severity == severity


def test_a_class_that_is_missing_from_test(tabled):
    finding = split_shift(tabled(class_name=["NORMAL"] * 160 + ["COVID"] * 40))
    assert finding.value == 100 and finding.severity == "medium"


@pytest.mark.parametrize("split", ["train", "test", "val"])
def test_one_split_alone_cannot_shift(tabled, split):
    finding = split_shift(tabled(split=[split] * 200))
    assert finding.severity == "unknown" and finding.value is None


def test_unreadable_files(tabled):
    bad = pd.DataFrame({"path": ["/data/x/bad.jpeg", "/data/y.jpeg"], "reason": ["It is empty.", "It is text."]})
    finding = unreadable(tabled(unreadable=bad))
    assert (finding.value, finding.n_samples, finding.severity) == (2, 202, "medium")
    assert "bad.jpeg: It is empty." in finding.explanation and "/data" not in finding.explanation
    assert unreadable(tabled()).severity == "ok"
