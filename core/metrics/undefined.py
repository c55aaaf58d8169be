"""What a test set leaves undefined, and why, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan

import numpy as np

from core.metrics.evaluation import Evaluation, evaluate_panel
from core.metrics.panel import Panel
from core.metrics.titles import TITLES


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


def scatter_note(panel: Panel) -> str:
    """Why intervals are missing: all images, or all of some class, are of one patient; empty where they are not.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    str
    """
    if panel.n_samples > 1 and panel.patients.n_patients == 1:
        return (
            f"All {panel.n_samples:,} images are of one patient, and nothing tells how other patients would differ: ROC AUC, F1 and "
            "calibration have no interval, and those of the rates count each image as if it were a patient of its own."
        )
    n_patients = [len(np.unique(panel.patients.codes[panel.y_true == class_id])) for class_id in range(len(panel.class_names))]
    alone = [name for name, n in zip(panel.class_names, n_patients, strict=True) if n == 1]
    if not alone or not all(n_patients):
        return ""
    return f"ROC AUC has no interval: all images of {_listed(alone, 'and')} are of one patient{' each' * (len(alone) > 1)}."


def panel_note(panel: Panel, thresholds: Mapping[str, float | None]) -> str:
    """The same of runs side by side, by run name at these thresholds, and which intervals are missing.

    Parameters
    ----------
    panel : Panel
    thresholds : mapping of str to float or None
        By run name; None for more than two classes.

    Returns
    -------
    str
    """
    scatter = scatter_note(panel)
    if all((panel.y_true == class_id).any() for class_id in range(len(panel.class_names))):
        return scatter  # nothing is evaluated where every class has images
    return f"{undefined_note(evaluate_panel(panel, thresholds).values())} {scatter}".strip()


def _title(metric: str) -> str:
    if metric.startswith("recall_"):
        return f"recall of {metric.removeprefix('recall_')}"
    return TITLES[metric].words if metric in TITLES else metric.replace("_", " ")


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
