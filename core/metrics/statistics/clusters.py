"""Whose the scored images are and which infection they show: as the data set states it, else as their names tell."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.kermany_names import parse

N_KEPT = 16  # sets of images remembered; runs of one data set share theirs


@dataclass(frozen=True, eq=False)
class Patients:
    """Patients and infections of images.

    Attributes
    ----------
    key : bytes
        Names the images, their order, and who shares a patient.
    patient_id : ndarray of shape (n_samples,), object
    subtype : ndarray of shape (n_samples,), object
        ``NORMAL``, ``BACTERIAL``, ``VIRAL`` or missing.
    codes : ndarray of shape (n_samples,), int
        Patients numbered from 0.
    stated : bool
        Whether the data set stated them; else they are read from the names of the images.
    """

    key: bytes
    patient_id: np.ndarray
    subtype: np.ndarray
    codes: np.ndarray
    stated: bool = False

    @property
    def n_patients(self) -> int:
        """How many there are."""
        return int(self.codes.max(initial=-1)) + 1

    def among(self, mask: np.ndarray) -> Patients:
        """Those of some of the images, numbered anew; mask of shape (n_samples,), bool."""
        codes = np.unique(self.codes[mask], return_inverse=True)[1]
        key = self.key + hashlib.sha1(np.packbits(mask).tobytes()).digest()
        return Patients(key, self.patient_id[mask], self.subtype[mask], codes, self.stated)


_known: OrderedDict[bytes, Patients] = OrderedDict()


def patients_of(sample_ids: pd.Series, facts: pd.DataFrame | None = None) -> Patients:
    """Patients and infections of images; the same images with the same facts in the same order give the same object.

    Parameters
    ----------
    sample_ids : Series of shape (n_samples,), str
    facts : DataFrame, optional
        What the data set states: ``sample_id, patient_id, subtype``, in any order and of any more images. An image without a patient
        is one's own. Without facts the names of the images tell.

    Returns
    -------
    Patients
    """
    stated = None if facts is None else facts.set_index("sample_id")[["patient_id", "subtype"]].reindex(sample_ids).astype("object")
    key = _digest(sample_ids) + (b"" if stated is None else _digest(stated["patient_id"]) + _digest(stated["subtype"]))
    found = _known.get(key) or _read(sample_ids, stated)
    found = next((known for known in _known.values() if known.key == found.key and known.stated == found.stated), found)
    _known[key] = found
    _known.move_to_end(key)
    while len(_known) > N_KEPT:
        _known.popitem(last=False)
    return found


def _digest(texts: pd.Series) -> bytes:
    return hashlib.sha1("\0".join(texts.fillna("").astype("str").tolist()).encode("utf-8", "surrogatepass")).digest()


def _read(sample_ids: pd.Series, stated: pd.DataFrame | None) -> Patients:
    facts = parse(sample_ids) if stated is None else stated.reset_index(drop=True)
    own = facts["patient_id"].fillna("image " + sample_ids.reset_index(drop=True))
    subtype = facts["subtype"].where(facts["subtype"].notna(), None)
    codes = pd.factorize(own)[0]
    key = _digest(sample_ids) + hashlib.sha1(codes.tobytes()).digest() + _digest(subtype)
    return Patients(key, own.to_numpy(object), subtype.to_numpy(object), codes, stated is not None)
