"""Data sets opened once and kept until one of their files changes."""

from __future__ import annotations

import time
from contextlib import ExitStack
from contextvars import ContextVar

import streamlit as st

from core.datasets import Dataset, open_dataset
from core.datasets.sources.shipped import open_shipped
from core.datasets.stamp import names_files, stamp, stamp_of_files
from core.errors import InputError
from dashboard.chosen import SHIPPED
from dashboard.once import SharedLook, look_again, once_a_run
from dashboard.turns import giving_way, turn

LONG = 1000  # images to be measured, from which it is work for the line

_stamp_of = SharedLook(stamp)
_may_wait: ContextVar[bool] = ContextVar("_may_wait", default=True)
_measuring: set[str] = set()  # data sets that some visitor waits for
_refused: dict[tuple, InputError] = {}  # why a data set could not be opened, once all of it was looked at
MOST_REFUSED = 50


class StillToMeasure(InputError):
    """So many images of a data set were not measured yet that whoever does not need them should go on without."""


def open_kept(data: str, wait: bool = True) -> Dataset:
    """A data set by its path, or the shipped index, with a progress bar while it is measured; raises InputError if it cannot be opened.

    Without `wait`, StillToMeasure where that would take long.
    """
    if not wait and data in _measuring:
        raise StillToMeasure(_still(data))
    key = (data, _data_stamp(data))
    if not wait and key in _refused:
        raise _refused[key]
    before = _may_wait.set(wait)
    try:
        return _opened(*key)
    except StillToMeasure:
        raise
    except InputError as error:
        if len(_refused) >= MOST_REFUSED:
            _refused.clear()
        _refused[key] = error
        raise
    finally:
        _may_wait.reset(before)


def _still(data: str) -> str:
    return f"The images of {data!r} are still to be measured."


def open_anew() -> None:
    """Forget what was opened, where something else than the files decides how they are read."""
    _opened.clear()
    _named_files.clear()
    _refused.clear()
    look_again()


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(data: str, of: tuple) -> Dataset:
    return open_shipped() if data == SHIPPED else _open(data)


@once_a_run
def _data_stamp(data: str) -> tuple[str, ...]:
    """What differs when anything below a data folder does, or a file of a data set, or one of the images that a table names."""
    own = _stamp_of(data)
    return (own, stamp_of_files(_named_files(data, own))) if names_files(data) else (own,)


@st.cache_resource(max_entries=8, show_spinner=False)
def _named_files(data: str, own: str) -> list[str]:
    """The files that a table names, usable or not."""
    opened = _open(data)
    return [] if opened.samples["path"].isna().all() else [*opened.samples["path"], *opened.unreadable["path"]]


def _open(data: str) -> Dataset:
    bar, began = st.progress(0.0, text="Looking for images …"), time.monotonic()

    def show(done: int, total: int) -> None:
        left = (time.monotonic() - began) * (total - done) / done if done else 0
        words = f", about {left:.0f} s left" if left >= 1 else ""
        bar.progress(done / total, text=f"Measuring images, once for these files: {done:,} of {total:,}{words}")

    with ExitStack() as line:

        def in_line(done: int, total: int) -> None:
            if not done and total >= LONG:
                if not _may_wait.get():
                    raise StillToMeasure(_still(data))
                _measuring.add(data)
                line.callback(_measuring.discard, data)
                line.enter_context(turn("opening of a data set", bar))
            show(done, total)

        try:
            return open_dataset(data, giving_way(in_line))
        finally:
            bar.empty()
