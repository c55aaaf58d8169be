"""Names that a user gives to groups, kept beside the data cache and never in the data."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.files import cache_dir, write_json
from core.groups.grouping import Grouping

MAX_NAME = 60  # characters
MAX_BYTES = 64 * 1024


def names_of(dataset: Dataset, grouping: Grouping) -> dict[int, str]:
    """What a user called groups: by their position, only those that have a name.

    A name belongs to just these images in just this group: other groups of the same number do not inherit it.

    Parameters
    ----------
    dataset : Dataset
    grouping : Grouping

    Returns
    -------
    dict of int to str
    """
    try:
        with _path(dataset, grouping).open(encoding="utf-8") as file:
            known = json.loads(file.read(MAX_BYTES))
        pairs = {int(group): cleaned(name)[:MAX_NAME] for group, name in known.items() if isinstance(name, str)}
    except (OSError, ValueError, AttributeError, RecursionError):  # none yet, or a broken file
        return {}
    return {group: name for group, name in pairs.items() if name and 0 <= group < grouping.k}


def with_names(names: Sequence[str], given: Mapping[int, str]) -> tuple[str, ...]:
    """What groups are called at length: a user's name first, as ``Portable (Group 6: more letters)``.

    Parameters
    ----------
    names : sequence of str
        Of all groups, such as those of a `Summary`.
    given : mapping of int to str
        As `names_of` gives them.

    Returns
    -------
    tuple of str
    """
    return tuple(f"{given[group]} ({name})" if group in given else name for group, name in enumerate(names))


def name_group(dataset: Dataset, grouping: Grouping, group: int, name: str) -> dict[int, str]:
    """Give a group a name, or take it away with an empty one.

    Parameters
    ----------
    dataset : Dataset
    grouping : Grouping
    group : int
        Its position.
    name : str
        One line of at most 60 characters; control characters are dropped.

    Returns
    -------
    dict of int to str
        All names now.

    Raises
    ------
    InputError
        If the name is too long, there is no such group, or the cache cannot be written to.
    """
    if not 0 <= group < grouping.k:
        raise InputError(f"There is no group {group + 1}; there are {grouping.k}.")
    text = cleaned(name)
    if len(text) > MAX_NAME:
        raise InputError(f"A name of a group may have at most {MAX_NAME} characters; received {len(text):,}.")
    names = {**names_of(dataset, grouping), group: text}
    names = {position: said for position, said in sorted(names.items()) if said}
    write_json(_path(dataset, grouping), {str(position): said for position, said in names.items()})
    return names


def cleaned(name: str) -> str:
    """One line without control characters and surrounding blanks."""
    return " ".join("".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in name).split())


def _path(dataset: Dataset, grouping: Grouping) -> Path:
    content = f"{dataset.fingerprint} {grouping.by} {grouping.k} ".encode() + grouping.codes.astype(np.int32).tobytes()
    return cache_dir("groups") / f"{hashlib.blake2b(content, digest_size=16).hexdigest()}-names.json"
