"""What metrics are called wherever a person reads them, and what each says."""

from __future__ import annotations

from typing import NamedTuple


class Title(NamedTuple):
    """The names of a metric.

    Attributes
    ----------
    short : str
        Heading of a column.
    full : str
        Heading of a row, or of a chart.
    words : str
        Within a sentence.
    says : str
        What it tells, as the end of a sentence; lower is better where an arrow down stands at its name.
    """

    short: str
    full: str
    words: str
    says: str


TITLES = {
    "accuracy": Title("Accuracy", "Accuracy", "accuracy", "share of images called right"),
    "sensitivity": Title("Sensitivity", "Sensitivity", "sensitivity", "share of pneumonias found"),
    "specificity": Title("Specificity", "Specificity", "specificity", "share of normal images called normal"),
    "precision": Title("Precision", "Precision", "precision", "share of the images called pneumonia that are pneumonia (PPV)"),
    "f1": Title("F1", "F1", "F1", "harmonic mean of precision and sensitivity"),
    "macro_f1": Title("Macro F1", "Macro F1", "macro F1", "mean of the F1 of each class"),
    "roc_auc": Title("AUC", "ROC AUC", "ROC AUC", "how often an ill child scores above a healthy one"),
    "average_precision": Title("Average precision", "Average precision", "average precision", "area under precision over recall"),
    "brier": Title("Brier ↓", "Brier score ↓", "Brier score", "mean squared error of the probability; lower is better"),
    "ece": Title(
        "Calibration error ↓", "Calibration error ↓", "calibration error",
        "mean gap between probability and outcome (ECE); lower is better",
    ),
}  # fmt: skip
LOWER_IS_BETTER = ("brier", "ece")


def short(*metrics: str) -> dict[str, str]:
    """The headings of some metrics: ``{"roc_auc": "AUC"}``.

    Returns
    -------
    dict of str to str
    """
    return {metric: TITLES[metric].short for metric in metrics}
