"""What a bounded process says of an error, and what becomes of an answer that cannot be one."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from core.bounded import Exceeded, Limits, Pool, Strange, process
from core.errors import InputError
from core.model_files import outside


@pytest.fixture(scope="module")
def pool():
    made = Pool(1, Limits(memory=10**9, seconds=10))
    yield made
    made.end()


def test_an_error_of_a_library_is_told_in_its_words(pool, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(RuntimeError, match="BadZipFile: File is not a zip file"):
        pool.run(zipfile.ZipFile, str(tmp_path / "x.zip"))
    with pytest.raises(FileNotFoundError):
        pool.run(zipfile.ZipFile, str(tmp_path / "none.zip"))


def test_an_answer_that_may_not_be_read_says_why(pool):
    with pytest.raises(Strange, match=r"answer strangely \(UnpicklingError: an answer may not name pathlib"):
        pool.run(Path, "x")


def test_a_task_that_gets_no_processor_is_waited_for_and_one_that_stands_still_is_not(monkeypatch):
    monkeypatch.setattr(process, "PATIENCE", 0.02)
    made = Pool(1, Limits(memory=10**9, seconds=5))
    try:
        assert made.run(sum, range(4_000_000)) == 7_999_998_000_000  # longer than the patience of 0.1 s, and at work all the time
        with pytest.raises(Exceeded, match="it takes more than 5 seconds"):
            made.run(time.sleep, 30)
    finally:
        made.end()


class Once:
    """Answers strangely so many times."""

    def __init__(self, times: int):
        self.times = times

    def run(self, function, *args):
        self.times -= 1
        if self.times >= 0:
            raise Strange("it answers strangely (of a busy machine)")
        return function(*args)


def test_a_strange_answer_is_asked_for_once_more(tmp_path):
    assert outside._bounded(Once(1), tmp_path / "model.keras", len, "abc") == 3
    with pytest.raises(
        InputError, match=r"'model.keras' is not loaded, for it answers strangely \(of a busy machine\); save the model again"
    ):
        outside._bounded(Once(2), tmp_path / "model.keras", len, "abc")
