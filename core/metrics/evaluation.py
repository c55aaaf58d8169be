"""One run at one operating point: confusion matrix and metrics with 95 % intervals, from stored predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.metrics.panel import Panel, panel_of
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.metrics.scored_split import scored_split
from core.metrics.statistics.intervals import Estimate, wilson
from core.metrics.statistics.resampling import Sampled, sample

if TYPE_CHECKING:
    from core.runs.run import Run

SPLITS = ("test", "val")
OF_BOTH_CLASSES = ("precision", "f1", "average_precision")  # among images of one class these say nothing: every call is right, or wrong
SCORE_METRICS = {2: ("roc_auc", "average_precision", "brier", "ece")}  # more than two classes have the macro area alone


@dataclass(frozen=True)
class Evaluation:
    """What a model does on one split at one threshold.

    Attributes
    ----------
    n_samples : int
    threshold : float or None
        None for more than two classes, where the largest probability decides.
    class_names : tuple of str
    confusion_matrix : ndarray of shape (n_classes, n_classes), int
        Rows are true classes, columns predicted.
    metrics : dict of str to Estimate
    subtype_recall : dict of str to Estimate
        Share of bacterial and of viral images called pneumonia; empty where names do not tell.
    """

    n_samples: int
    threshold: float | None
    class_names: tuple[str, ...]
    confusion_matrix: np.ndarray
    metrics: dict[str, Estimate]
    subtype_recall: dict[str, Estimate]

    @property
    def positive(self) -> str | None:
        """The class whose share found is the sensitivity; None for more than two classes."""
        return self.class_names[1] if len(self.class_names) == 2 else None

    def to_json(self) -> dict:
        """The object that ``evaluate --json`` prints."""
        return {
            "n": self.n_samples,
            "threshold": self.threshold,
            "class_names": list(self.class_names),
            "positive": self.positive,
            "confusion_matrix": self.confusion_matrix.tolist(),
            "metrics": {name: asdict(estimate) for name, estimate in self.metrics.items()},
            "subtype_recall": {name: asdict(estimate) for name, estimate in self.subtype_recall.items()},
        }

    @classmethod
    def from_json(cls, found: dict) -> Evaluation:
        """The evaluation that `to_json` wrote."""
        estimates = {key: {name: Estimate(**one) for name, one in found[key].items()} for key in ("metrics", "subtype_recall")}
        matrix = np.asarray(found["confusion_matrix"], dtype=np.int64)
        return cls(found["n"], found["threshold"], tuple(found["class_names"]), matrix, **estimates)


def evaluate_run(run: Run, split: str = "test", threshold: str | float = "recommended") -> Evaluation:
    """Evaluate the stored predictions of a run.

    Parameters
    ----------
    run : Run
    split : {"test", "val"}
    threshold : {"recommended", "half", "youden", "sensitivity_95", "battery"} or float

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If the run has no predictions for the split, or the threshold is not known.
    """
    table = scored_split(run, split)
    return evaluate(table, run.config.class_names, resolve_threshold(run, threshold), run.facts)


def evaluate(
    table: pd.DataFrame, class_names: tuple[str, ...], threshold: float | None = 0.5, facts: pd.DataFrame | None = None
) -> Evaluation:
    """Evaluate a table of predictions.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, y_true, p_<class>…``, one split.
    class_names : tuple of str
    threshold : float, optional
        Two classes: class 1 is called where its probability is at least this.
    facts : DataFrame, optional
        Whose the images are, as `core.metrics.statistics.clusters.patients_of` takes it; their names tell if None.

    Returns
    -------
    Evaluation
    """
    return evaluate_panel(panel_of(table, class_names, facts=facts), {"": threshold})[""]


def evaluate_panel(panel: Panel, thresholds: Mapping[str, float | None]) -> dict[str, Evaluation]:
    """Evaluate runs side by side; what needs no threshold is computed once for a panel.

    Proportions get Wilson's interval (Wilson 1927); the others a patient-cluster bootstrap of 1,000 draws, or above 10,000
    images the delta method over patients.

    Parameters
    ----------
    panel : Panel
    thresholds : mapping of str to float or None
        By run name, as `core.metrics.operating_point.thresholds_at` gives them.

    Returns
    -------
    dict of str to Evaluation
        By run name.
    """
    called = [predict_labels(scores, thresholds[name]) for name, scores in zip(panel.names, panel.scores, strict=True)]
    n_classes = len(panel.class_names)
    f1 = sample("f1", [(panel.y_true, y_pred) for y_pred in called], panel.patients) if n_classes == 2 else sample(
        "macro_f1", [(panel.y_true, y_pred, n_classes) for y_pred in called], panel.patients
    )  # fmt: skip
    sampled = {"f1" if n_classes == 2 else "macro_f1": f1}
    sampled |= {metric: panel.sampled(metric) for metric in SCORE_METRICS.get(n_classes, ("roc_auc",))}
    return {
        name: _evaluation(
            panel, thresholds[name], y_pred, {metric: _estimate(found, row, panel.n_samples) for metric, found in sampled.items()}
        )
        for row, (name, y_pred) in enumerate(zip(panel.names, called, strict=True))
    }


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, n_classes: int) -> np.ndarray:
    """Counts with true classes in rows and called ones in columns: ndarray of shape (n_classes, n_classes), int."""
    return np.bincount(y_true * n_classes + y_pred, minlength=n_classes**2).reshape(n_classes, n_classes)


def _evaluation(panel: Panel, threshold: float | None, y_pred: np.ndarray, sampled: dict[str, Estimate]) -> Evaluation:
    matrix = confusion_matrix(panel.y_true, y_pred, len(panel.class_names))
    counts = binary_counts(matrix) if len(matrix) == 2 else _multiclass_counts(matrix, panel.class_names)
    metrics = {name: wilson(*pair) for name, pair in counts.items()} | sampled
    if len(matrix) == 2 and not matrix.sum(axis=1).all():
        metrics |= {name: Estimate(nan, nan, nan, 0) for name in OF_BOTH_CLASSES if name in metrics}
    return Evaluation(panel.n_samples, threshold, panel.class_names, matrix, metrics, _subtype_recall(panel, y_pred))


def _estimate(sampled: Sampled, row: int, n_samples: int) -> Estimate:
    return Estimate(float(sampled.values[row]), *sampled.interval(row), n_samples)


def binary_counts(matrix: np.ndarray) -> dict[str, tuple[int, int]]:
    """Of a matrix of two classes: how many of how many each rate is."""
    (tn, fp), (fn, tp) = matrix
    return {
        "accuracy": (tn + tp, matrix.sum()),
        "sensitivity": (tp, fn + tp),
        "specificity": (tn, tn + fp),
        "precision": (tp, tp + fp),
    }


def _multiclass_counts(matrix: np.ndarray, class_names: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    recalls = {f"recall_{name}": (matrix[i, i], matrix[i].sum()) for i, name in enumerate(class_names)}
    return {"accuracy": (np.trace(matrix), matrix.sum())} | recalls


def _subtype_recall(panel: Panel, y_pred: np.ndarray) -> dict[str, Estimate]:
    """Share of each infection's images that are called pneumonia, whichever kind the model names."""
    found = {}
    for name in ("BACTERIAL", "VIRAL"):
        chosen = (panel.patients.subtype == name) & (panel.y_true > 0)
        if chosen.any():
            found[name] = wilson(int((y_pred[chosen] > 0).sum()), int(chosen.sum()))
    return found
