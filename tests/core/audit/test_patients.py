"""Shared patients by hand, under each way of reading a name."""

from __future__ import annotations

import pytest

from core.audit.patients import READINGS, patients_across_splits
from core.datasets.sources.shipped import open_shipped


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


def named(tabled, train: list[str], test: list[str]):
    """Samples of these file names, and the patients that `parse` reads from them."""
    from core.datasets.kermany_names import parse

    ids = [f"train/{name}" for name in train] + [f"test/{name}" for name in test]
    parsed = parse(ids)
    split = ["train"] * len(train) + ["test"] * len(test)
    return tabled(len(ids), sample_id=ids, split=split, class_name=parsed["class_name"], patient_id=parsed["patient_id"])


def test_the_three_readings_of_planted_names(tabled):
    dataset = named(
        tabled,
        ["NORMAL/IM-0115-0001.jpeg", "NORMAL/IM-0200-0001.jpeg", "PNEUMONIA/person5_bacteria_1.jpeg", "PNEUMONIA/person6_virus_1.jpeg"],
        [
            "NORMAL/NORMAL2-IM-0115-0001.jpeg",
            "NORMAL/IM-0300-0001.jpeg",
            "PNEUMONIA/person5_virus_2.jpeg",
            "PNEUMONIA/person6_virus_9.jpeg",
        ],
    )
    counts = {reading.key: patients_across_splits(dataset, reading.key).value for reading in READINGS}
    assert counts == {"written": 2, "number": 3, "kind": 1}  # persons 5 and 6; and 0115; person 6 has viruses on both sides
    finding = patients_across_splits(dataset, "kind")
    assert dict(finding.images) == {
        "train/PNEUMONIA/person6_virus_1.jpeg": "person6_virus",
        "test/PNEUMONIA/person6_virus_9.jpeg": "person6_virus",
    }
    assert "Number as written 2, Without NORMAL2- 3, With the infection 1" in finding.evidence


@pytest.mark.parametrize(("reading", "n"), [("written", 170), ("number", 264), ("kind", 0)])
def test_the_published_set(reading, n):
    finding = patients_across_splits(open_shipped(), reading)
    assert finding.value == n and finding.severity == ("low" if n else "ok") and "proves nothing" in finding.evidence


def test_patients_that_the_data_set_itself_names_are_a_leak(tabled):
    finding = patients_across_splits(tabled(patient_id=[f"case{i % 190}" for i in range(200)]))
    assert (finding.value, finding.severity) == (10, "high") and len(finding.images) == 20
