"""Groups of images that are the same picture: byte for byte, or almost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.audit.measured.hash_search import near_pairs
from core.datasets.dataset import Dataset

NEAR_BITS = 12  # of 256: re-encoded and slightly edited copies stay below, the closest different children of the real set above


def exact_groups(dataset: Dataset) -> dict:
    """``n_samples`` of which the bytes are known, and what `_weighed` has of images with the same."""
    samples = dataset.samples
    repeated = samples[samples["content_hash"].notna() & samples["content_hash"].duplicated(keep=False)]
    n_known = int(samples["content_hash"].notna().sum())
    return {"n_samples": n_known} | _weighed(repeated, pd.Series(pd.factorize(repeated["content_hash"])[0], repeated.index))


def near_groups(dataset: Dataset) -> dict:
    """``n_samples`` with a perceptual hash, and where there are some what `_weighed` has of near neighbours, exact copies left out.

    Near are images whose difference hashes (Krawetz 2013, `imagehash.dhash`) differ in at most 12 of 256 bits.
    """
    samples = dataset.samples[dataset.samples["perceptual_hash"].notna()]
    return {"n_samples": len(samples)} | ({} if samples.empty else _weighed(*_near_groups(samples)))


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


def _weighed(images: pd.DataFrame, groups: pd.Series) -> dict:
    """Sample ids with the number of their ``groups``, in its order, and how many groups span splits and how many have two labels."""
    of = images[["split", "class_name"]].groupby(groups.to_numpy()).nunique()
    order = np.argsort(groups.to_numpy(), kind="stable")
    return {
        "n_across": int((of["split"] > 1).sum()),
        "n_conflicting": int((of["class_name"] > 1).sum()),
        "groups": list(zip(images["sample_id"].to_numpy()[order].tolist(), groups.to_numpy()[order].tolist(), strict=True)),
    }
