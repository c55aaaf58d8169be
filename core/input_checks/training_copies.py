"""Is a picture one that is in a data set already?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.images import Source, gate
from core.images.measuring import STATISTICS_SIZE, perceptual_hash

COPY_BITS = 8  # of 256: 119 of 120 originals are that near to their own 224-pixel copies, none but one to another child's film


def find_copy(source: Source | gate.Film, samples: pd.DataFrame) -> str | None:
    """The sample that shows the same film, be it of another size or encoding.

    Parameters
    ----------
    source : str, Path or bytes
    samples : DataFrame
        A sample table; rows without a perceptual hash are passed over.

    Returns
    -------
    str or None
        The sample id nearest by difference hash (Krawetz 2013), if at most 8 of 256 bits differ.

    Raises
    ------
    ImageError
        If the image cannot be used.
    """
    known = samples[samples["perceptual_hash"].notna()]
    if known.empty:
        return None
    hashes = np.frombuffer(bytes.fromhex("".join(known["perceptual_hash"])), np.uint8).reshape(len(known), -1)
    own = np.frombuffer(bytes.fromhex(perceptual_hash(gate.read_grey(source, STATISTICS_SIZE))), np.uint8)
    distances = np.bitwise_count(hashes ^ own).sum(axis=1)
    return known["sample_id"].iloc[int(distances.argmin())] if distances.min() <= COPY_BITS else None
