"""Test unlike train: shares by hand, planted brightness."""

from __future__ import annotations

import numpy as np
import pytest

from core.audit.shift import pixel_shift, split_shift


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


def test_planted_brightness_is_found_whatever_the_shares(tabled):
    """Test is brighter in both classes; the shares of the classes differ too, which must not count."""
    n = 600
    rng = np.random.default_rng(0)
    test = np.arange(n) >= 0.8 * n
    class_name = np.where(rng.random(n) < np.where(test, 0.8, 0.3), "PNEUMONIA", "NORMAL")
    shifted = pixel_shift(tabled(n, class_name=class_name, mean_intensity=rng.normal(100, 10, n) + 50 * test))
    assert shifted.value > 0.97 and shifted.severity == "high"
    assert "(d = +" in shifted.evidence
    bright_class = rng.normal(100, 10, n) + 50 * (class_name == "PNEUMONIA")
    assert pixel_shift(tabled(n, class_name=class_name, mean_intensity=bright_class)).value < 0.62


def test_the_standardised_difference_by_hand(tabled):
    values = np.tile([100.0, 104.0], 100)
    values[160:] += 8
    finding = pixel_shift(tabled(mean_intensity=values, class_name=["NORMAL", "NORMAL", "PNEUMONIA", "PNEUMONIA"] * 50))
    spread = np.sqrt((np.var(values[:80], ddof=1) + np.var(values[160:180], ddof=1)) / 2)
    assert f"NORMAL 102 in train, 110 in test (d = {8 / spread:+.2f})" in finding.evidence


@pytest.mark.parametrize("columns", [{"mean_intensity": [None] * 200}, {"split": ["train"] * 200}, {"patient_id": ["train/p"] * 200}])
def test_what_cannot_be_told(tabled, columns):
    finding = pixel_shift(tabled(**columns))
    assert finding.severity == "unknown" and finding.value is None
