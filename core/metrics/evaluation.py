"""One run at one operating point: confusion matrix and metrics with 95 % intervals, from stored predictions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix

from core.datasets.names import parse
from core.errors import InputError
from core.metrics import weighted
from core.metrics.bootstrap import LEVEL, Statistic, draws, percentile_interval
from core.metrics.thresholds import RULES

if TYPE_CHECKING:
    from core.runs import Run

SPLITS = ("test", "val")


@dataclass(frozen=True)
class Estimate:
    """A metric with its 95 % interval and the number of samples it rests on."""

    value: float
    low: float
    high: float
    n_samples: int


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

    def to_json(self) -> dict:
        """The object that ``evaluate --json`` prints."""
        return {
            "n": self.n_samples,
            "threshold": self.threshold,
            "class_names": list(self.class_names),
            "confusion_matrix": self.confusion_matrix.tolist(),
            "metrics": {name: asdict(estimate) for name, estimate in self.metrics.items()},
            "subtype_recall": {name: asdict(estimate) for name, estimate in self.subtype_recall.items()},
        }


def evaluate_run(run: Run, split: str = "test", threshold: str | float = "recommended") -> Evaluation:
    """Evaluate the stored predictions of a run.

    Parameters
    ----------
    run : Run
    split : {"test", "val"}
    threshold : {"recommended", "half", "youden", "sensitivity_95"} or float

    Returns
    -------
    Evaluation

    Raises
    ------
    InputError
        If the run has no predictions for the split, or the threshold is not known.
    """
    return evaluate(select_split(run.predictions, split, run.name), run.config.class_names, resolve_threshold(run, threshold))


def select_split(predictions: pd.DataFrame, split: str, name: str) -> pd.DataFrame:
    """The rows of one split; raises InputError if there are none."""
    table = predictions[predictions["split"] == split]
    if table.empty:
        raise InputError(f"The run {name!r} has no predictions for the split {split!r}; it has {', '.join(predictions['split'].unique())}.")
    return table.reset_index(drop=True)


def resolve_threshold(run: Run, threshold: str | float) -> float | None:
    """A named rule or a number to the run's threshold; None where the run has more than two classes."""
    if run.config.n_classes != 2:
        return None
    if threshold == "half":
        return 0.5
    if threshold == "recommended" or threshold in RULES:
        return _stored_threshold(run, threshold)
    try:
        value = float(threshold)
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 1:
        raise InputError(f"A threshold is recommended, {', '.join(RULES)} or a number from 0 to 1; received {threshold!r}.")
    return value


def _stored_threshold(run: Run, rule: str) -> float:
    """What the run's card says; a run without a card yet has 0.5 for its own operating point, and no other."""
    if rule == "recommended" and not run.card:
        return 0.5
    try:
        value = run.card["recommended"]["value"] if rule == "recommended" else run.card["thresholds"][rule]
        return float(value)
    except (KeyError, TypeError, ValueError):
        raise InputError(f"The card of the run {run.name!r} has no threshold {rule!r}; give half or a number from 0 to 1.") from None


def evaluate(table: pd.DataFrame, class_names: tuple[str, ...], threshold: float | None = 0.5) -> Evaluation:
    """Evaluate a table of predictions.

    Proportions get Wilson's interval (Wilson 1927); the others a patient-cluster bootstrap of 1,000 draws.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, y_true, p_<class>…``, one split.
    class_names : tuple of str
    threshold : float, optional
        Two classes: class 1 is called where its probability is at least this.

    Returns
    -------
    Evaluation
    """
    y_true = table["y_true"].to_numpy()
    scores = table[[f"p_{name}" for name in class_names]].to_numpy(dtype=np.float64)
    y_pred = predict_labels(scores, threshold)
    matrix = confusion_matrix(y_true, y_pred, labels=range(len(class_names)))
    rates = _binary_rates(matrix) if len(class_names) == 2 else _multiclass_rates(matrix, class_names)
    statistics = (
        _binary_statistics(y_true, y_pred, scores[:, 1]) if len(class_names) == 2 else _multiclass_statistics(y_true, y_pred, scores)
    )
    metrics = {name: wilson(*counts) for name, counts in rates.items()} | _bootstrap(statistics, table["sample_id"])
    return Evaluation(len(table), threshold, class_names, matrix, metrics, _subtype_recall(table["sample_id"], y_true, y_pred))


def predict_labels(scores: np.ndarray, threshold: float | None) -> np.ndarray:
    """Class ids from probabilities (n_samples, n_classes): by threshold on class 1, or by the largest if None."""
    return scores.argmax(axis=1) if threshold is None else (scores[:, 1] >= threshold).astype(np.int64)


def wilson(successes: int, total: int) -> Estimate:
    """A proportion with Wilson's 95 % interval; NaN if there is nothing to count."""
    if total == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    interval = binomtest(int(successes), int(total)).proportion_ci(LEVEL, method="wilson")
    return Estimate(int(successes) / int(total), float(interval.low), float(interval.high), int(total))


def _binary_rates(matrix: np.ndarray) -> dict[str, tuple[int, int]]:
    (tn, fp), (fn, tp) = matrix
    return {
        "accuracy": (tn + tp, matrix.sum()),
        "sensitivity": (tp, fn + tp),
        "specificity": (tn, tn + fp),
        "precision": (tp, tp + fp),
    }


def _multiclass_rates(matrix: np.ndarray, class_names: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    recalls = {f"recall_{name}": (matrix[i, i], matrix[i].sum()) for i, name in enumerate(class_names)}
    return {"accuracy": (np.trace(matrix), matrix.sum())} | recalls


def _binary_statistics(y_true: np.ndarray, y_pred: np.ndarray, y_score: np.ndarray) -> dict[str, Statistic]:
    return {
        "f1": weighted.f1(y_true, y_pred),
        "roc_auc": weighted.roc_auc(y_true, y_score),
        "average_precision": weighted.average_precision(y_true, y_score),
        "brier": weighted.brier(y_true, y_score),
        "ece": weighted.ece(y_true, y_score),
    }


def _multiclass_statistics(y_true: np.ndarray, y_pred: np.ndarray, scores: np.ndarray) -> dict[str, Statistic]:
    return {"macro_f1": weighted.macro_f1(y_true, y_pred, scores.shape[1]), "roc_auc": weighted.macro_roc_auc(y_true, scores)}


def _bootstrap(statistics: dict[str, Statistic], sample_ids: pd.Series) -> dict[str, Estimate]:
    n = len(sample_ids)
    values = draws(statistics, sample_ids)
    return {
        name: Estimate(float(statistic(np.ones((1, n)))[0]), *percentile_interval(values[name]), n)
        for name, statistic in statistics.items()
    }


def _subtype_recall(sample_ids: pd.Series, y_true: np.ndarray, y_pred: np.ndarray) -> dict[str, Estimate]:
    """Share of each infection's images that are called pneumonia, whichever kind the model names."""
    subtype = parse(sample_ids)["subtype"].to_numpy()
    found = {}
    for name in ("BACTERIAL", "VIRAL"):
        chosen = (subtype == name) & (y_true > 0)
        if chosen.any():
            found[name] = wilson(int((y_pred[chosen] > 0).sum()), int(chosen.sum()))
    return found
