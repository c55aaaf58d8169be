"""The same picture twice: byte for byte, or almost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.audit.finding import Finding
from core.datasets.dataset import Dataset

NEAR_BITS = 12  # of 256: re-encoded and slightly edited copies stay below, the closest different children of the real set above
CHUNK = 512
MAX_COMPARED = 40_000


def exact_duplicates(dataset: Dataset) -> Finding:
    """Groups of byte-identical images, within and across splits and classes."""
    samples = dataset.samples
    repeated = samples[samples["content_hash"].notna() & samples["content_hash"].duplicated(keep=False)]
    groups = repeated.groupby("content_hash")
    n_groups = len(groups)
    across = int((groups["split"].nunique() > 1).sum()) if n_groups else 0
    conflicting = int((groups["class_name"].nunique() > 1).sum()) if n_groups else 0
    severity = "high" if across or conflicting else "low" if n_groups else "ok"
    return Finding(
        "exact_duplicates",
        severity,
        f"{n_groups} groups of byte-identical images",
        n_groups,
        len(samples),
        f"{len(repeated)} images are in such groups; {across} groups span train and test, {conflicting} have two labels. Copies across "
        "splits let a model score by memory; ours keeps copies on one side of the validation split.",
        tuple(repeated.sort_values("content_hash")["sample_id"]),
    )


def near_duplicates(dataset: Dataset) -> Finding:
    """Pairs whose difference hashes (Krawetz 2013, `imagehash.dhash`) differ in at most 12 of 256 bits, exact copies left out."""
    samples = dataset.samples[dataset.samples["perceptual_hash"].notna()]
    if samples.empty or len(samples) > MAX_COMPARED:
        why = "there are no perceptual hashes" if samples.empty else f"more than {MAX_COMPARED:,} images are not compared pair by pair"
        return Finding("near_duplicates", "unknown", "Near duplicates not searched", None, len(samples), f"Cannot tell: {why}.")
    first, second = _near_pairs(samples)
    split, label = samples["split"].to_numpy(), samples["class_name"].to_numpy()
    across, conflicting = int((split[first] != split[second]).sum()), int((label[first] != label[second]).sum())
    severity = "medium" if across or conflicting else "low" if len(first) else "ok"
    concerned = np.unique(np.r_[first, second])
    return Finding(
        "near_duplicates",
        severity,
        f"{len(first)} pairs of almost identical images",
        len(first),
        len(samples),
        f"{across} pairs span train and test, {conflicting} have two labels. Retakes of one child count twice in training and, across "
        "splits, flatter the test figures; look at them before trusting a difference of a few images.",
        tuple(samples["sample_id"].iloc[concerned]),
    )


def _near_pairs(samples: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Positions of near pairs, in blocks so that memory stays flat: two ndarrays of shape (n_pairs,)."""
    hashes = np.array([np.frombuffer(bytes.fromhex(text), dtype=np.uint64) for text in samples["perceptual_hash"]])
    contents = pd.factorize(samples["content_hash"])[0]
    found = []
    for begin in range(0, len(hashes), CHUNK):
        block = slice(begin, begin + CHUNK)
        distance = sum(np.bitwise_count(words[block, None] ^ words[None, begin:]).astype(np.uint16) for words in hashes.T)
        left, right = np.nonzero(distance <= NEAR_BITS)
        left, right = left + begin, right + begin
        keep = (left < right) & (contents[left] != contents[right])
        found.append(np.stack([left[keep], right[keep]]))
    return tuple(np.concatenate(found, axis=1))
