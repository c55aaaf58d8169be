"""Images by the names that others give them: with a longer or shorter path, back-slashes, another form of Unicode, without a suffix."""

from __future__ import annotations

import pandas as pd

from core.datasets.tables.listed import plain_names

SUFFIX = r"\.\w{2,5}$"
WHOLE = 3  # parts of a usual sample id: split, class and file name


def match_names(names: pd.Series, ids: pd.Series, of_test: pd.Series, is_test: pd.Series) -> pd.Series:
    """Sample ids of images that are named in other ways.

    A whole id, perhaps after more folders, decides. Else the longest end of a path that one image alone has decides, among the test
    images or among the others, as is asked for; last the same of names without their suffix.

    Parameters
    ----------
    names : Series of shape (n_names,), str
    ids : Series of shape (n_samples,), str
        All sample ids.
    of_test : Series of shape (n_samples,), bool
        Whether they are test images.
    is_test : Series of shape (n_names,), bool
        Whether a test image is meant.

    Returns
    -------
    Series of shape (n_names,), str
        Missing where no image, or more than one, answers to the name.
    """
    given, known = plain_names(names.astype("str").str.strip()), plain_names(ids.astype("str"))
    found = given.map(_unique(known, ids))
    found = found.fillna(_tail(given, WHOLE).map(_unique(known, ids)))
    for side in (True, False):
        wanted = (is_test == side) & given.notna()
        chosen = of_test == side
        found = _by_ends(found, given, wanted, known[chosen], ids[chosen])
    return found.astype("str")


def _by_ends(found: pd.Series, given: pd.Series, wanted: pd.Series, known: pd.Series, ids: pd.Series) -> pd.Series:
    """The longest ends of paths that tell, first as they are, then those that were given without a suffix."""
    bare = wanted & ~given.str.contains(SUFFIX, regex=True, na=False)
    for among, names in ((wanted, known), (bare, known.str.replace(SUFFIX, "", regex=True))):
        deepest = int(known.str.count("/").max()) + 1 if len(known) else 0
        for depth in range(deepest, 0, -1):
            left = among & found.isna()
            if not left.any():
                break
            found = found.fillna(_tail(given[left], depth).map(_unique(_tail(names, depth), ids)))
    return found


def _tail(names: pd.Series, depth: int) -> pd.Series:
    """The last parts of paths, the whole path where it has fewer."""
    return names.str.extract(rf"((?:[^/]*/){{0,{depth - 1}}}[^/]*)$", expand=False)


def _unique(keys: pd.Series, ids: pd.Series) -> dict[str, str]:
    """Sample ids by keys that one image alone has."""
    alone = ~keys.duplicated(keep=False)
    return dict(zip(keys[alone], ids[alone], strict=True))
