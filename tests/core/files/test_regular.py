"""Shared folders hold more than files: pipes, devices and files that claim terabytes are named, never waited for or read whole."""

from __future__ import annotations

import os
import threading
from functools import partial
from operator import attrgetter
from pathlib import Path

import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.files.regular import open_regular, read_regular, tail_of
from core.images import read_grey
from core.input_checks.store import open_reference
from core.model_files.kinds import readable_kind
from core.runs.identity import read_about
from core.runs.store import list_runs

NAMES = ("config.json", "status.json", "card.json", "history.csv", "predictions.parquet", "split.parquet", "battery.parquet")


@pytest.fixture(params=["pipe", "device", "terabyte"])
def odd(request, tmp_path) -> Path:
    path = tmp_path / "odd"
    if request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    else:
        with path.open("wb") as file:
            file.truncate(2**40)
    return path


def soon(call):
    """The result of a call that must not wait for anybody."""
    found = []
    thread = threading.Thread(target=lambda: found.append(_outcome(call)), daemon=True)
    thread.start()
    thread.join(20)
    assert found, "it waits"
    return found[0]


def _outcome(call):
    try:
        return call()
    except InputError as error:
        return error


def test_only_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is a pipe, a socket or a device and no file"):
        open_regular(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "gone")
    (tmp_path / "a").write_bytes(b"abcdef")
    assert read_regular(tmp_path / "a", 6) == b"abcdef" and tail_of(tmp_path / "a", 2) == b"ef" and tail_of(tmp_path / "a", 99) == b"abcdef"
    with pytest.raises(OSError, match="it has more than"):
        read_regular(tmp_path / "a", 5)


def test_as_an_image_a_table_or_a_model(odd):
    readers = {"a.png": read_grey, "a.csv": open_dataset, "a.parquet": open_dataset, "a.npz": open_dataset, "a.h5": readable_kind}
    for name, read in readers.items():
        path = odd.with_name(name)
        path.symlink_to(odd)
        assert isinstance(soon(partial(read, path)), InputError), name


@pytest.mark.parametrize("name", [*NAMES, "about.json", "reference.npz"])
def test_as_a_file_of_a_run(odd, scored_run, name):
    run = scored_run()
    (run.path / name).unlink(missing_ok=True)
    (run.path / name).symlink_to(odd)

    def look():
        for one in list_runs(run.path.parent)[0]:
            for ask in (read_about, open_reference, *map(attrgetter, ("card", "history", "facts", "split", "battery", "predictions"))):
                _outcome(partial(ask, one))
        return "answered"

    assert soon(look) == "answered"
