"""A disk that fills up, folders that go or are locked, files cut short, a clock that moves: a sentence on the page, and nothing lost."""

import errno
import io
import os
import shutil
import time
from pathlib import Path

import pytest
import streamlit as st

PAGES = ("overview", "data", "train", "compare", "inspect")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@pytest.fixture
def place(models_dir, phantoms, tmp_path, monkeypatch):
    """Folders of runs, images and the cache below one place that has a fault to come."""
    shutil.copytree(phantoms, tmp_path / "images")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(tmp_path / "images"))
    return tmp_path


def refuse_writing(place, monkeypatch, number):
    """Everything that would write below a place fails, as on a disk that is full or read-only."""

    def refusing(function, writes):
        def refused(path, *args, **more):
            if not isinstance(path, int) and str(os.fsdecode(path)).startswith(str(place)) and writes(*args, **more):
                raise OSError(number, os.strerror(number), str(path))
            return function(path, *args, **more)

        return refused

    opened = refusing(io.open, lambda mode="r", *args, **more: not set(mode).isdisjoint("wax+"))
    monkeypatch.setattr("builtins.open", opened)
    monkeypatch.setattr(io, "open", opened)
    monkeypatch.setattr(os, "open", refusing(os.open, lambda flags, *args, **more: bool(flags & WRITES)))
    for name in ("mkdir", "rename", "replace", "utime"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name), lambda *args, **more: True))
    if number == errno.EROFS:
        accessible = os.access
        monkeypatch.setattr(os, "access", lambda path, mode, **more: not mode & os.W_OK and accessible(path, mode, **more))


def cut_short(place):
    for file in [path for path in place.rglob("*") if path.is_file()]:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def change_images(place):
    first, second, third, *_ = sorted((place / "images").rglob("*.jpeg"))
    first.write_bytes(b"no image any more")
    shutil.copy(second, third)
    second.unlink()


def move_clock(monkeypatch, seconds):
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + seconds)


FAULTS = {
    "disk full": lambda place, patch: (shutil.rmtree(place / "cache"), refuse_writing(place, patch, errno.ENOSPC)),
    "disk full, all there": lambda place, patch: refuse_writing(place, patch, errno.ENOSPC),
    "read-only": lambda place, patch: refuse_writing(place, patch, errno.EROFS),
    "images gone": lambda place, patch: shutil.rmtree(place / "images"),
    "runs gone": lambda place, patch: shutil.rmtree(place / "models"),
    "a run gone": lambda place, patch: shutil.rmtree(sorted((place / "models").iterdir())[0]),
    "cache gone": lambda place, patch: shutil.rmtree(place / "cache"),
    "cache cut short": lambda place, patch: cut_short(place / "cache"),
    "images changed": lambda place, patch: change_images(place),
    "images cut short": lambda place, patch: cut_short(place / "images"),
    "a file for a folder": lambda place, patch: (shutil.rmtree(place / "images"), (place / "images").write_text("x")),
    "clock set back": lambda place, patch: move_clock(patch, -400 * 24 * 3600),
    "clock set ahead": lambda place, patch: move_clock(patch, 400 * 24 * 3600),
}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()} if folder.is_dir() else {}


USUAL = "disk full"
ORDINARY = {"disk full": "no room is left on its disk", "images gone": "There is no data set at", "cache cut short": ""}


def said(page) -> str:
    return " ".join(element.value for kind in (page.error, page.warning, page.info, page.caption, page.markdown) for element in kind)


@pytest.mark.parametrize("kind", [kind if kind == USUAL else pytest.param(kind, marks=pytest.mark.long) for kind in FAULTS])
def test_no_fault_takes_a_page_that_is_open_or_opened_anew(place, open_page, monkeypatch, kind):
    pages = {name: open_page(name) for name in PAGES}
    with monkeypatch.context() as patch:
        FAULTS[kind](place, patch)
        before = contents(place / "models")
        running = {name: page.run() for name, page in pages.items()}
        st.cache_data.clear()
        st.cache_resource.clear()
        started = {f"{name}, of a server just started": open_page(name) for name in PAGES}
        for name, page in (running | started).items():
            assert not page.exception, (name, [error.stack_trace for error in page.exception])
        assert ORDINARY.get(kind, "") in said(started["data, of a server just started"])
        assert contents(place / "models") == before
    assert not open_page("data").exception, "the next start"
