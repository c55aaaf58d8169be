"""How much of a run's skill on validation is left without the clues, and on test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score, recall_score, roc_auc_score

from core.metrics.operating import predict_labels, resolve_threshold

if TYPE_CHECKING:
    from core.run import Run

RULE_TITLES = {
    "half": "0.5",
    "sensitivity_95": "Sensitivity of 95 % on validation",
    "youden": "Youden on validation",
    "battery": "Youden on the battery",
}
"""What a person calls the rules by which a card's thresholds were chosen."""


def generalisation(run: Run) -> pd.DataFrame:
    """Point metrics of a run on each set of images, at its recommended threshold.

    Parameters
    ----------
    run : Run
        With predictions.

    Returns
    -------
    DataFrame
        Indexed by ``validation``, each variant of the battery, ``battery mean``, ``battery worst`` and ``test``, as far as the
        run has them; columns ``n_samples, roc_auc, accuracy`` and ``sensitivity, specificity`` (two classes) or ``macro_f1``.
    """
    class_names, threshold = run.config.class_names, resolve_threshold(run, "recommended")
    tables = {"validation": run.predictions.query("split == 'val'")}
    variants = {} if run.battery is None else {str(name): table for name, table in run.battery.groupby("variant", sort=False)}
    tables |= variants | {"test": run.predictions.query("split == 'test'")}
    rows = {name: point_metrics(table, class_names, threshold) for name, table in tables.items() if len(table)}
    found = pd.DataFrame(rows).T
    if variants:
        battery = found.loc[list(variants)]
        found.loc["battery mean"], found.loc["battery worst"] = battery.mean(), battery.min()
    order = ["validation", *variants, *(["battery mean", "battery worst"] if variants else []), "test"]
    return found.reindex([name for name in order if name in found.index])


def by_rule(run: Run) -> pd.DataFrame:
    """Point metrics of a two-class run on test, once for each rule that its card has a threshold for.

    Every threshold was chosen without test; that they differ so much there is what a validation set drawn from
    train cannot tell.

    Parameters
    ----------
    run : Run
        With predictions.

    Returns
    -------
    DataFrame
        Indexed by rule (``half, youden, sensitivity_95`` from validation, ``battery``), columns ``threshold`` and those of
        `generalisation`; empty for more than two classes, without test images and for a card without thresholds.
    """
    test, thresholds = run.predictions.query("split == 'test'"), run.card.get("thresholds", {})
    if run.config.n_classes != 2 or test.empty:
        return pd.DataFrame()
    rows = {rule: {"threshold": cut} | point_metrics(test, run.config.class_names, cut) for rule, cut in thresholds.items()}
    return pd.DataFrame(rows).T


def rates_text(row: pd.Series) -> str:
    """``0.936 (0.979 / 0.863)``: accuracy, sensitivity and specificity of a row of `by_rule`."""
    return f"{row['accuracy']:.3f} ({row['sensitivity']:.3f} / {row['specificity']:.3f})"


def point_metrics(table: pd.DataFrame, class_names: tuple[str, ...], threshold: float | None) -> dict[str, float]:
    """Metrics without intervals.

    Parameters
    ----------
    table : DataFrame
        ``y_true, p_<class>…``
    class_names : tuple of str
    threshold : float or None
        None for more than two classes.

    Returns
    -------
    dict of str to float
        The area under the curve is the macro average of one class against the rest; NaN where a class is missing.
    """
    y_true, scores = table["y_true"].to_numpy(), table[[f"p_{name}" for name in class_names]].to_numpy(dtype=float)
    y_pred = predict_labels(scores, threshold)
    found = {"n_samples": len(table), "roc_auc": _area(y_true, scores), "accuracy": accuracy_score(y_true, y_pred)}
    if len(class_names) > 2:
        return found | {"macro_f1": f1_score(y_true, y_pred, average="macro", labels=range(len(class_names)), zero_division=0)}
    recall = recall_score(y_true, y_pred, average=None, labels=[1, 0], zero_division=np.nan)
    return found | {"sensitivity": recall[0], "specificity": recall[1]}


def _area(y_true: np.ndarray, scores: np.ndarray) -> float:
    if len(np.unique(y_true)) < scores.shape[1]:
        return float("nan")
    if scores.shape[1] == 2:
        return float(roc_auc_score(y_true, scores[:, 1]))
    return float(np.mean([roc_auc_score(y_true == class_id, scores[:, class_id]) for class_id in range(scores.shape[1])]))
