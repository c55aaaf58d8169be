"""How deep the class folders of a data set lie below its split folders."""

from __future__ import annotations

from collections import defaultdict

from core.datasets.classes import meaning
from core.datasets.folders.tree import Parts

MOST_CLASSES = 20  # in one folder that means nothing; more are patients, and the folder above is the class


def class_depths(by_split: dict[str, list[Parts]]) -> dict[str, int]:
    """How many folders lie above the class folders of each split.

    A name that says healthy marks the classes, and the same names mark them in splits without a healthy class. Where no name says so,
    the classes are the first folders below those that all splits were wrapped into.
    """
    marked = {split: _marked_depth(paths, set()) for split, paths in by_split.items()}
    known = {path[at] for split, at in marked.items() if at is not None for path in by_split[split] if len(path) > at}
    if not known:
        return dict.fromkeys(by_split, min(map(_wrapped_depth, by_split.values()), default=0))
    found = {split: _marked_depth(paths, known) for split, paths in by_split.items()}
    return {split: _wrapped_depth(by_split[split]) if at is None else at for split, at in found.items()}


def _marked_depth(paths: list[Parts], known: set[str]) -> int | None:
    for depth in range(max(map(len, paths))):
        names = {path[depth] for path in paths if len(path) > depth}
        everywhere = depth == 0 or all(len(path) > depth for path in paths)
        if any(meaning(name) == "healthy" or name in known for name in names) and (everywhere or _pair(paths, depth)):
            return depth
    return None


def _wrapped_depth(paths: list[Parts]) -> int:
    """The first depth at which there are several names, all above it being single ones that mean nothing; else 0."""
    for depth in range(min(map(len, paths))):
        names = {path[depth] for path in paths}
        if len(names) > 1:
            return depth if depth == 0 or len(names) <= MOST_CLASSES else 0
        if meaning(names.pop()):
            return 0
    return 0


def _pair(paths: list[Parts], depth: int) -> bool:
    """Whether a healthy and an ill class lie side by side that deep."""
    kinds = defaultdict(set)
    for path in paths:
        if len(path) > depth:
            kinds[path[:depth]].add(meaning(path[depth]))
    return any({"healthy", "ill"} <= found for found in kinds.values())


def has_pair(paths: list[Parts]) -> bool:
    """Whether a healthy and an ill class lie side by side somewhere."""
    return any(_pair(paths, depth) for depth in range(max(map(len, paths), default=0)))
