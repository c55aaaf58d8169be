"""Which series a file belongs to, as its name begins: ``IM``, ``NORMAL2-IM``, ``person``."""

from __future__ import annotations

import pandas as pd

KNOWN = r"(?i)^(NORMAL2-IM|IM|person)(?=[-_\d])"  # of the Kermany set; the first holds a digit of its own
BEGINNING = r"^([^\d]*?)[-_. ]*(?:\d|$)"
NUMBERS = "numbers only"


def series(sample_ids: pd.Series) -> pd.Series:
    """What the file names begin with, up to the first number.

    Parameters
    ----------
    sample_ids : Series of shape (n_samples,), str
        Ids that end with the file name.

    Returns
    -------
    Series of shape (n_samples,), str
        ``numbers only`` for a name that begins with a number.
    """
    stem = sample_ids.astype("str").str.rsplit("/", n=1).str[-1].str.replace(r"\.[^.]+$", "", regex=True)
    known = stem.str.extract(KNOWN, expand=False)
    begins = stem.str.extract(BEGINNING, expand=False)
    return known.fillna(begins).fillna("").replace("", NUMBERS).rename("series")
