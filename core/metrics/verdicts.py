"""What several runs say of each image, side by side: who is right, who is wrong, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.names import parse
from core.metrics.comparison import pair
from core.metrics.evaluation import predict_labels, resolve_threshold, select_split

if TYPE_CHECKING:
    from core.runs import Run


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The answers of several runs on the same images.

    Attributes
    ----------
    sample_ids : Series of shape (n_samples,), str
    class_names : tuple of str
    y_true : ndarray of shape (n_samples,), int
    scores : ndarray of shape (n_runs, n_samples, n_classes), float64
    y_pred : ndarray of shape (n_runs, n_samples), int
    """

    sample_ids: pd.Series
    class_names: tuple[str, ...]
    y_true: np.ndarray
    scores: np.ndarray
    y_pred: np.ndarray

    @property
    def correct(self) -> np.ndarray:
        """Whether each run is right on each image, bool of shape (n_runs, n_samples)."""
        return self.y_pred == self.y_true

    @property
    def surest_error(self) -> np.ndarray:
        """One minus the true class's probability, the largest among the runs that are wrong; 0 where none is: (n_samples,)."""
        miss = 1 - self.scores[:, np.arange(len(self.y_true)), self.y_true]
        return np.where(self.correct, 0, miss).max(axis=0)

    def table(self, chosen: np.ndarray, labels: list[str]) -> pd.DataFrame:
        """Some images with every run's answer, the surest error first.

        Parameters
        ----------
        chosen : ndarray of shape (n_samples,), bool
        labels : list of str
            What the columns call each run.

        Returns
        -------
        DataFrame
            ``sample_id, truth, subtype, patient_id``; for each run ``<label>: called`` and ``<label>: p(<class>)`` (of class 1,
            or for more than two classes of the class called), and ``surest_error``.
        """
        table = pd.concat([self._facts(), *(self._answers(number, label) for number, label in enumerate(labels))], axis=1)
        table["surest_error"] = self.surest_error
        return table[chosen].sort_values(["surest_error", "sample_id"], ascending=[False, True], ignore_index=True)

    def _facts(self) -> pd.DataFrame:
        names = parse(self.sample_ids)
        truth = np.take(self.class_names, self.y_true)
        facts = {"sample_id": self.sample_ids, "truth": truth, "subtype": names["subtype"], "patient_id": names["patient_id"]}
        return pd.DataFrame(facts)

    def _answers(self, number: int, label: str) -> pd.DataFrame:
        called, scores = self.y_pred[number], self.scores[number]
        binary = len(self.class_names) == 2
        name = self.class_names[1] if binary else "called"
        score = scores[:, 1] if binary else scores[np.arange(len(called)), called]
        return pd.DataFrame({f"{label}: called": np.take(self.class_names, called), f"{label}: p({name})": score})


def verdicts(runs: list[Run], split: str = "test", threshold: str | float = "recommended") -> Verdicts:
    """Put the stored predictions of runs side by side, each at its own operating point.

    Parameters
    ----------
    runs : list of Run
        At least one.
    split : {"test", "val"}
    threshold : str or float
        As in `evaluate_run`.

    Returns
    -------
    Verdicts
        Images in the order of their sample ids.

    Raises
    ------
    InputError
        If the runs have different classes, images or labels.
    """
    tables = [select_split(runs[0].predictions, split, runs[0].name).sort_values("sample_id", ignore_index=True)]
    tables += [pair(runs[0], run, split)[1] for run in runs[1:]]
    class_names = runs[0].config.class_names
    scores = np.stack([table[[f"p_{name}" for name in class_names]].to_numpy(dtype=np.float64) for table in tables])
    y_pred = np.stack([predict_labels(s, resolve_threshold(run, threshold)) for s, run in zip(scores, runs, strict=True)])
    return Verdicts(tables[0]["sample_id"], class_names, tables[0]["y_true"].to_numpy(), scores, y_pred)
