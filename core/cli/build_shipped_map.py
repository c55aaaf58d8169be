"""Make the map that ships with the index from a copy of the set: ``python -m core.cli.build_shipped_map DATA [--check]``.

``--check`` writes nothing and says how far the shipped map keeps the neighbours of one made here.
"""

from __future__ import annotations

import sys

import numpy as np

from core.cli.output import progress_bar
from core.datasets import open_dataset
from core.datasets.sources.shipped import open_shipped
from core.embedding.making import made
from core.embedding.shipped import shipped_embedding, write_shipped
from core.errors import InputError
from core.groups.by_appearance.kept import BACKBONE
from core.groups.by_appearance.look import kind_at_hand

NEIGHBOURS = 10


def shared_neighbours(one: np.ndarray, other: np.ndarray) -> float:
    """Mean share of the ten nearest images on one map that are among the ten nearest on another: places of shape (n_samples, 2)."""
    from sklearn.neighbors import NearestNeighbors

    near = [NearestNeighbors(n_neighbors=NEIGHBOURS).fit(places).kneighbors(return_distance=False) for places in (one, other)]
    return float(np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(*near, strict=True)]))


if __name__ == "__main__":
    dataset = open_dataset(sys.argv[1], progress_bar("indexing"))
    if kind_at_hand(dataset)[0] != BACKBONE:
        raise InputError("The map that ships is made with MobileNetV2; set PNEUMOLENS_WEIGHTS to the folder of its weights.")
    if dataset.fingerprint != open_shipped().fingerprint:
        raise InputError("These are not the images of the shipped index, so no map of them ships.")
    here = made(dataset, BACKBONE, progress_bar).places
    if "--check" in sys.argv:
        if (ships := shipped_embedding(dataset)) is None:
            raise InputError("No map ships yet; make it without --check.")
        print(f"{shared_neighbours(here, ships.places):.3f} of ten neighbours shared, {len(here):,} images")
    else:
        write_shipped(dataset.samples["sample_id"], here, dataset.fingerprint)
        print(f"{len(here):,} images")
