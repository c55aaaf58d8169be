"""Imbalance by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.audit.balance import class_imbalance


@pytest.mark.parametrize(
    ("n_pneumonia", "ratio", "severity"),
    [(80, 1.0, "ok"), (95, 95 / 65, "ok"), (96, 1.5, "medium"), (145, 145 / 15, "medium"), (150, 15, "high")],
)
def test_class_imbalance(tabled, n_pneumonia, ratio, severity):
    finding = class_imbalance(tabled(class_name=["PNEUMONIA"] * n_pneumonia + ["NORMAL"] * (200 - n_pneumonia)))
    assert finding.value == pytest.approx(ratio) and finding.severity == severity and finding.n_samples == 160  # of train alone
    assert f"{100 * max(n_pneumonia, 160 - n_pneumonia) / 160:.0f} % of such images" in finding.explanation


def test_validation_counts_as_training(tabled):
    split = np.array(["train", "val"] * 80 + ["test"] * 40)
    assert class_imbalance(tabled(split=split)).n_samples == 160


def test_one_class_or_none(tabled):
    one = class_imbalance(tabled(class_name=["NORMAL"] * 200))
    assert (one.severity, one.value, one.title) == ("high", None, "Only one class to train on")


def test_two_hundred_classes(tabled):
    finding = class_imbalance(tabled(400, class_name=[f"c{i % 200}" for i in range(400)]))
    assert finding.value == 2.0 and finding.severity == "medium"  # 320 of train: 120 classes twice, 80 once


def test_the_effective_ratio_stands_beside_the_plain_one(tabled):
    finding = class_imbalance(tabled(class_name=["PNEUMONIA"] * 150 + ["NORMAL"] * 50))
    expected = (1 - 0.999**150) / (1 - 0.999**10)  # 150 and 10 of train
    assert f"by effective number of samples {expected:.1f} : 1" in finding.evidence


def test_a_set_of_test_images_alone_has_nothing_to_balance(tabled):
    """It was told that it has only one class to train on, and to add a second."""
    finding = class_imbalance(tabled(split=["test"] * 200))
    assert (finding.severity, finding.value, finding.n_samples, finding.action) == ("unknown", None, 0, "")
    assert "All images are in test" in finding.effect
