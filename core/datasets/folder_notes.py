"""What a reader must know of how a folder was read, in sentences."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.datasets.folder_facts import infections_of_a_trio
from core.datasets.layout import Layout
from core.datasets.left_out import OTHER_SET, n_files, never_meant, reason_alone
from core.datasets.split_names import split_of

MOST_NAMED = 3


def folder_notes(path: Path, layout: Layout, samples: pd.DataFrame, unreadable: pd.DataFrame, validation: str) -> tuple[str, ...]:
    """Sentences on splits, classes and what was left out, for the folder at `path`; `validation` is what became of ``val``."""
    notes = (
        _splits(path, layout, samples),
        validation,
        _infections(layout),
        _rivals(path, layout),
        *_left_out(path, unreadable),
    )
    return tuple(note for note in notes if note)


def _splits(path: Path, layout: Layout, samples: pd.DataFrame) -> str:
    found, n = set(samples["split"]), f"{len(samples):,} images"
    if not layout.has_splits:
        if split_of(path.name) == "test":
            return f"All {n} count as train, because only class folders are here; to test on them give the folder above {path.name!r}."
        return f"All {n} count as train, because no folder is called train or test; to test on them move the class folders into test/."
    if "train" not in found:
        return "No image lies in a train split, so nothing can be trained on this set; it can be audited and tested on."
    if "test" not in found:
        return "No image lies in a test split, so no result can be measured on images kept apart; lay some class folders into test/."
    return ""


def _infections(layout: Layout) -> str:
    kinds = infections_of_a_trio(place.class_folder for place in layout.places.values())
    if not kinds:
        return ""
    named = " and ".join(sorted(kinds))
    return f"The class folders {named} are read as two kinds of PNEUMONIA: with 2 classes they are one, with 3 they are told apart."


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
        notes.append(f"{n:,} {'file' if n == 1 else 'files'} of {_some(folders)} {'is' if n == 1 else 'are'} left out. {reason}")
    return notes


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
