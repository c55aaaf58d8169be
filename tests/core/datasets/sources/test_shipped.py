"""The shipped index: the counts of the published set, and nothing of the machine that made it."""

from __future__ import annotations

import numpy as np
import pytest

from core.audit import audit_dataset
from core.datasets import open_dataset
from core.datasets.kermany_names import parse
from core.datasets.labels import label
from core.datasets.sample_table import COLUMNS
from core.datasets.sources import shipped
from core.datasets.splits import carve_validation
from core.errors import InputError
from core.images import read_grey


@pytest.fixture(scope="module")
def index():
    return open_dataset()


def test_counts_are_those_of_the_published_set(index):
    assert len(index.samples) == 5840 and index.unreadable.empty
    assert index.samples.groupby(["split", "class_name"]).size().to_dict() == {
        ("train", "NORMAL"): 1341, ("train", "PNEUMONIA"): 3875, ("test", "NORMAL"): 234, ("test", "PNEUMONIA"): 390,
    }  # fmt: skip
    assert tuple(index.samples.columns) == COLUMNS
    names, y = label(index.samples, 3)
    assert names == ("NORMAL", "BACTERIAL", "VIRAL") and np.bincount(y)[0] == 1575


def test_headers_are_known_or_missing_never_guessed(index):
    facts = index.samples[["width", "height", "mode", "n_bytes", "quantisation_sum"]]
    known = facts.notna()
    assert known.all(axis=1).sum() == 1566 and known.any(axis=1).sum() == 1566
    assert index.samples.loc[known.all(axis=1), "class_name"].value_counts().to_dict() == {"PNEUMONIA": 1163, "NORMAL": 403}
    assert set(index.samples.loc[known.all(axis=1), "split"]) == {"train"}
    assert index.samples[["content_hash", "perceptual_hash", "mean_intensity"]].notna().all(axis=None)


def test_names_agree_with_the_parser(index):
    parsed = parse(index.samples["sample_id"])
    for column in ("class_name", "subtype", "patient_id"):
        assert parsed[column].equals(index.samples[column])


def test_no_path_of_any_machine_is_inside(index):
    assert index.samples["path"].isna().all() and index.root is None
    content = shipped.INDEX.read_bytes()
    assert not any(word in content for word in (b"/home", b"/work", b"/root", b"/Users", b"chest_xray/"))
    assert not index.samples["sample_id"].str.startswith("/").any()
    assert shipped.INDEX.stat().st_size < 2**20


def test_what_the_audit_finds(index):
    findings = {finding.id: finding for finding in audit_dataset(index)}
    assert findings["encoding_shortcut"].severity == findings["size_shortcut"].severity == "high"
    assert findings["encoding_shortcut"].n_samples == findings["size_shortcut"].n_samples == 1566
    assert findings["exact_duplicates"].value == 30 and findings["patients_across_splits"].value == 170
    assert findings["class_imbalance"].value == pytest.approx(3875 / 1341)
    assert findings["split_shift"].value == pytest.approx(100 * (3875 / 5216 - 390 / 624))


def test_it_can_be_split_but_not_read(index):
    split = carve_validation(index.samples)
    assert (split == "val").sum() == pytest.approx(0.2 * 5216, rel=0.02)
    assert not index.has_pixels
    with pytest.raises(InputError, match="holds names and facts but no pixels"):
        index.read(index.samples["sample_id"].iloc[0])


def test_shipped_phantoms_can_be_read():
    for path in shipped.phantom_samples():
        assert read_grey(path, 64).std() > 10
