"""All pairs of hashes a few bits apart, without comparing all pairs: multi-index hashing (Norouzi, Punjani & Fleet 2012)."""

from __future__ import annotations

from itertools import combinations

import numpy as np

WINDOW = 128  # in a bucket larger than this each hash meets its next 128, so that a crowd of almost equal pictures stays cheap


def near_pairs(hashes: np.ndarray, radius: int, window: int = WINDOW) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of hashes that differ in at most `radius` bits.

    The bits are dealt into ``radius + 2`` words. Two hashes within the radius differ in at most `radius` of the words, so they agree in
    two whole words: sorting by each pair of words brings them together, and only those neighbours are compared. The cost is that of
    sorting n hashes (radius + 2)(radius + 1)/2 times instead of n² comparisons.

    Parameters
    ----------
    hashes : ndarray of shape (n, n_bytes), uint8
        `n_bytes` is a multiple of 8.
    radius : int
    window : int
        Every pair is found where at most this many other hashes share two words with one.

    Returns
    -------
    first, second : ndarray of shape (n_pairs,), int
        Positions, first < second, each pair once.
    """
    blocks, n = np.ascontiguousarray(hashes).view(np.uint64), len(hashes)
    found = np.empty(0, np.int64)
    for one, other in combinations(_words(hashes, radius + 2), 2):
        left, right = _neighbours(one, other, window)
        near = np.bitwise_count(blocks[left] ^ blocks[right]).sum(axis=1) <= radius
        left, right = left[near], right[near]
        found = np.union1d(found, np.minimum(left, right) * n + np.maximum(left, right))
    return np.divmod(found, max(n, 1))


def _words(hashes: np.ndarray, n_words: int) -> list[np.ndarray]:
    """The bits dealt at random: bits of one place in the picture are alike in many pictures, and would fill few buckets."""
    bits = np.unpackbits(hashes, axis=1)
    order = np.random.default_rng(0).permutation(bits.shape[1])
    return [bits[:, part] @ (1 << np.arange(len(part), dtype=np.int64)) for part in np.array_split(order, n_words)]


def _neighbours(one: np.ndarray, other: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of pairs that agree in two words, found next to each other in the sorted order."""
    order = np.lexsort((one, other))
    one, other = one[order], other[order]
    lefts, rights = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for lag in range(1, min(window, len(order) - 1) + 1):
        same = (one[lag:] == one[:-lag]) & (other[lag:] == other[:-lag])
        if not same.any():
            break
        lefts.append(order[:-lag][same])
        rights.append(order[lag:][same])
    return np.concatenate(lefts), np.concatenate(rights)
