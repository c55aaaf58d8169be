"""Validation carved out of train: no patient and no picture on both sides."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pandas as pd

from core.errors import InputError


def carve_validation(samples: pd.DataFrame, fraction: float = 0.2, seed: int = 0, fold: int = 0) -> pd.Series:
    """Assign every sample to train, val or test.

    Groups are patients, joined where two patients share a byte-identical image; strata are the sub-types, or the classes
    where file names do not tell sub-types of enough patients. A data set that brings its own ``val`` split keeps it.

    Parameters
    ----------
    samples : DataFrame
        A sample table with splits ``train``, ``test`` and perhaps ``val``.
    fraction : float
        Share of train to hold out, in (0, 0.5].
    seed : int
    fold : int
        Which of the ``round(1 / fraction)`` parts of train is held out, from 0; together they are all of train.

    Returns
    -------
    Series of shape (n_samples,), str
        ``train``, ``val`` or ``test``, indexed like `samples`.

    Raises
    ------
    InputError
        If train has fewer than two classes or too few patients to hold some out, or there is no such fold.
    """
    split = samples["split"].astype("str").copy()
    if (split == "val").any():
        if fold:
            raise InputError("The data set brings its own validation images, so there is no other part of train to hold out.")
        return split
    train = samples[split == "train"]
    strata = train["subtype"].fillna(train["class_name"])
    groups = linked_groups(train)
    n_folds = max(2, round(1 / fraction))
    if train["class_name"].nunique() < 2:
        found = ", ".join(train["class_name"].unique()) or "none"
        raise InputError(f"Training needs at least two classes; the train folder has {found}.")
    if _fewest_groups(strata, groups) < n_folds:
        strata = train["class_name"]
    if _fewest_groups(strata, groups) < n_folds:
        raise InputError(f"Each class needs images of at least {n_folds} patients to hold out {100 * fraction:.0f} %; add images.")
    if not 0 <= fold < n_folds:
        raise InputError(f"Holding out {100 * fraction:.0f} % of train makes {n_folds} parts, 0 to {n_folds - 1}; there is no part {fold}.")
    from sklearn.model_selection import StratifiedGroupKFold  # seconds to load, which no page has to wait for

    folds = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed).split(np.zeros(len(train)), strata, groups)
    _, held_out = next(islice(folds, fold, None))
    split.loc[train.index[held_out]] = "val"
    return split


def linked_groups(samples: pd.DataFrame) -> np.ndarray:
    """Group numbers so that one patient, and one byte-identical image, lie in one group: ndarray of shape (n_samples,).

    Parameters
    ----------
    samples : DataFrame
        The sample table, as of `Dataset.samples`.

    Returns
    -------
    ndarray of shape (n_samples,), int
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    patients = pd.factorize(samples["patient_id"].fillna(samples["sample_id"]))[0]
    contents = pd.factorize(samples["content_hash"].fillna(samples["sample_id"]))[0] + patients.max(initial=0) + 1
    n_nodes = contents.max(initial=0) + 1
    links = coo_array((np.ones(len(samples)), (patients, contents)), shape=(n_nodes, n_nodes))
    return connected_components(links, directed=False)[1][patients]


def _fewest_groups(strata: pd.Series, groups: np.ndarray) -> int:
    return int(pd.Series(groups).groupby(strata.to_numpy()).nunique().min())
