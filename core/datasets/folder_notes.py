"""What a reader must know of how a folder was read, in sentences."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.datasets.folder_facts import infections_of_a_trio
from core.datasets.layout import Layout
from core.datasets.left_out import n_files, never_meant
from core.datasets.split_names import split_of

MOST_NAMED = 3


def folder_notes(path: Path, layout: Layout, samples: pd.DataFrame, unreadable: pd.DataFrame, validation: str) -> tuple[str, ...]:
    """Sentences on splits, classes and what was left out, for the folder at `path`; `validation` is what became of ``val``."""
    notes = (
        _splits(path, layout, samples),
        validation,
        _infections(layout),
        _rivals(path, layout),
        _left_out(path, unreadable),
    )
    return tuple(note for note in notes if note)


def _splits(path: Path, layout: Layout, samples: pd.DataFrame) -> str:
    found, n = set(samples["split"]), f"{len(samples):,} images"
    if not layout.has_splits:
        if split_of(path.name) == "test":
            return f"All {n} count as train, because only class folders are here; to test on them give the folder above {path.name!r}."
        return f"All {n} count as train, because no folder is called train or test; to test on them move the class folders into test/."
    if "train" not in found:
        return "There is no train folder, so nothing can be trained on these images; they can be audited and tested on."
    if "test" not in found:
        return "There is no test folder, so no result can be measured on images kept apart; move some class folders into test/."
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
    return f"{len(layout.rivals) + 1} data sets lie in {path.name!r} and one is used at a time, here {used}; give the folder itself for {others}."


def _left_out(path: Path, unreadable: pd.DataFrame) -> str:
    """On whole folders and kinds of files that may well be radiographs; single broken files are in the list alone."""
    lost = unreadable[~never_meant(unreadable) & unreadable["path"].str.endswith("/")]
    if lost.empty:
        return ""
    folders = [Path(folder).relative_to(path).as_posix() + "/" for folder in lost["path"].unique()]
    return f"{int(n_files(lost).sum()):,} files in {_some(folders)} are left out: {lost['reason'].iloc[0].partition(': ')[2]}"


def _some(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
