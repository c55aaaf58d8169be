"""The curves over all thresholds of one class against the rest: their points, their figure, how to read them. For page and report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.det import det_figure
from core.figures.precision_recall import precision_recall_figure
from core.figures.roc import roc_figure
from core.figures.thresholds import thresholds_figure
from core.metrics import curves as points
from core.metrics.evaluation import Evaluation

DOTS = "The dots are the operating points in use."
ROC, PRECISION_RECALL = "ROC", "Precision–recall"


@dataclass(frozen=True)
class Curve:
    """A kind of curve.

    Attributes
    ----------
    points : callable of (labels, scores)
        Labels of 0 and 1 and scores, of shape (n_samples,), to a table.
    figure : callable of (tables, colours, operating)
        Each by run label.
    explanation : str
    """

    points: Callable[..., pd.DataFrame]
    figure: Callable[..., go.Figure]
    explanation: str


CURVES = {
    ROC: Curve(
        points.roc_points,
        roc_figure,
        f"Every point is a threshold: higher finds more cases, further right raises more false alarms. The upper left is best. {DOTS}",
    ),
    PRECISION_RECALL: Curve(
        points.precision_recall_points,
        precision_recall_figure,
        f"How many positive results are right (precision) when that share of cases is found (recall). The upper right is best. {DOTS}",
    ),
    "DET": Curve(
        points.det_points,
        det_figure,
        "Missed cases against false alarms, stretched where both are rare: good models, alike on a ROC curve, come apart here. "
        f"The lower left is best. {DOTS}",
    ),
    "Thresholds": Curve(
        points.rates_by_threshold,
        thresholds_figure,
        f"Sensitivity (solid) falls and specificity (dashed) rises with the threshold. {DOTS}",
    ),
}


def operating_rates(evaluations: Mapping[str, Evaluation]) -> dict[str, dict[str, float]]:
    """The operating point of each run on its curves.

    Parameters
    ----------
    evaluations : mapping of str to Evaluation
        By run label.

    Returns
    -------
    dict of str to dict
        ``sensitivity, specificity, precision, threshold`` by label; empty for more than two classes.
    """
    names = ("sensitivity", "specificity", "precision")
    return {
        label: {name: evaluation.metrics[name].value for name in names} | {"threshold": evaluation.threshold}
        for label, evaluation in evaluations.items()
        if evaluation.threshold is not None
    }


def missing_side(outcome: np.ndarray, class_name: str) -> str:
    """Why a curve of one class against the rest is not defined.

    Parameters
    ----------
    outcome : ndarray of shape (n_samples,), int or bool
        Whether an image is of the class.
    class_name : str

    Returns
    -------
    str
        Empty where it is defined.
    """
    if not outcome.any():
        return f"Not defined: no image is {class_name}."
    return f"Not defined: every image is {class_name}." if outcome.all() else ""
