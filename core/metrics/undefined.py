"""What a test set leaves undefined, and why, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan

from core.metrics.evaluation import Evaluation, evaluate_panel
from core.metrics.panel import Panel

TITLES = {"roc_auc": "ROC AUC", "macro_f1": "macro F1", "f1": "F1", "ece": "calibration error"}


def undefined_note(evaluations: Iterable[Evaluation]) -> str:
    """Which classes have no image, and which metrics are not defined for that.

    Parameters
    ----------
    evaluations : iterable of Evaluation
        Of the same images, at least one.

    Returns
    -------
    str
        Such as "Not defined: sensitivity and ROC AUC, for no image here is of the class PNEUMONIA."; empty where every class has images.
    """
    evaluations = list(evaluations)
    first = evaluations[0]
    missing = [name for name, row in zip(first.class_names, first.confusion_matrix, strict=True) if not row.sum()]
    if not missing:
        return ""
    lost = [_title(name) for name in first.metrics if all(isnan(one.metrics[name].value) for one in evaluations)]
    kind = "class" if len(missing) == 1 else "classes"
    return f"Not defined: {_listed(lost, 'and')}, for no image here is of the {kind} {_listed(missing, 'or')}."


def panel_note(panel: Panel, thresholds: Mapping[str, float | None]) -> str:
    """The same of runs side by side, by run name at these thresholds; nothing is evaluated where every class has images."""
    if all((panel.y_true == class_id).any() for class_id in range(len(panel.class_names))):
        return ""
    return undefined_note(evaluate_panel(panel, thresholds).values())


def _title(metric: str) -> str:
    if metric.startswith("recall_"):
        return f"recall of {metric.removeprefix('recall_')}"
    return TITLES.get(metric, metric.replace("_", " "))


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
