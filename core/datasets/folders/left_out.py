"""What lies below a data set's folder and is not counted: single files, or whole folders with the number of their files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pandas as pd

from core.datasets.folders.layout import Layout
from core.datasets.folders.refusals import MADE_BY_A_MAC, MASKS, NO_IMAGE, as_text
from core.datasets.folders.tree import Folder, LeftOut, Parts, Tree, whole_folder

MOST_NAMED = 10  # of one folder and reason; more are one line
NO_CLASS = "Images in no class folder have no class; move them into one, such as train/NORMAL."
TWO_SPLITS = "Its folders name two splits; move it into one of them."
BESIDE = "The folder lies beside split folders and its name is no split's; to use it move it into train/, or call it train, val or test."
OTHER_SET = "It belongs to another data set, and one is used at a time; give that folder itself to use it."
OTHER_FOLD = "It belongs to another fold, and one is used at a time; to use it lay its split folders alone in a folder."
UNCLEAR = "Its name speaks of a split but tells none; lay its images into folders such as train/NORMAL and test/NORMAL to use them."
REASONS = {
    "other set": OTHER_SET,
    "other fold": OTHER_FOLD,
    "beside": BESIDE,
    "unclear": UNCLEAR,
    "no class": NO_CLASS,
    "two splits": TWO_SPLITS,
}
NEVER_MEANT = (NO_IMAGE, MASKS, MADE_BY_A_MAC)


def left_out(tree: Tree, layout: Layout) -> pd.DataFrame:
    """All that is not counted.

    Returns
    -------
    DataFrame
        ``path, reason``. A whole folder is one row: its path ends in ``/`` and its reason starts with the number of its files.
    """
    way = {place[:depth] for place in layout.places for depth in range(len(place) + 1)}
    rows = [*tree.locked, *tree.closed]
    groups: dict[tuple[str, ...], list] = defaultdict(list)
    for folder in tree.folders:
        files = [*folder.others] if folder.parts in layout.places else [*folder.others, *_unused(folder, layout, way)]
        top = _uppermost(folder.parts, way)
        if top in way:
            rows += _few_or_all(folder.path, files)
        else:
            groups[top] += files
    paths = {folder.parts: folder.path for folder in tree.folders}
    for top, files in groups.items():
        rows += _whole(paths[top], files)
    return pd.DataFrame(sorted(rows), columns=["path", "reason"], dtype="str")


def never_meant(unreadable: pd.DataFrame) -> pd.Series:
    """Whether each row speaks of files that were never meant as radiographs, such as texts and masks: Series of bool.

    Parameters
    ----------
    unreadable : DataFrame
        ``path, reason``, as of `Dataset.unreadable`.

    Returns
    -------
    Series of bool
    """
    return unreadable["reason"].str.endswith(NEVER_MEANT)


def n_files(unreadable: pd.DataFrame) -> pd.Series:
    """How many files each row speaks of: Series of int.

    Parameters
    ----------
    unreadable : DataFrame
        ``path, reason``, as of `Dataset.unreadable`.

    Returns
    -------
    Series of int
    """
    return _parts(unreadable)["n"].str.replace(",", "").fillna("1").astype("int64")


def reason_alone(unreadable: pd.DataFrame) -> pd.Series:
    """The reason of each row without the number of files: Series of str.

    Parameters
    ----------
    unreadable : DataFrame
        ``path, reason``, as of `Dataset.unreadable`.

    Returns
    -------
    Series of str
    """
    return _parts(unreadable)["reason"]


def _parts(unreadable: pd.DataFrame) -> pd.DataFrame:
    parts = unreadable["reason"].astype("str").str.extract(r"(?s)^(?:(?P<n>[\d,]+) files?: )?(?P<reason>.*)$")
    whole = unreadable["path"].astype("str").str.endswith("/")
    return parts.where(whole | parts["n"].isna(), pd.DataFrame({"n": None, "reason": unreadable["reason"]}))


def _uppermost(folder: Parts, way: set[Parts]) -> Parts:
    """The uppermost of the folders above this one, or itself, on no way to a counted image; itself if it lies on one."""
    return next((folder[:depth] for depth in range(len(folder)) if folder[:depth] not in way), folder)


def _unused(folder: Folder, layout: Layout, way: set[Parts]) -> list[LeftOut]:
    reason = NO_CLASS if folder.parts in way else REASONS[layout.unused.get(folder.parts, "no class")]
    return [(as_text(entry.path), reason) for entry in folder.images]


def _few_or_all(path: str, files: list[LeftOut]) -> list[LeftOut]:
    """Files by name where few share a reason, else one row for all of them."""
    counts = Counter(reason for _, reason in files)
    named = [(file, reason) for file, reason in files if counts[reason] <= MOST_NAMED]
    return named + _whole(path, [row for row in files if counts[row[1]] > MOST_NAMED])


def _whole(path: str, files: Iterable[LeftOut]) -> list[LeftOut]:
    """A folder none of whose files is used: one row for each reason."""
    return [whole_folder(path, n, reason) for reason, n in Counter(reason for _, reason in files).items()]
