"""What a reader must know of how a folder was read, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from core.counted import counted
from core.datasets.folders.folder_facts import kinds_of_pneumonia
from core.datasets.folders.layout import Layout
from core.datasets.folders.left_out import OTHER_SET, n_files, never_meant, reason_alone
from core.datasets.folders.split_names import split_of
from core.datasets.notes import patients_note, splits_note

MOST_NAMED = 3


def folder_notes(path: Path, layout: Layout, samples: pd.DataFrame, unreadable: pd.DataFrame, validation: str) -> tuple[str, ...]:
    """Sentences on splits, classes and what was left out, for the folder at `path`; `validation` is what became of ``val``."""
    notes = (
        _splits(path, layout, samples),
        validation,
        infections_note(place.class_folder for place in layout.places.values()),
        _rivals(path, layout),
        *_left_out(path, unreadable),
        patients_note(samples),
    )
    return tuple(note for note in notes if note)


def _splits(path: Path, layout: Layout, samples: pd.DataFrame) -> str:
    n = counted(len(samples), "image")
    if not layout.has_splits:
        if split_of(path.name) == "test":
            return f"All {n} count as train, because only class folders are here; to test on them give the folder above {path.name!r}."
        return f"All {n} count as train, because no folder is called train or test; to test on them move the class folders into test/."
    return splits_note(samples, "lay some class folders into test/")


def infections_note(class_names: Iterable[str]) -> str:
    """What became of classes that are kinds of another; empty if there are none."""
    kinds, whole = kinds_of_pneumonia(class_names)
    if not kinds:
        return ""
    named = " and ".join(sorted(kinds))
    if len(kinds) == 1:
        return f"The class {named} is read as a kind of {whole}, so both are one class; where they are two, rename {named}."
    return f"The classes {named} are read as two kinds of {whole}: with 2 classes they are one, with 3 they are told apart."


def _rivals(path: Path, layout: Layout) -> str:
    if not layout.rivals:
        return ""
    used = "/".join((path.name, *layout.top))
    others = _some(["/".join((path.name, *top)) for top in layout.rivals])
    n_sets = len(layout.rivals) + 1
    return f"{n_sets} data sets lie in {path.name!r} and one is used at a time, here {used}; for another give its folder: {others}."


def _left_out(path: Path, unreadable: pd.DataFrame) -> list[str]:
    """A sentence a reason on whole folders that may well hold radiographs; single files are in the list alone."""
    lost = unreadable[~never_meant(unreadable) & unreadable["path"].str.endswith("/") & ~unreadable["reason"].str.endswith(OTHER_SET)]
    notes = []
    for reason, part in lost.groupby(reason_alone(lost), sort=False):
        folders = [Path(folder).relative_to(path).as_posix() + "/" for folder in part["path"]]
        if (part["reason"] == reason).all():  # locked, so that nobody knows how many
            notes.append(f"{_some(folders)}: {reason}")
            continue
        n = int(n_files(part).sum())
        notes.append(f"{counted(n, 'file')} of {_some(folders)} {'is' if n == 1 else 'are'} left out. {reason}")
    return notes


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
