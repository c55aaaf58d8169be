"""Is a picture one that is in a data set already?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.images import Source, gate
from core.images.measuring import STATISTICS_SIZE, perceptual_hash

COPY_BITS = 8  # of 256: 119 of 120 originals are that near to their own 224-pixel copies, none but one to another child's film


@dataclass(frozen=True, eq=False)
class Hashes:
    """The difference hashes of known films, laid out once for many questions.

    Attributes
    ----------
    sample_ids : ndarray of shape (n_samples,), str
    bits : ndarray of shape (n_samples, 32), uint8
    """

    sample_ids: np.ndarray
    bits: np.ndarray

    @classmethod
    def of(cls, samples: pd.DataFrame) -> Hashes:
        """Those of a sample table; rows without a perceptual hash are passed over."""
        known = samples[samples["perceptual_hash"].notna()]
        bits = np.frombuffer(bytes.fromhex("".join(known["perceptual_hash"])), np.uint8)
        return cls(known["sample_id"].to_numpy(), bits.reshape(len(known), -1) if len(known) else bits)

    def find(self, source: Source | gate.Film) -> str | None:
        """The sample that shows the same film, be it of another size or encoding.

        Parameters
        ----------
        source : str, Path, bytes or Film

        Returns
        -------
        str or None
            The sample id nearest by difference hash (Krawetz 2013), if at most 8 of 256 bits differ.

        Raises
        ------
        ImageError
            If the image cannot be used.
        """
        if not len(self.bits):
            return None
        own = np.frombuffer(bytes.fromhex(perceptual_hash(gate.read_grey(source, STATISTICS_SIZE))), np.uint8)
        distances = np.bitwise_count(self.bits ^ own).sum(axis=1)
        return str(self.sample_ids[distances.argmin()]) if distances.min() <= COPY_BITS else None
