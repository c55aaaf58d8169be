"""What the folders of a data set mean: which split and which class the images of each lie in. Names alone, no disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.datasets.classes import meaning
from core.datasets.folders.class_level import class_depths, has_pair
from core.datasets.folders.split_names import fold_of, hinted_split, says_nothing, split_of
from core.datasets.folders.tree import Parts

Why = Literal["other set", "other fold", "beside", "unclear", "no class", "two splits"]
Rests = dict[Parts, tuple[str, Parts]]  # of each folder: its split, and its path below the split folder


@dataclass(frozen=True)
class Place:
    """Where the images of one folder belong: split, class folder as it is named, and the folders below that."""

    split: str
    class_folder: str
    below: Parts


@dataclass(frozen=True)
class Layout:
    """How a data set lies in its folders.

    Attributes
    ----------
    top : tuple of str
        The folder that holds the split folders, below the one that was given.
    places : dict of tuple of str to Place
        For each folder with images that are used.
    unused : dict of tuple of str to str
        Why the images of the other folders are not.
    rivals : list of tuple of str
        Tops of the other data sets.
    has_splits : bool
        Whether folders tell splits; else all is train.
    """

    top: Parts
    places: dict[Parts, Place]
    unused: dict[Parts, Why]
    rivals: list[Parts]
    has_splits: bool


def find_layout(folders: Iterable[Parts]) -> Layout | None:
    """Read folders as a data set: ``split/CLASS``, ``CLASS/split`` or ``CLASS`` alone, below whatever they were unpacked into.

    Of several data sets with splits the shallowest is read, then the first by name.

    Parameters
    ----------
    folders : iterable of tuple of str
        Every folder that has images, as its path below the one that was given.

    Returns
    -------
    Layout or None
        None if no folder can be a class.
    """
    folders = sorted(folders)
    splits, torn = _split_folders(folders)
    folds = _other_folds(splits)
    sets = {top: (rests, places) for top, rests in _sets(splits, folds).items() if (places := _places(rests))}
    ranked = sorted(sets, key=lambda top: (not _speaks(sets[top][1]), len(top), top))
    rest = [folder for folder in folders if folder not in splits and folder not in torn]
    unclear = _unclear(rest)
    alone = {folder: ("train", folder) for folder in rest if folder not in unclear}
    if ranked and not (has_pair(list(alone)) and not _speaks(sets[ranked[0]][1])):
        top, rivals = ranked[0], ranked[1:]
        rests, places = sets[top]
    else:
        top, rivals, rests, places = (), ranked, alone, _places(alone)
    known: tuple[tuple[Iterable[Parts], Why], ...] = ((torn, "two splits"), (unclear, "unclear"), (folds, "other fold"))
    whys = {folder: why for several, why in known for folder in several}
    whys |= {folder: "other set" for rival in rivals for folder in sets[rival][0]}
    whys |= {folder: "no class" for folder in (*rests, *splits) if folder not in whys}
    unused = {folder: whys.get(folder, "beside") for folder in folders if folder not in places}
    return Layout(top, places, unused, rivals, rests is not alone) if places else None


def _other_folds(splits: dict[Parts, tuple[Parts, str, Parts]]) -> set[Parts]:
    """Folders of a split that stands there under several numbers, as in ``train_1, train_2``, but for the first number."""
    numbers = defaultdict(set)
    for folder, (top, split, _) in splits.items():
        numbers[top, split].add(_fold(folder, top))
    return {folder for folder, (top, split, _) in splits.items() if _fold(folder, top) != min(numbers[top, split])}


def _fold(folder: Parts, top: Parts) -> int:
    number = fold_of(folder[len(top)])
    return -1 if number is None else number


def _unclear(folders: list[Parts]) -> set[Parts]:
    """Folders beside others whose names speak of a split that they do not tell: ``my_test_v2``, ``train_normal`` beside ``test_normal``."""
    siblings = defaultdict(set)
    for folder in folders:
        for depth, name in enumerate(folder):
            siblings[folder[:depth]].add(name)
    doubtful = set()
    for parent, names in siblings.items():
        hints = {name: hint for name in names if (hint := hinted_split(name))}
        torn = len(set(hints.values())) > 1
        if len(names) > 1:
            doubtful |= {(*parent, name) for name, hint in hints.items() if torn or (hint != "train" and meaning(name) is None)}
    return {folder for folder in folders if any(folder[: depth + 1] in doubtful for depth in range(len(folder)))}


def _split_folders(folders: list[Parts]) -> tuple[dict[Parts, tuple[Parts, str, Parts]], set[Parts]]:
    """The folders that lie in a split: what lies above it, which it is, and their path below it; and those that lie in two."""
    found, torn, wrappers = {}, set(), _wrappers(folders)
    for folder in folders:
        at = [depth for depth, name in enumerate(folder) if split_of(name) and folder[: depth + 1] not in wrappers]
        names = {split for depth in at if (split := split_of(folder[depth]))}
        if len(names) > 1:
            torn.add(folder)
        elif names:
            split, rest = names.pop(), folder[at[0] + 1 :]
            while rest and split_of(rest[0]) == split:  # train/train, as archives unpack
                rest = rest[1:]
            found[folder] = (folder[: at[0]], split, rest)
    return found, torn


def _wrappers(folders: list[Parts]) -> set[Parts]:
    """Folders called after a split that only hold the split folders of a data set, as in ``test/{train,test}``."""
    inner = defaultdict(list)
    for folder in folders:
        for depth, name in enumerate(folder):
            if split_of(name):
                inner[folder[: depth + 1]].append({split_of(below) for below in folder[depth + 1 :]} - {None})
    return {folder for folder, names in inner.items() if all(names) and len(set().union(*names)) > 1}


def _sets(splits: dict[Parts, tuple[Parts, str, Parts]], without: set[Parts]) -> dict[Parts, Rests]:
    """Data sets by the folder that holds their split folders; where splits lie in class folders, by the one that holds these."""
    tops: dict[Parts, Rests] = defaultdict(dict)
    for folder, (top, split, rest) in splits.items():
        if folder not in without:
            tops[top][folder] = (split, rest)
    sets: dict[Parts, Rests] = defaultdict(dict)
    groups: dict[Parts, list[Parts]] = defaultdict(list)
    for top in tops:
        groups[top[:-1]].append(top) if top else sets[top].update(tops[top])
    for parent, members in groups.items():
        turned = _classes_first(members, tops)
        for top in members:
            for folder, (split, rest) in tops[top].items():
                sets[parent if turned else top][folder] = (split, (top[-1], *rest) if turned else rest)
    return sets


def _classes_first(members: list[Parts], tops: dict[Parts, Rests]) -> bool:
    rests = [rest for top in members for _, rest in tops[top].values()]
    if any(meaning(rest[0]) == "healthy" for rest in rests if rest):
        return False
    return any(meaning(top[-1]) == "healthy" for top in members) or (len(members) > 1 and not any(rests))


def _places(rests: Rests) -> dict[Parts, Place]:
    """Where the images of the folders belong; folders that lie in no class folder are left out."""
    by_split = defaultdict(list)
    for split, rest in rests.values():
        by_split[split].append(rest)
    depths = class_depths(by_split)
    sites = {split: {path[: depths[split]] for path in paths if len(path) > depths[split]} for split, paths in by_split.items()}
    places = {}
    for folder, (split, rest) in rests.items():
        depth = depths[split]
        if len(rest) > depth:
            above = rest[:depth] if len(sites[split]) > 1 else ()  # several sites of one split keep their names, so that ids stay unique
            places[folder] = Place(split, rest[depth], (*above, *rest[depth + 1 :]))
    return {} if all(says_nothing(place.class_folder) for place in places.values()) else places


def _speaks(places: dict[Parts, Place]) -> bool:
    """Whether a class of the set is called healthy or ill."""
    return any(meaning(place.class_folder) for place in places.values())
