"""What the names of scored images tell, read once for each set of images: whose they are and which infection."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.names import parse

N_KEPT = 16  # sets of images remembered; runs of one data set share theirs


@dataclass(frozen=True, eq=False)
class Patients:
    """Patients and infections of images.

    Attributes
    ----------
    key : bytes
        Names the images and their order.
    patient_id : ndarray of shape (n_samples,), object
    subtype : ndarray of shape (n_samples,), object
        ``NORMAL``, ``BACTERIAL``, ``VIRAL`` or missing.
    codes : ndarray of shape (n_samples,), int
        Patients numbered from 0.
    """

    key: bytes
    patient_id: np.ndarray
    subtype: np.ndarray
    codes: np.ndarray

    @property
    def n_patients(self) -> int:
        """How many there are."""
        return int(self.codes.max(initial=-1)) + 1


_known: OrderedDict[bytes, Patients] = OrderedDict()


def patients_of(sample_ids: pd.Series) -> Patients:
    """Patients and infections by sample ids; the same ids in the same order give the same object."""
    key = hashlib.sha1("\0".join(sample_ids.tolist()).encode("utf-8", "surrogatepass")).digest()
    found = _known.get(key) or _read(key, sample_ids)
    _known[key] = found
    _known.move_to_end(key)
    while len(_known) > N_KEPT:
        _known.popitem(last=False)
    return found


def _read(key: bytes, sample_ids: pd.Series) -> Patients:
    names = parse(sample_ids)
    patient_id, subtype = (names[column].to_numpy(object) for column in ("patient_id", "subtype"))
    return Patients(key, patient_id, subtype, pd.factorize(names["patient_id"])[0])
