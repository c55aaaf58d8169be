import dataclasses

import pandas as pd
import pytest

from core.audit import CHECKS, Finding, audit_dataset, kept
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

    def count(dataset: Dataset) -> Finding:
        count.runs += 1
        return Finding("count", "low", "counted", 1.5, len(dataset.samples), "effect", images=(("a", "group 1"), ("b", "group 1")))

    count.runs = 0
    return count


def test_a_finding_is_read_again_as_it_was_found(count, dataset):
    first = kept(count, dataset)
    again = kept(count, dataclasses.replace(dataset, samples=dataset.samples.assign(path=["/y/a", "/y/b"])))
    assert count.runs == 1 and again == first and again.images == (("a", "group 1"), ("b", "group 1"))


@pytest.mark.parametrize("column", ["class_name", "sample_id"])
def test_another_label_or_name_is_judged_anew(count, dataset, column):
    kept(count, dataset)
    kept(count, dataclasses.replace(dataset, samples=dataset.samples.assign(**{column: ["NORMAL", "c"]})))
    assert count.runs == 2


def test_another_unreadable_file_is_judged_anew(count, dataset):
    kept(count, dataset)
    kept(count, dataclasses.replace(dataset, unreadable=pd.DataFrame({"path": ["/x/c"], "reason": ["cut"]})))
    assert count.runs == 2


def test_checks_that_were_rewritten_judge_anew(count, dataset, monkeypatch):
    kept(count, dataset)
    monkeypatch.setattr("core.audit.finding_cache._edition", lambda: "another")
    kept(count, dataset)
    assert count.runs == 2


def test_a_broken_file_is_replaced(count, dataset, tmp_path):
    kept(count, dataset)
    (file,) = (tmp_path / "findings").iterdir()
    file.write_text("{")
    kept(count, dataset)
    kept(count, dataset)
    assert count.runs == 2


def test_a_cache_that_cannot_be_written_is_done_without(count, dataset, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "file"))
    assert kept(count, dataset).value == 1.5


def test_every_check_comes_back_from_disk_as_it_went(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path))
    shipped = open_shipped()
    first = audit_dataset(shipped)
    assert len(list((tmp_path / "findings").iterdir())) == len(CHECKS)
    assert audit_dataset(shipped) == first
