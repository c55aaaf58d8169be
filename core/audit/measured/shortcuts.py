"""How well clues outside the lungs alone tell the classes: how a file was encoded, how large it is, what lies around the chest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from core.audit.measured.shortcut_auc import clue_auc
from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import open_shipped

Families = dict[str, list[str]]
ENCODING: Families = {"quantisation table": ["quantisation_sum"], "bytes per pixel": ["bytes_per_pixel"]}
SIZE: Families = {"width and height": ["width", "height"], "aspect ratio": ["aspect"]}
PICTURE: Families = {
    "brightness and contrast": ["mean_intensity", "std_intensity"],
    "border": ["rim_mean", "rim_black"],
    "letters": ["letters"],
}


def encoding_clues(dataset: Dataset) -> dict:
    """JPEG quantisation and bytes per pixel."""
    return _clues(dataset, ENCODING) if not _is_lost(dataset, ["quantisation_sum"]) else _lost(dataset, ENCODING)


def size_clues(dataset: Dataset) -> dict:
    """Width, height and aspect ratio."""
    return _clues(dataset, SIZE) if not _is_lost(dataset, ["width", "height"]) else _lost(dataset, SIZE)


def picture_clues(dataset: Dataset) -> dict:
    """Brightness, the rim and burnt-in letters."""
    return _clues(dataset, PICTURE)


def _clues(dataset: Dataset, families: Families) -> dict:
    """``n_train`` with all clues known, and where they can be judged, cross-validated by patient: ``train``, ``test`` and ``alone``.

    Each is an AUC and its number of images, ``alone`` those of each family of clues in train; None where there are too few.
    """
    samples = _with_ratios(dataset.samples)
    families = {name: family for name, family in families.items() if samples[family].notna().all(axis=1).any()}
    columns = [column for family in families.values() for column in family]
    train, test = samples[samples["split"] != "test"], samples[samples["split"] == "test"]
    found = _judge(train, columns) if columns else None
    if found is None:
        return {"n_train": int(train[columns].notna().all(axis=1).sum()) if columns else 0, "train": None}
    alone = {name: _judge(train, family) for name, family in families.items()}
    return {"n_train": len(train), "train": found, "test": _judge(test, columns), "alone": alone}


def _lost(dataset: Dataset, families: Families) -> dict:
    """``n_train``, that the clue is ``lost``, and of a copy of the published set the clues of the ``originals``."""
    is_copy = dataset.root is not None and dataset.samples["sample_id"].map(_published().__contains__).mean() >= 0.9
    originals = _of_the_originals(families is ENCODING) if is_copy else None
    return {"n_train": int((dataset.samples["split"] != "test").sum()), "lost": True, "originals": originals}


def _judge(samples: pd.DataFrame, columns: Sequence[str]) -> tuple[float, int] | None:
    return clue_auc(samples[list(columns)], samples["class_name"], samples["patient_id"])


def _with_ratios(samples: pd.DataFrame) -> pd.DataFrame:
    pixels = samples["width"] * samples["height"]
    return samples.assign(bytes_per_pixel=samples["n_bytes"] / pixels, aspect=samples["width"] / samples["height"])


def _is_lost(dataset: Dataset, columns: list[str]) -> bool:
    samples = dataset.samples
    return bool(samples[columns].notna().all(axis=None)) and len(samples) > 0 and bool((samples[columns].nunique() == 1).all())


@lru_cache(maxsize=1)
def _published() -> frozenset[str]:
    return frozenset(open_shipped().samples["sample_id"])


@lru_cache(maxsize=2)
def _of_the_originals(encoding: bool) -> dict:
    return (encoding_clues if encoding else size_clues)(open_shipped())
