"""All checks on whole data sets: one finding each, worst first, for every source and for odd sets."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.audit import CHECKS, SEVERITIES, Finding, audit_dataset
from core.datasets import open_dataset

IDS = {
    "exact_duplicates", "near_duplicates", "patients_across_splits", "encoding_shortcut", "size_shortcut", "class_imbalance",
    "split_shift", "unreadable", "picture_shortcut", "pixel_shift", "odd_files", "look_gives_class",
}  # fmt: skip


def check(findings: list[Finding]) -> None:
    assert {finding.id for finding in findings} == IDS and len(findings) == len(CHECKS)
    ranks = [SEVERITIES.index(finding.severity) for finding in findings]
    assert ranks == sorted(ranks)
    for finding in findings:
        assert finding.title and finding.explanation.endswith(".")
        assert (finding.value is None) <= (finding.severity in ("unknown", "high"))
        content = json.loads(json.dumps(finding.to_json(), allow_nan=False))
        assert list(content) == ["id", "severity", "title", "value", "n_samples", "explanation"]
        assert finding.effect in content["explanation"]


def test_phantoms(phantoms):
    findings = audit_dataset(open_dataset(phantoms))
    check(findings)
    severity = {finding.id: finding.severity for finding in findings}
    assert severity["size_shortcut"] == "unknown" and severity["exact_duplicates"] == severity["unreadable"] == "ok"


def test_a_medmnist_file_tells_no_patients_and_no_headers(tmp_path):
    rng = np.random.default_rng(0)
    content = {}
    for split, n in (("train", 80), ("val", 20), ("test", 30)):
        content[f"{split}_images"] = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        content[f"{split}_labels"] = (np.arange(n) % 4 > 0).astype(np.uint8)[:, None]
    np.savez(tmp_path / "a.npz", **content)
    findings = audit_dataset(open_dataset(tmp_path / "a.npz"))
    check(findings)
    unknown = {finding.id for finding in findings if finding.severity == "unknown"}
    assert unknown == {"encoding_shortcut", "size_shortcut", "near_duplicates", "patients_across_splits"}
    assert next(finding.value for finding in findings if finding.id == "class_imbalance") == pytest.approx(3.0)


@pytest.mark.parametrize(
    "columns",
    [
        {"class_name": ["NORMAL"] * 200},
        {"split": ["train"] * 200},
        {"split": ["test"] * 200},
        {"class_name": [f"c{i}" for i in range(200)]},
        {"patient_id": [None] * 200, "content_hash": [None] * 200, "perceptual_hash": [None] * 200},
        {"width": [None] * 200, "height": [None] * 200, "n_bytes": [None] * 200, "quantisation_sum": [None] * 200},
    ],
    ids=["one class", "no test", "no train", "200 classes", "no names and hashes", "no headers"],
)
def test_odd_sets(tabled, columns):
    check(audit_dataset(tabled(**columns)))


@pytest.mark.parametrize("n", [1, 2, 5])
def test_tiny_sets(tabled, n):
    check(audit_dataset(tabled(n)))


def test_a_real_folder_with_every_fault(lay):
    root = lay("train/NORMAL/a.jpeg", "train/NORMAL/IM-0001-0001.jpeg", "test/NORMAL/IM-0001-0001.jpeg", "train/PNEUMONIA/b.jpeg")
    (root / "test/PNEUMONIA").mkdir()
    (root / "test/PNEUMONIA/copy.jpeg").write_bytes((root / "train/PNEUMONIA/b.jpeg").read_bytes())
    (root / "train/NORMAL/bad.jpeg").write_text("hello")
    findings = {finding.id: finding for finding in audit_dataset(open_dataset(root))}
    check(list(findings.values()))
    assert findings["exact_duplicates"].value == 1 and findings["exact_duplicates"].severity == "high"
    assert findings["patients_across_splits"].value == 1 and findings["unreadable"].value == 1
