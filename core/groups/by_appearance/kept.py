"""Groups kept on disk with what they were made from, so that images are looked at once."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import InputError
from core.files import CACHE, cache_dir, replacing
from core.files.notices import notice

BACKBONE, MEASURED, TABLE = "backbone", "measured", "table"  # what appearance may be made from, the best first
VERSION = 1  # raise it when groups of the same images would come out otherwise
BEST = "best"


@dataclass(frozen=True, eq=False)
class Kept:
    """Groups as they are kept.

    Attributes
    ----------
    codes, ranks : ndarray of shape (n_samples,), int
        As in `core.groups.grouping.Grouping`.
    k : int
    stability : float
        As in `core.groups.by_appearance.clusters.Clusters`.
    made_from : dict
        ``digest`` of the data, ``look`` and its ``key``, ``asked`` for how many groups, ``version``.
    """

    codes: np.ndarray
    ranks: np.ndarray
    k: int
    stability: float
    made_from: dict

    @property
    def look(self) -> str:
        """What appearance was made from: ``backbone``, ``measured`` or ``table``."""
        return self.made_from["look"]


def made_from(digest: str, look: str, key: str, k: int | None) -> dict:
    """What groups depend on, as it is kept beside them.

    Parameters
    ----------
    digest : str
        Of the content of the data set.
    look : str
        How the look was told.
    key : str
        What names its weights; empty for facts of the table.
    k : int or None

    Returns
    -------
    dict
    """
    return {"digest": digest, "look": look, "key": key, "asked": k, "version": VERSION}


def read_kept(made: dict) -> Kept | None:
    """The groups that were made from just this; None if there are none or the file is broken."""
    return _read(_path(made), made)


def keep(kept: Kept) -> Kept:
    """Write groups into the cache; where there is no room for them they are made anew next time."""
    facts = {"k": kept.k, "stability": kept.stability, "made_from": kept.made_from}
    path = _path(kept.made_from)
    try:
        with replacing(path, CACHE) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, codes=kept.codes.astype(np.uint8), ranks=kept.ranks, facts=json.dumps(facts))
    except InputError as error:
        notice(f"The groups of the images are not kept, and made anew next time. {error}")
    return kept


def any_kept(digest: str, k: int | None = None) -> Kept | None:
    """Groups of a data set that were made before, by the best look; None if there are none.

    Parameters
    ----------
    digest : str
        Of the data set.
    k : int, optional
        How many were asked for; else those whose number was found best.

    Returns
    -------
    Kept or None
    """
    for look in (BACKBONE, MEASURED, TABLE):
        for path in sorted(cache_dir("groups").glob(f"{digest}-{look}*-{k or BEST}-{VERSION}.npz")):
            if known := _read(path, None):
                return known
    return None


def _path(made: dict) -> Path:
    return cache_dir("groups") / f"{made['digest']}-{made['key']}-{made['asked'] or BEST}-{made['version']}.npz"


def _read(path: Path, made: dict | None) -> Kept | None:
    try:
        with np.load(path, allow_pickle=False) as stored:
            facts = json.loads(str(stored["facts"]))
            known = Kept(stored["codes"].astype(int), stored["ranks"], int(facts["k"]), float(facts["stability"]), facts["made_from"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    return known if known.made_from == (made or known.made_from) else None
