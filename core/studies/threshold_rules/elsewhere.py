"""What each candidate's threshold, chosen where a model was trained, does on a series that the training left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.studies.threshold_rules.candidates import BATTERY, CANDIDATES, Candidate, threshold
from core.studies.threshold_rules.evidence import FOLD, PLAIN
from core.studies.threshold_rules.halves import Images


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The calls of one training's left-out images.

    Attributes
    ----------
    rows : ndarray of shape (m,), int
        Among the images of the study.
    y : ndarray of shape (m,), int
    right : dict of Candidate to ndarray of shape (m,), bool
    """

    rows: np.ndarray
    y: np.ndarray
    right: dict[Candidate, np.ndarray]


def left_out(table: pd.DataFrame, images: Images) -> list[LeftOut]:
    """One system's trainings that each left a series out.

    Parameters
    ----------
    table : DataFrame
        Evidence of one system.
    images : Images
    """
    return [_one(part, images) for name, part in table.groupby("part", observed=True) if not str(name).startswith(FOLD)]


def _one(table: pd.DataFrame, images: Images) -> LeftOut:
    held = table[(table["split"] == "test") & (table["variant"] == PLAIN)]
    whole = held[held["view"] == "whole"]
    ids, y = whole["sample_id"], whole["y_true"].to_numpy(dtype=int)
    right = {}
    for candidate in CANDIDATES:
        p = held[held["view"] == candidate.view].set_index("sample_id")["p"].reindex(ids).to_numpy(dtype=np.float64)
        right[candidate] = (p >= _cut(table, candidate, images)) == y
    return LeftOut(images.ids.get_indexer(ids), y, right)


def _cut(table: pd.DataFrame, candidate: Candidate, images: Images) -> float:
    """Chosen on this training's own validation images, by a pooled rule too."""
    altered = (table["variant"] != PLAIN) if candidate.rule == BATTERY else (table["variant"] == PLAIN)
    own = table[(table["split"] == "val") & (table["view"] == candidate.view) & altered]
    y, groups = own["y_true"].to_numpy(dtype=int), images.groups[images.ids.get_indexer(own["sample_id"])]
    return threshold(candidate.rule, y, own["p"].to_numpy(dtype=np.float64), 2 * groups + y)
