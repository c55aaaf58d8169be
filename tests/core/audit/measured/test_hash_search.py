"""Multi-index hashing against all pairs compared by SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from core.audit.measured.hash_search import near_pairs


def all_pairs(hashes: np.ndarray, radius: int) -> set[tuple[int, int]]:
    bits = np.unpackbits(hashes, axis=1)
    distance = pdist(bits, "hamming") * bits.shape[1]
    first, second = np.triu_indices(len(hashes), 1)
    return set(zip(*(side[distance <= radius + 0.5].tolist() for side in (first, second)), strict=True))


def clustered(n: int, seed: int) -> np.ndarray:
    """Hashes around 20 centres, each with 0 to 30 of its bits flipped: pairs at every distance."""
    rng = np.random.default_rng(seed)
    centres = rng.integers(0, 2, (20, 256), dtype=np.uint8)
    bits = centres[rng.integers(0, 20, n)]
    flips = rng.random((n, 256)) < rng.uniform(0, 0.06, (n, 1))
    return np.packbits(bits ^ flips, axis=1)


@pytest.mark.parametrize("radius", [0, 1, 5, 12])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_pair_within_the_radius_is_found_and_no_other(radius, seed):
    hashes = clustered(400, seed)
    found = set(zip(*(side.tolist() for side in near_pairs(hashes, radius, window=400)), strict=True))
    assert found == all_pairs(hashes, radius)
    assert len(found) > 0 or radius < 2


def test_a_crowd_in_one_bucket_meets_its_neighbours_only():
    first, second = near_pairs(np.zeros((200, 32), np.uint8), 12, window=16)
    assert len(first) == 200 * 16 - 16 * 17 // 2
    assert set(range(1, 200)) <= set(second.tolist()) and (first < second).all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_tiny_sets(n):
    first, _ = near_pairs(np.zeros((n, 32), np.uint8), 12)
    assert len(first) == max(0, n - 1)
