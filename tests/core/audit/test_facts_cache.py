import dataclasses

import numpy as np
import pandas as pd
import pytest

from core.audit import CHECKS, Check, Finding, audit_dataset, kept
from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import open_shipped


@pytest.fixture
def dataset() -> Dataset:
    samples = pd.DataFrame({"sample_id": ["a", "b"], "path": ["/x/a", "/x/b"], "class_name": ["NORMAL", "PNEUMONIA"]})
    return Dataset("two", None, samples, pd.DataFrame(columns=["path", "reason"]), None)


@pytest.fixture
def count(monkeypatch, tmp_path):
    """A check that counts how often it ran, and a fresh cache."""
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path))

    def measure(dataset: Dataset) -> dict:
        measure.runs += 1
        return {"n": np.int64(len(dataset.samples)), "images": [("a", 1), ("b", 1)]}

    def tell(facts: dict, words: str = "counted") -> Finding:
        return Finding("count", "low", words, 1.5, facts["n"], "effect", images=tuple((name, f"group {n}") for name, n in facts["images"]))

    measure.runs = 0
    return Check("count", measure, tell)


def test_a_finding_is_read_again_as_it_was_found(count, dataset):
    first = kept(count, dataset)
    again = kept(count, dataclasses.replace(dataset, samples=dataset.samples.assign(path=["/y/a", "/y/b"])))
    assert count.measure.runs == 1 and again == first and again.images == (("a", "group 1"), ("b", "group 1"))


@pytest.mark.parametrize("column", ["class_name", "sample_id"])
def test_another_label_or_name_is_judged_anew(count, dataset, column):
    kept(count, dataset)
    kept(count, dataclasses.replace(dataset, samples=dataset.samples.assign(**{column: ["NORMAL", "c"]})))
    assert count.measure.runs == 2


def test_another_unreadable_file_is_judged_anew(count, dataset):
    kept(count, dataset)
    kept(count, dataclasses.replace(dataset, unreadable=pd.DataFrame({"path": ["/x/c"], "reason": ["cut"]})))
    assert count.measure.runs == 2


def test_checks_that_were_rewritten_judge_anew(count, dataset, monkeypatch):
    kept(count, dataset)
    monkeypatch.setattr("core.audit.facts_cache._edition", lambda: "another")
    kept(count, dataset)
    assert count.measure.runs == 2


def test_other_words_are_said_of_what_was_measured_before(count, dataset):
    kept(count, dataset)
    reworded = dataclasses.replace(count, tell=lambda facts: Finding("count", "ok", f"{facts['n']} images", None, 2, "none"))
    assert kept(reworded, dataset).title == "2 images" and kept(count, dataset, "told otherwise").title == "told otherwise"
    assert count.measure.runs == 1


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_a_broken_file_is_replaced(count, dataset, tmp_path, text):
    kept(count, dataset)
    (file,) = (tmp_path / "findings").iterdir()
    file.write_text(text)
    kept(count, dataset)
    kept(count, dataset)
    assert count.measure.runs == 2


def test_a_cache_that_cannot_be_written_is_done_without(count, dataset, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "file"))
    assert kept(count, dataset).value == 1.5


def test_every_check_comes_back_from_disk_as_it_went(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path))
    shipped = open_shipped()
    first = audit_dataset(shipped)
    files = list((tmp_path / "findings").iterdir())
    assert len(files) == len(CHECKS)
    sentences = [part for finding in first for part in (finding.title, finding.effect, finding.action) if part]
    assert not [part for part in sentences for file in files if part in file.read_text("utf-8")]
    assert audit_dataset(shipped) == first
