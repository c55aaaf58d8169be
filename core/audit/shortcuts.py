"""Clues that give the class away without any lung: how a file was encoded, how large the picture is, what lies around the chest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from core.audit.finding import Finding
from core.audit.shortcut_auc import clue_auc, rate
from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import open_shipped

CANNOT = "Too few images or patients of two classes with known values to judge this clue here."
LOST = "so whatever the original files gave away is lost, and this copy cannot tell."


def encoding_shortcut(dataset: Dataset) -> Finding:
    """How well JPEG quantisation and bytes per pixel alone tell the classes apart, cross-validated by patient."""
    return _shortcut(
        "encoding_shortcut",
        "The way files were encoded",
        {"quantisation table": ["quantisation_sum"], "bytes per pixel": ["bytes_per_pixel"]},
        dataset,
        "A model can learn which machine or export made a file instead of looking at lungs, and fail where files are made differently.",
        "Re-encode all images the same way, train with blur and noise, and distrust scores that fall when images are re-encoded.",
        lost=(["quantisation_sum"], f"All files were encoded with the same table, {LOST}"),
    )


def size_shortcut(dataset: Dataset) -> Finding:
    """How well width, height and aspect ratio alone tell the classes apart, cross-validated by patient."""
    return _shortcut(
        "size_shortcut",
        "Image size",
        {"width and height": ["width", "height"], "aspect ratio": ["aspect"]},
        dataset,
        "Padding keeps the aspect ratio as a clue, and scaling keeps the sharpness of the original size, so a model can learn the format.",
        "Squash to one square or crop at random, and check that scores do not follow the size of the file.",
        lost=(["width", "height"], f"All images have the same size, {LOST}"),
    )


def picture_shortcut(dataset: Dataset) -> Finding:
    """How well brightness, the rim and burnt-in letters alone tell the classes apart, cross-validated by patient."""
    return _shortcut(
        "picture_shortcut",
        "Brightness, border and markers",
        {"brightness and contrast": ["mean_intensity", "std_intensity"], "border": ["rim_mean", "rim_black"], "letters": ["letters"]},
        dataset,
        "A model can score well from what lies around the lungs: dose, collimation, and the letters that a hospital burns in.",
        "Crop to the chest, vary brightness and contrast in training, cover the letters, and check that saliency maps avoid the border.",
    )


def _shortcut(
    id_: str,
    what: str,
    families: dict[str, list[str]],
    dataset: Dataset,
    effect: str,
    action: str,
    lost: tuple[list[str], str] | None = None,
) -> Finding:
    samples = _with_ratios(dataset.samples)
    families = {name: family for name, family in families.items() if samples[family].notna().all(axis=1).any()}
    columns = [column for family in families.values() for column in family]
    train, test = samples[samples["split"] != "test"], samples[samples["split"] == "test"]
    unknown = f"Cannot tell what {what[0].lower()}{what[1:]} give{'' if ',' in what else 's'} away"
    if lost and _same_everywhere(samples, lost[0]):
        originals = _in_the_originals(dataset, id_)
        return Finding(id_, "unknown", f"{unknown}{originals and '; the originals show it'}", None, len(train), lost[1], action, originals)
    found = _judge(train, columns) if columns else None
    if found is None:
        return Finding(id_, "unknown", unknown, None, int(train[columns].notna().all(axis=1).sum()) if columns else 0, CANNOT)
    auc, n = found
    title = f"{what} alone separate{'' if ',' in what else 's'} the classes (AUC {auc:.3f})"
    return Finding(id_, rate(auc), title, auc, n, effect, action, _evidence(train, test, families, columns, found))


def _evidence(train: pd.DataFrame, test: pd.DataFrame, families: dict[str, list[str]], columns: list[str], found: tuple[float, int]) -> str:
    alone = [(name, _judge(train, family)) for name, family in families.items()]
    parts = ", ".join(f"{name} {one[0]:.2f}" for name, one in alone if one)
    in_test = _judge(test, columns)
    tail = f"in test {in_test[0]:.3f} (n = {in_test[1]:,})" if in_test else "too few in test to judge"
    return f"In train {found[0]:.3f} (n = {found[1]:,}; {parts}), {tail}; 0.5 is chance, measured by cross-validation on unseen patients."


def _judge(samples: pd.DataFrame, columns: Sequence[str]) -> tuple[float, int] | None:
    return clue_auc(samples[list(columns)], samples["class_name"], samples["patient_id"])


def _with_ratios(samples: pd.DataFrame) -> pd.DataFrame:
    pixels = samples["width"] * samples["height"]
    return samples.assign(bytes_per_pixel=samples["n_bytes"] / pixels, aspect=samples["width"] / samples["height"])


def _same_everywhere(samples: pd.DataFrame, columns: list[str]) -> bool:
    return bool(samples[columns].notna().all(axis=None)) and len(samples) > 0 and bool((samples[columns].nunique() == 1).all())


def _in_the_originals(dataset: Dataset, id_: str) -> str:
    """What the same check says of the published originals, where this is a copy of them."""
    if dataset.root is None or dataset.samples["sample_id"].map(_published().__contains__).mean() < 0.9:
        return ""
    return _said_of_the_originals(id_)


@lru_cache(maxsize=1)
def _published() -> frozenset[str]:
    return frozenset(open_shipped().samples["sample_id"])


@lru_cache(maxsize=2)
def _said_of_the_originals(id_: str) -> str:
    finding = {"encoding_shortcut": encoding_shortcut, "size_shortcut": size_shortcut}[id_](open_shipped())
    title = f"{finding.title[0].lower()}{finding.title[1:]}"
    return f"In the published originals: {title.removesuffix(')')}, n = {finding.n_samples:,} images with known headers)."
