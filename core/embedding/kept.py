"""Maps kept on disk by the content of the images, so that a map is made once."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core.embedding.layout import MOST_FITTED
from core.errors import InputError
from core.files import CACHE, cache_dir, replacing
from core.files.notices import notice
from core.groups.by_appearance.kept import BACKBONE, MEASURED, TABLE

VERSION = 1  # raise it when the same images would come to lie elsewhere
LOOKS = {
    BACKBONE: "by the features of a MobileNetV2 trained on ImageNet",
    MEASURED: "by measured brightness, contrast, border, letters and detail",
    TABLE: "by the brightness, contrast, border and letters that its table tells",
}


@dataclass(frozen=True, eq=False)
class Embedding:
    """A map of the images of a data set.

    Attributes
    ----------
    places : ndarray of shape (n_samples, 2), uint16
        In units of 1 / 65,535 of the side of the map, in the order of ``dataset.samples``.
    look : {"backbone", "measured", "table"}
        What the images were laid out by.
    """

    places: np.ndarray
    look: str

    @cached_property
    def key(self) -> str:
        """Six hexadecimal digits that tell this map from another."""
        return hashlib.blake2b(np.ascontiguousarray(self.places).tobytes(), digest_size=3).hexdigest()

    @property
    def made_from(self) -> str:
        """One sentence: how the map was made and how to read it."""
        n = len(self.places)
        placed = "" if n <= MOST_FITTED else f" of {MOST_FITTED:,} of the {n:,} images, each other one beside its nearest"
        return (
            f"t-SNE{placed} {LOOKS[self.look]}; labels are not used. Neighbours look alike; distances between far parts, sizes of clumps "
            "and the axes mean nothing."
        )


def read_kept(fingerprint: str, key: str, n_samples: int) -> Embedding | None:
    """The map of this content by this look; None if there is none or the file is broken."""
    try:
        with np.load(_path(fingerprint, key), allow_pickle=False) as stored:
            places, look = stored["places"], json.loads(str(stored["facts"]))["look"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
    good = places.shape == (n_samples, 2) and places.dtype == np.uint16 and look in LOOKS
    return Embedding(places, look) if good else None


def keep(fingerprint: str, key: str, embedding: Embedding) -> Embedding:
    """Write a map into the cache; where there is no room for it, it is made anew next time.

    Parameters
    ----------
    fingerprint : str
        Of the data set.
    key : str
        What the map was made by.
    embedding : Embedding

    Returns
    -------
    Embedding
        `embedding` itself.
    """
    try:
        with replacing(_path(fingerprint, key), CACHE) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, places=embedding.places, facts=json.dumps({"look": embedding.look}))
    except InputError as error:
        notice(f"The map of the images is not kept, and made anew next time. {error}")
    return embedding


def keys_kept(fingerprint: str) -> list[str]:
    """The looks by which maps of this content are kept, the best first."""
    found = []
    for look in LOOKS:
        for path in sorted(cache_dir("embedding").glob(f"{fingerprint}-{look}*-{VERSION}.npz")):
            found.append(path.name.removeprefix(f"{fingerprint}-").removesuffix(f"-{VERSION}.npz"))
    return found


def _path(fingerprint: str, key: str) -> Path:
    return cache_dir("embedding") / f"{fingerprint}-{key}-{VERSION}.npz"
