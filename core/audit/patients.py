"""Patients on both sides of a split, under each way of reading the file names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.audit.finding import Finding
from core.counted import counted
from core.datasets.dataset import Dataset

SPLITS = ("train", "val", "test")
KIND = r"(?i)^person\d+_(?P<kind>bacteria|virus)_"
UNKNOWN = (
    "The file names do not say who the patient is: each image counts as a patient of its own, and leaks between splits cannot be seen."
)
EFFECT = "If those are the same children, a model can recognise a test image by its patient, and the test result is too good."
NO_PROOF = (
    "An equal number proves nothing: the published numbers restart in each folder, and where they are shared the two sides often have "
    "different infections. A different number proves nothing either: nobody published who is who."
)
ACTION = "Treat test as a second sample from the same hospital, not as new patients. Validation here is split off train by patient."


@dataclass(frozen=True)
class Reading:
    """A way to read a patient out of a file name."""

    key: str
    title: str
    explanation: str
    identify: Callable[[pd.DataFrame], pd.Series]


def _as_written(samples: pd.DataFrame) -> pd.Series:
    """``im-0115``, ``normal2-im-0115``, ``person12``; missing where a name tells no patient."""
    number = samples["patient_id"].str.replace("^[^/]*/", "", regex=True)
    return number.mask(number.str.contains("/", na=True))


def _number_alone(samples: pd.DataFrame) -> pd.Series:
    return _as_written(samples).str.removeprefix("normal2-")


def _with_kind(samples: pd.DataFrame) -> pd.Series:
    kind = samples["sample_id"].str.rsplit("/", n=1).str[-1].str.extract(KIND)["kind"].str.lower()
    return _as_written(samples) + ("_" + kind).fillna("")


READINGS = (
    Reading("written", "Number as written", "IM-0115 and NORMAL2-IM-0115 are two patients, person12 is one.", _as_written),
    Reading("number", "Without NORMAL2-", "NORMAL2-IM-0115 is IM-0115, person12 is one.", _number_alone),
    Reading("kind", "With the infection", "person12_bacteria and person12_virus are two patients.", _with_kind),
)


def patients_across_splits(dataset: Dataset, reading: str = READINGS[0].key) -> Finding:
    """Patients whom the data name in more than one split; else patient numbers that appear in several.

    Parameters
    ----------
    dataset : Dataset
    reading : {"written", "number", "kind"}
        How file names are read.

    Returns
    -------
    Finding
    """
    samples = dataset.samples
    stated = shared_patients(samples["split"], samples["patient_id"])
    if stated.any():
        return _leak(samples, stated)
    numbers = {one: one.identify(samples) for one in READINGS}
    sides = samples["split"].replace("val", "train")  # numbers of val continue those of train
    shared = {one: shared_patients(sides, number) for one, number in numbers.items()}
    chosen = next(one for one in READINGS if one.key == reading)
    if numbers[chosen].isna().all():
        return Finding("patients_across_splits", "unknown", "Cannot tell who the patients are", None, len(samples), UNKNOWN)
    counts = {one.title: numbers[one][shared[one]].nunique() for one in READINGS}
    n_shared = counts[chosen.title]
    return Finding(
        "patients_across_splits",
        "low" if n_shared else "ok",
        f"{counted(n_shared, 'patient number')} {'is' if n_shared == 1 else 'are'} in both train and test",
        n_shared,
        len(samples),
        EFFECT,
        ACTION,
        _evidence(counts),
        _noted(samples[shared[chosen]], numbers[chosen][shared[chosen]]),
    )


def shared_patients(splits: pd.Series, patients: pd.Series) -> pd.Series:
    """Whether the patient of each sample has images in more than one split: Series of shape (n_samples,), bool."""
    codes = pd.factorize(patients)[0]  # -1 where the patient is missing
    known = codes >= 0
    sides = np.zeros((len(SPLITS), codes.max(initial=0) + 1), dtype=bool)
    for side, split in zip(sides, SPLITS, strict=True):
        side[codes[known & (splits == split).to_numpy()]] = True
    return pd.Series(known & (sides.sum(axis=0) > 1)[codes], splits.index)


def _evidence(counts: dict[str, int]) -> str:
    """What every way of reading the names counts."""
    if not any(counts.values()):
        return ""
    return f"Shared numbers, by how the names are read: {', '.join(f'{name} {n:,}' for name, n in counts.items())}. {NO_PROOF}"


def _leak(samples: pd.DataFrame, concerned: pd.Series) -> Finding:
    """The data set itself names its patients, and some are on both sides."""
    patients = samples.loc[concerned, "patient_id"]
    found = [split for split in SPLITS if (samples.loc[concerned, "split"] == split).any()]
    where = f"both {' and '.join(found)}" if len(found) == 2 else "more than one of train, val and test"
    return Finding(
        "patients_across_splits",
        "high",
        f"{counted(patients.nunique(), 'patient')} {'has' if patients.nunique() == 1 else 'have'} images in {where}",
        patients.nunique(),
        len(samples),
        "A model can recognise an image by its patient, so results on the other side are too good.",
        "Move all images of a patient to one side before you trust any result.",
        images=_noted(samples[concerned], patients),
    )


def _noted(samples: pd.DataFrame, patients: pd.Series) -> tuple[tuple[str, str], ...]:
    rows = pd.DataFrame({"sample_id": samples["sample_id"], "patient": patients}).sort_values(["patient", "sample_id"])
    return tuple(rows.itertuples(index=False, name=None))
