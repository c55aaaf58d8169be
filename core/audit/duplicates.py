"""The same picture twice: byte for byte, or almost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.audit.finding import Finding
from core.audit.hash_search import near_pairs
from core.counted import counted
from core.datasets.dataset import Dataset

NEAR_BITS = 12  # of 256: re-encoded and slightly edited copies stay below, the closest different children of the real set above


def exact_duplicates(dataset: Dataset) -> Finding:
    """Groups of byte-identical images, within and across splits and classes."""
    samples = dataset.samples
    repeated = samples[samples["content_hash"].notna() & samples["content_hash"].duplicated(keep=False)]
    groups = pd.Series(pd.factorize(repeated["content_hash"])[0], repeated.index)
    evidence, across, conflicting = _weigh(repeated, groups)
    n_groups = groups.nunique()
    return Finding(
        "exact_duplicates",
        "high" if across or conflicting else "low" if n_groups else "ok",
        f"{counted(n_groups, 'group')} of byte-identical images",
        n_groups,
        len(samples),
        "Copies across splits let a model score from memory, copies with two labels teach it a contradiction, and copies within train "
        "count one child twice.",
        "Delete all but one of each group, and look up the true label where two are given; validation here keeps copies on one side.",
        evidence,
        _name(repeated, groups),
    )


def near_duplicates(dataset: Dataset) -> Finding:
    """Groups whose difference hashes (Krawetz 2013, `imagehash.dhash`) differ in at most 12 of 256 bits, exact copies left out."""
    samples = dataset.samples[dataset.samples["perceptual_hash"].notna()]
    if samples.empty:
        why = "There are no perceptual hashes here, so almost identical images cannot be found."
        return Finding("near_duplicates", "unknown", "Near duplicates not searched", None, 0, why)
    near, groups = _near_groups(samples)
    evidence, across, conflicting = _weigh(near, groups)
    n_groups = groups.nunique()
    return Finding(
        "near_duplicates",
        "medium" if across or conflicting else "low" if n_groups else "ok",
        f"{counted(n_groups, 'group')} of almost identical images",
        n_groups,
        len(samples),
        "Retakes and edited copies of one child count twice in training and, across splits, make the test look better than it is.",
        "Look at each group and keep one image of it, or put the whole group on one side of the split.",
        f"{evidence} Images count as almost identical when at most {NEAR_BITS} of the 256 bits of their difference hashes differ.",
        _name(near, groups),
    )


def _near_groups(samples: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The images that have a near neighbour of another content, and the number of the group of each."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    hashes = np.frombuffer(bytes.fromhex("".join(samples["perceptual_hash"])), np.uint8).reshape(len(samples), -1)
    contents = samples["content_hash"].fillna(samples["sample_id"]).to_numpy()
    _, kept = np.unique(contents, return_index=True)  # one of each group of exact copies, which another check reports
    order = kept[np.lexsort(hashes[kept].T)]
    new = np.r_[True, (hashes[order][1:] != hashes[order][:-1]).any(axis=1)]
    first, second = (order[new][side] for side in near_pairs(hashes[order[new]], NEAR_BITS))
    first, second = np.r_[first, order[:-1][~new[1:]]], np.r_[second, order[1:][~new[1:]]]  # equal hashes: each with the next
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(samples), len(samples)))
    groups = connected_components(links, directed=False)[1]
    concerned = np.unique(np.r_[first, second])
    near = samples.iloc[concerned]
    return near, pd.Series(pd.factorize(groups[concerned])[0], near.index)


def _weigh(images: pd.DataFrame, groups: pd.Series) -> tuple[str, int, int]:
    """A sentence on the groups, how many of them span train and test, and how many have two labels."""
    of = images[["split", "class_name"]].groupby(groups.to_numpy()).nunique()
    across, conflicting = int((of["split"] > 1).sum()), int((of["class_name"] > 1).sum())
    found = f"{counted(len(images), 'image')} in {counted(len(of), 'group')}"
    sentence = f"{found}: {counted(across, 'group')} across splits, {conflicting} with two labels."
    return sentence, across, conflicting


def _name(images: pd.DataFrame, groups: pd.Series) -> tuple[tuple[str, str], ...]:
    order = np.argsort(groups.to_numpy(), kind="stable")
    notes = [f"group {number + 1}" for number in groups.to_numpy()[order]]
    return tuple(zip(images["sample_id"].to_numpy()[order].tolist(), notes, strict=True))
