"""Patients with images in more than one split, as the data name them and as their file names can be read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset

SPLITS = ("train", "val", "test")
KIND = r"(?i)^person\d+_(?P<kind>bacteria|virus)_"


def _as_written(samples: pd.DataFrame) -> pd.Series:
    """``im-0115``, ``normal2-im-0115``, ``person12``; missing where a name tells no patient."""
    number = samples["patient_id"].str.replace("^[^/]*/", "", regex=True)
    return number.mask(number.str.contains("/", na=True))


def _number_alone(samples: pd.DataFrame) -> pd.Series:
    return _as_written(samples).str.removeprefix("normal2-")


def _with_kind(samples: pd.DataFrame) -> pd.Series:
    kind = samples["sample_id"].str.rsplit("/", n=1).str[-1].str.extract(KIND)["kind"].str.lower()
    return _as_written(samples) + ("_" + kind).fillna("")


IDENTIFY: dict[str, Callable[[pd.DataFrame], pd.Series]] = {"written": _as_written, "number": _number_alone, "kind": _with_kind}


def shared(dataset: Dataset) -> dict:
    """Images of patients in several splits: ``leak`` where the data name such patients, else ``readings`` of the file names.

    ``leak`` has sample id and patient of each image, and ``splits`` where they are. Each of ``readings`` has the same as ``images``, and
    whether the names tell ``any`` patient.
    """
    samples = dataset.samples
    stated = shared_patients(samples["split"], samples["patient_id"])
    if stated.any():
        splits = [split for split in SPLITS if (samples.loc[stated, "split"] == split).any()]
        return {"n_samples": len(samples), "leak": _noted(samples[stated], samples.loc[stated, "patient_id"]), "splits": splits}
    sides = samples["split"].replace("val", "train")  # numbers of val continue those of train
    return {"n_samples": len(samples), "readings": {key: _read(samples, sides, identify) for key, identify in IDENTIFY.items()}}


def _read(samples: pd.DataFrame, sides: pd.Series, identify: Callable[[pd.DataFrame], pd.Series]) -> dict:
    numbers = identify(samples)
    concerned = shared_patients(sides, numbers)
    return {"any": not numbers.isna().all(), "images": _noted(samples[concerned], numbers[concerned])}


def shared_patients(splits: pd.Series, patients: pd.Series) -> pd.Series:
    """Whether the patient of each sample has images in more than one split: Series of shape (n_samples,), bool."""
    codes = pd.factorize(patients)[0]  # -1 where the patient is missing
    known = codes >= 0
    sides = np.zeros((len(SPLITS), codes.max(initial=0) + 1), dtype=bool)
    for side, split in zip(sides, SPLITS, strict=True):
        side[codes[known & (splits == split).to_numpy()]] = True
    return pd.Series(known & (sides.sum(axis=0) > 1)[codes], splits.index)


def _noted(samples: pd.DataFrame, patients: pd.Series) -> list[list[str]]:
    rows = pd.DataFrame({"sample_id": samples["sample_id"], "patient": patients}).sort_values(["patient", "sample_id"])
    return rows.to_numpy(dtype=object).tolist()
