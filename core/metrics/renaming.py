"""Runs whose classes are called otherwise and mean the same: one set of names for them, and one for their images."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from core.datasets.classes import meaning
from core.metrics.panel import Panel

DISEASES = """
covid cov sars ncov ards mers tb tuberculosis bacteria bacterial bacterium virus viral fungal influenza mycoplasma legionella
cancer tumor tumour malignant effusion edema oedema atelectasis nodule nodules mass masses cardiomegaly emphysema fibrosis
pneumothorax hernia
"""  # which a model of pneumonia, or of any illness, does not mean


def same_classes(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether classes mean the same in this order: equal but for case, or two of which one is healthy and the other the same illness.

    ``Uninfected, Infected`` and ``NORMAL, PNEUMONIA`` do; ``NORMAL, COVID`` and ``NORMAL, PNEUMONIA`` do not.

    Parameters
    ----------
    a, b : tuple of str

    Returns
    -------
    bool
    """
    if len(a) != len(b):
        return False
    return all(x.casefold() == y.casefold() or (len(a) == 2 and _alike(x, y)) for x, y in zip(a, b, strict=True))


def renamed(panel: Panel, like: Panel) -> Panel:
    """A panel with the class names of another that means the same, in its sample ids too where the images are the same then.

    Parameters
    ----------
    panel, like : Panel
        `same_classes` of their class names.

    Returns
    -------
    Panel
        In the order of `like` where it has the same images.
    """
    if panel.class_names == like.class_names:
        return panel
    named = replace(panel, class_names=like.class_names, _sampled={})
    if panel.sample_ids.equals(like.sample_ids):
        return named
    ids = _with_classes(panel.sample_ids, dict(zip(panel.class_names, like.class_names, strict=True)))
    order = np.argsort(ids.to_numpy(dtype=object), kind="stable")
    if not ids.iloc[order].reset_index(drop=True).equals(like.sample_ids):
        return named
    return replace(named, sample_ids=like.sample_ids, patients=like.patients, y_true=panel.y_true[order], scores=panel.scores[:, order])


def _alike(x: str, y: str) -> bool:
    return meaning(x) is not None and meaning(x) == meaning(y) and _diseases(x) == _diseases(y)


def _diseases(name: str) -> frozenset[str]:
    return frozenset(DISEASES.split()).intersection(re.findall(r"[a-z]+", name.casefold()))


def _with_classes(sample_ids: pd.Series, names: dict[str, str]) -> pd.Series:
    """Sample ids in which the folder of a class is called otherwise."""
    return pd.Series(["/".join(names.get(part, part) for part in sample_id.split("/")) for sample_id in sample_ids], dtype=sample_ids.dtype)
