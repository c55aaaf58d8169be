"""Everything below a folder: images by folder, and whatever else lies there, with the reason why it is no image that can be used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.counted import counted
from core.datasets.folders.refusals import HIDDEN, JUNK, TRUSTED, as_text, closed, refusal
from core.errors import InputError

Parts = tuple[str, ...]
LeftOut = tuple[str, str]  # path and reason

MAX_FILES = 1_000_000


@dataclass(frozen=True)
class Folder:
    """One folder.

    Attributes
    ----------
    parts : tuple of str
        Its path below the top of the tree; empty for the top itself.
    path : str
    images : list of os.DirEntry
        Regular files that are images by suffix or by content, by name.
    others : list of (str, str)
        Path and reason of every other file, but for what desktops leave behind.
    """

    parts: Parts
    path: str
    images: list[os.DirEntry] = field(default_factory=list)
    others: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """All folders below one, and those that were not looked into.

    Attributes
    ----------
    folders : list of Folder
        A folder stands before those in it.
    locked, closed : list of (str, str)
        Path and reason of the folders that cannot be opened, and of those that are not meant to be.
    """

    folders: list[Folder]
    locked: list[LeftOut]
    closed: list[LeftOut]


def walk(top: Path) -> Tree:
    """List everything below a folder. Links are followed, but never round in a circle.

    Raises
    ------
    InputError
        If the folder itself cannot be opened, or so much lies in it that it can hardly be a data set.
    """
    tree, n_files = Tree([], [], []), 0
    for folder in visit(top, tree):
        n_files += len(folder.images) + len(folder.others)
        tree.folders.append(folder)
        if n_files > MAX_FILES:
            raise InputError(f"More than {MAX_FILES:,} files lie in {top.name!r}; give the folder of the data set itself.")
    if not tree.folders:
        raise InputError(f"The folder {top.name!r} {tree.locked[0][1].removeprefix('The folder ')}")
    return tree


def visit(top: Path, tree: Tree) -> Iterator[Folder]:
    """The folders below one, itself first, one at a time.

    Parameters
    ----------
    top : Path
    tree : Tree
        Folders that are not looked into are added to it on the way.

    Returns
    -------
    iterator of Folder
    """
    yield from _visit(tree, str(top), (), frozenset())


def whole_folder(path: str, n_files: int, reason: str) -> LeftOut:
    """A folder that is left out as one; its path ends in ``/`` and its reason starts with the number of its files."""
    return as_text(path).rstrip("/") + "/", f"{counted(n_files, 'file')}: {reason}"


def _visit(tree: Tree, path: str, parts: Parts, above: frozenset) -> Iterator[Folder]:
    try:
        with os.scandir(path) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        itself = Path(path).stat()
    except OSError as error:
        tree.locked.append((as_text(path).rstrip("/") + "/", f"The folder cannot be opened ({error.strerror}); check its permissions."))
        return
    here, folder, inner = (itself.st_dev, itself.st_ino), Folder(parts, path), []
    if here in above:
        return  # a link back to a folder that holds it: all of it is listed already
    for entry in entries:
        if entry.name.startswith("._") or entry.name.lower() in JUNK:
            continue
        if entry.name.startswith("."):
            _keep_hidden(tree, folder, entry)
        elif _is_folder(entry):
            inner.append(entry)
        elif reason := refusal(entry):
            folder.others.append((as_text(entry.path), reason))
        else:
            folder.images.append(entry)
    yield folder
    for entry in inner:
        if reason := closed(entry, len(parts) + 1):
            tree.closed.extend([whole_folder(entry.path, n, reason)] if (n := _count(entry.path)) else [])
        else:
            yield from _visit(tree, entry.path, (*parts, entry.name), above | {here})


def _keep_hidden(tree: Tree, folder: Folder, entry: os.DirEntry) -> None:
    """List a hidden folder that holds files, and a hidden image; other hidden files are nobody's images."""
    if _is_folder(entry):
        tree.closed.extend([whole_folder(entry.path, n, HIDDEN)] if (n := _count(entry.path)) else [])
    elif entry.name.lower().endswith(TRUSTED):
        folder.others.append((as_text(entry.path), HIDDEN))


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or into a locked folder
        return False


def _count(path: str) -> int:
    """Files below a folder, as far as counting them is reasonable; links are not followed."""
    n = 0
    for _, _, files in os.walk(path):
        n += len(files)
        if n > MAX_FILES:
            break
    return n
