"""The numbers on a grouping as a whole, with their intervals: drawn once and kept, for they take most of a second."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TypedDict

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.files import cache_dir, keep
from core.groups.grouping import Grouping
from core.groups.statistics.alone import group_auc
from core.groups.statistics.contingency import patient_codes
from core.groups.statistics.mix import Shift, mix_shift
from core.groups.statistics.tie import tie
from core.metrics.statistics.intervals import Estimate

VERSION = 2  # raise it when a number would come out otherwise
ESTIMATES = ("cramers_v", "auc", "cramers_v_test")


class Estimates(TypedDict):
    """What `estimates` says, by name."""

    cramers_v: Estimate
    auc: Estimate
    cramers_v_test: Estimate
    shift: Shift


def estimates(dataset: Dataset, grouping: Grouping) -> Estimates:
    """How far groups and classes are tied, and how the mix of groups moves.

    Parameters
    ----------
    dataset : Dataset
    grouping : Grouping
        Of its images.

    Returns
    -------
    dict of str to Estimate or Shift
        ``cramers_v`` and ``auc`` on the images that are not of test, or on test where there are no others; ``cramers_v_test`` on test;
        ``shift`` of the mix of groups from the images not of test to those of test.
    """
    path = cache_dir("groups") / f"{_key(dataset, grouping)}-numbers-{VERSION}.json"
    return _read(path) or _keep(path, _measured(dataset, grouping))


def class_ids(dataset: Dataset) -> np.ndarray:
    """Class id of each image: ndarray of shape (n_samples,), int."""
    return pd.Categorical(dataset.samples["class_name"], categories=dataset.class_names).codes.astype(int)


def judged_rows(dataset: Dataset) -> np.ndarray:
    """Whether each image counts for the tie: those that are not of test, or all where there are no others."""
    in_test = (dataset.samples["split"] == "test").to_numpy()
    return in_test if in_test.all() else ~in_test


def _measured(dataset: Dataset, grouping: Grouping) -> Estimates:
    samples, y = dataset.samples, class_ids(dataset)
    patients, shape = patient_codes(samples["patient_id"], samples["sample_id"]), (grouping.k, len(dataset.class_names))
    in_test = (samples["split"] == "test").to_numpy()
    judged, test = (
        (grouping.codes[part], y[part], np.unique(patients[part], return_inverse=True)[1], shape)
        for part in (judged_rows(dataset), in_test)
    )
    return {
        "cramers_v": tie(*judged),
        "auc": group_auc(*judged),
        "cramers_v_test": tie(*test),
        "shift": mix_shift(grouping.codes, in_test, patients, grouping.k),
    }


def _key(dataset: Dataset, grouping: Grouping) -> str:
    content = f"{dataset.digest} {grouping.k} ".encode() + grouping.codes.astype(np.int32).tobytes()
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _read(path: Path) -> Estimates | None:
    try:
        known = json.loads(path.read_text("utf-8"))
        cramers_v, auc, cramers_v_test = (Estimate(**known[name]) for name in ESTIMATES)
        return {"cramers_v": cramers_v, "auc": auc, "cramers_v_test": cramers_v_test, "shift": Shift(**known["shift"])}
    except (OSError, ValueError, TypeError, KeyError):  # none yet, or a broken one
        return None


def _keep(path: Path, found: Estimates) -> Estimates:
    text = json.dumps({name: vars(part) for name, part in found.items()})
    keep(path, lambda place: place.write_text(text, encoding="utf-8"), "The numbers on groups are not kept, and drawn anew next time.")
    return found
