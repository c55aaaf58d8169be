"""Planted clues are measured, their absence is near 0.5, and what a copy cannot tell is not judged."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.audit.measured.shortcut_auc import clue_auc
from core.audit.shortcuts import encoding_shortcut, picture_shortcut, size_shortcut
from core.datasets.sources.shipped import open_shipped


def by_class(n: int, normal, pneumonia) -> np.ndarray:
    return np.where(np.arange(n) % 2, pneumonia, normal)


def test_a_planted_quality_table(tabled):
    finding = encoding_shortcut(tabled(quantisation_sum=by_class(200, 3688, 960)))
    assert finding.value > 0.99 and finding.severity == "high" and finding.n_samples == 160


def test_planted_sizes(tabled):
    finding = size_shortcut(tabled(width=by_class(200, 1800, 1200)))
    assert finding.value > 0.99 and finding.severity == "high"


def test_a_planted_aspect_alone(tabled):
    width = np.random.default_rng(0).integers(900, 2000, 300)
    finding = size_shortcut(tabled(300, width=width, height=(width / by_class(300, 1.2, 1.5)).astype(int)))
    assert finding.value > 0.95


def test_heights_alone_are_a_clue_too(tabled):
    finding = size_shortcut(tabled(width=[1024] * 200, height=by_class(200, 800, 900)))
    assert finding.value > 0.99


def test_bytes_per_pixel_alone(tabled):
    samples = tabled().samples
    n_bytes = (samples["width"] * samples["height"] * by_class(200, 0.1, 0.3)).astype(int)
    assert encoding_shortcut(tabled(n_bytes=n_bytes)).value > 0.99


def test_no_clue_is_near_one_half(tabled):
    for check in (encoding_shortcut, size_shortcut):
        finding = check(tabled(1000))
        assert 0.4 < finding.value < 0.6 and finding.severity in ("ok", "low")


def test_a_partial_clue_lies_between(tabled):
    rng = np.random.default_rng(0)
    flipped = rng.random(1000) < 0.3
    clue = np.where(by_class(1000, 0, 1) ^ flipped, 960, 3688)
    finding = encoding_shortcut(tabled(1000, quantisation_sum=clue))
    assert 0.6 < finding.value < 0.8 and finding.severity == "medium"


def test_the_tree_never_sees_a_patient_twice():
    """A clue that names the patient and not the class tells nothing of patients it has not seen."""
    patient = np.arange(12).repeat(50)
    labels = pd.Series(np.where(np.random.default_rng(1).permutation(12)[patient] % 2, "PNEUMONIA", "NORMAL"))
    clues = pd.DataFrame({"width": 1000.0 + 7 * patient})
    assert clue_auc(clues, labels, pd.Series(patient))[0] < 0.7
    assert clue_auc(clues, labels, pd.Series(np.arange(600)))[0] > 0.95  # image by image it would look like a clue


@pytest.mark.parametrize(
    "columns",
    [
        {"quantisation_sum": [3688] * 200, "width": [224] * 200, "height": [224] * 200},
        {"quantisation_sum": [None] * 200, "width": [None] * 200},
        {"class_name": ["NORMAL"] * 200},
        {"class_name": [f"c{i}" for i in range(200)]},
        {"class_name": ["NORMAL"] * 197 + ["PNEUMONIA"] * 3},
        {"class_name": ["PNEUMONIA"] * 3 + ["NORMAL"] * 197},
        {"patient_id": ["train/p1"] * 200},
        {"patient_id": ["train/p1", "train/p2"] * 100},
        {"split": ["test"] * 200},
    ],
    ids=[
        "constant",
        "no headers",
        "one class",
        "200 classes",
        "no second class in train",
        "few of one class",
        "one patient",
        "two patients",
        "no train",
    ],
)
def test_what_cannot_be_judged_is_unknown(tabled, columns):
    for check in (encoding_shortcut, size_shortcut):
        finding = check(tabled(**columns))
        assert finding.severity == "unknown" and finding.value is None and "Cannot tell" in finding.title


def test_a_small_set_is_unknown(tabled):
    assert encoding_shortcut(tabled(48)).severity == "unknown"  # 38 in train
    assert encoding_shortcut(tabled(52)).value is not None


def test_missing_patients_count_as_their_own(tabled):
    finding = encoding_shortcut(tabled(quantisation_sum=by_class(200, 3688, 960), patient_id=[None] * 200))
    assert finding.value > 0.99


def test_only_images_with_known_headers_are_judged(tabled):
    known = np.arange(200) < 100
    table = np.where(known, by_class(200, 3688, 960), 0).astype(object)
    table[~known] = None
    finding = encoding_shortcut(tabled(quantisation_sum=table))
    assert finding.n_samples == 100 and finding.value > 0.99


def test_the_same_table_gives_the_same_number(tabled):
    assert encoding_shortcut(tabled(600)) == encoding_shortcut(tabled(600))


def test_a_planted_clue_in_test_is_reported_beside_train(tabled):
    n = 600
    train = np.arange(n) < 480
    finding = encoding_shortcut(tabled(n, quantisation_sum=np.where(train, 960, by_class(n, 3688, 960))))
    in_test = float(finding.evidence.partition("in test ")[2].split()[0])
    assert in_test > 0.99 > 0.65 > finding.value and "(n = 120)" in finding.evidence


@pytest.mark.parametrize("clue", ["mean_intensity", "std_intensity", "rim_mean", "rim_black", "letters"])
def test_a_planted_clue_of_the_picture(tabled, clue):
    noise = np.random.default_rng(1).normal(0, 0.05, 200)
    finding = picture_shortcut(tabled(**{clue: by_class(200, 0.2, 0.8) + noise}))
    assert finding.value > 0.97 and finding.severity == "high"


def test_files_without_a_quantisation_table_are_judged_by_their_bytes(tabled):
    samples = tabled().samples
    n_bytes = (samples["width"] * samples["height"] * by_class(200, 0.5, 1.5)).astype(int)
    finding = encoding_shortcut(tabled(quantisation_sum=[None] * 200, n_bytes=n_bytes))
    assert finding.value > 0.99 and "bytes per pixel" in finding.evidence and "quantisation" not in finding.evidence


def test_three_classes(tabled):
    class_name = np.array(["a", "b", "c"])[np.arange(300) % 3]
    told = encoding_shortcut(tabled(300, class_name=class_name, quantisation_sum=np.array([960, 1858, 3688])[np.arange(300) % 3]))
    assert told.value > 0.99
    one_of_three = encoding_shortcut(tabled(300, class_name=class_name, quantisation_sum=np.where(class_name == "a", 960, 3688)))
    assert 0.8 < one_of_three.value < 0.9  # a is told for certain, b and c are told from a, not from each other: (1 + ¾ + ¾) / 3


def test_a_copy_that_lost_its_headers_says_so_and_the_originals_show_it():
    shipped = open_shipped()
    original = encoding_shortcut(shipped)
    assert original.value > 0.99 and original.n_samples == 1566 and size_shortcut(shipped).value > 0.85
    copies = shipped.samples.assign(quantisation_sum=1858, width=224, height=224, n_bytes=9000)
    copy = dataclasses.replace(shipped, samples=copies, root=Path("copies"))
    for check in (encoding_shortcut, size_shortcut):
        finding = check(copy)
        assert finding.severity == "unknown" and finding.value is None and "cannot tell" in finding.explanation
        assert f"(AUC {check(shipped).value:.3f}, n = 1,566" in finding.evidence
