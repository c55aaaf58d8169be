"""What several runs say of each image, side by side: who is right, who is wrong, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.metrics.alignment import line_up
from core.metrics.operating_point import Point, thresholds_at
from core.metrics.panel import Panel
from core.metrics.run_threshold import predict_labels
from core.metrics.statistics.clusters import Patients

if TYPE_CHECKING:
    from core.runs.run import Run

ALL = "all"


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The answers of several runs on the same images.

    Attributes
    ----------
    sample_ids : Series of shape (n_samples,), str
    patients : Patients
    class_names : tuple of str
    y_true : ndarray of shape (n_samples,), int
    scores : ndarray of shape (n_runs, n_samples, n_classes), float64
    y_pred : ndarray of shape (n_runs, n_samples), int
    """

    sample_ids: pd.Series
    patients: Patients
    class_names: tuple[str, ...]
    y_true: np.ndarray
    scores: np.ndarray
    y_pred: np.ndarray

    @property
    def correct(self) -> np.ndarray:
        """Whether each run is right on each image, bool of shape (n_runs, n_samples)."""
        return self.y_pred == self.y_true

    @property
    def most_confident_error(self) -> np.ndarray:
        """One minus the true class's probability, the largest among the runs that are wrong; 0 where none is: (n_samples,)."""
        return np.where(self.correct, 0, self.doubt).max(axis=0)

    @property
    def differ(self) -> np.ndarray:
        """Whether not all runs give an image the same class, bool of shape (n_samples,)."""
        return (self.y_pred != self.y_pred[0]).any(axis=0)

    @property
    def largest_gap(self) -> np.ndarray:
        """The largest difference between two runs in the probability of one class: (n_samples,)."""
        return np.ptp(self.scores, axis=0).max(axis=1)

    @property
    def doubt(self) -> np.ndarray:
        """One minus the true class's probability, for each run: (n_runs, n_samples)."""
        return 1 - self.scores[:, np.arange(len(self.y_true)), self.y_true]

    def kinds(self) -> dict[str, np.ndarray]:
        """Groups of images: ``all``, each class, and each infection that is no class itself; masks of shape (n_samples,)."""
        found = {ALL: np.ones(len(self.y_true), dtype=bool)}
        found |= {name: self.y_true == class_id for class_id, name in enumerate(self.class_names)}
        infections = {name: self.patients.subtype == name for name in ("BACTERIAL", "VIRAL") if name not in found}
        return found | {name: mask for name, mask in infections.items() if mask.any()}

    def table(self, chosen: np.ndarray, labels: list[str]) -> pd.DataFrame:
        """Some images with every run's answer, the most confident error first; where nobody errs, the least sure answer first.

        Parameters
        ----------
        chosen : ndarray of shape (n_samples,), bool
        labels : list of str
            What the columns call each run.

        Returns
        -------
        DataFrame
            ``sample_id, truth, subtype, patient_id``; for each run ``<label>: called`` and ``<label>: p(<class>)`` (of class 1,
            or for more than two classes of the class called), ``most_confident_error``, and of several runs ``largest_gap``.
        """
        return self.table_of(self.ordered(chosen), labels)

    def ordered(self, chosen: np.ndarray, by_gap: bool = False) -> np.ndarray:
        """The positions of some images in the order of `table`, or where the runs' scores are furthest apart first: int (n_chosen,)."""
        rows = np.flatnonzero(chosen)
        if by_gap:
            return rows[np.lexsort((rows, -self.largest_gap[rows]))]
        errors, doubt = self.most_confident_error, self.doubt.max(axis=0)
        return rows[np.lexsort((rows, -doubt[rows], -errors[rows]))]

    def table_of(self, rows: np.ndarray, labels: list[str]) -> pd.DataFrame:
        """The `table` of the images at these positions, in their order; a page of 16 is quicker than all 100,000."""
        table = pd.concat([self._facts(rows), *(self._answers(number, label, rows) for number, label in enumerate(labels))], axis=1)
        table = table.assign(most_confident_error=self.most_confident_error[rows])
        return table.assign(largest_gap=self.largest_gap[rows]) if len(self.scores) > 1 else table

    def _facts(self, rows: np.ndarray) -> pd.DataFrame:
        facts = {"sample_id": self.sample_ids.to_numpy()[rows], "truth": np.take(self.class_names, self.y_true[rows])}
        return pd.DataFrame(facts | {"subtype": self.patients.subtype[rows], "patient_id": self.patients.patient_id[rows]})

    def _answers(self, number: int, label: str, rows: np.ndarray) -> pd.DataFrame:
        called, scores = self.y_pred[number, rows], self.scores[number, rows]
        binary = len(self.class_names) == 2
        name = self.class_names[1] if binary else "called"
        score = scores[:, 1] if binary else scores[np.arange(len(called)), called]
        return pd.DataFrame({f"{label}: called": np.take(self.class_names, called), f"{label}: p({name})": score})


def verdicts(runs: list[Run], split: str = "test", threshold: Point = "recommended") -> Verdicts:
    """Put the stored predictions of runs side by side, each at its own operating point.

    Parameters
    ----------
    runs : list of Run
        At least one.
    split : {"test", "val"}
    threshold : str, float or Match
        As in `core.metrics.operating_point.thresholds_at`.

    Returns
    -------
    Verdicts
        Images in the order of their sample ids.

    Raises
    ------
    InputError
        If the runs have different classes, images or labels.
    """
    panel = line_up(runs, split).whole
    return verdicts_of(panel, thresholds_at(panel, runs, threshold))


def verdicts_of(panel: Panel, thresholds: Mapping[str, float | None]) -> Verdicts:
    """The answers of a panel's runs, by run name at these thresholds.

    Parameters
    ----------
    panel : Panel
    thresholds : mapping of str to float or None
        By run name; None for more than two classes.

    Returns
    -------
    Verdicts
    """
    y_pred = np.stack([predict_labels(scores, thresholds[name]) for name, scores in zip(panel.names, panel.scores, strict=True)])
    return Verdicts(panel.sample_ids, panel.patients, panel.class_names, panel.y_true, panel.scores, y_pred)
