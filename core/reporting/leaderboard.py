"""One line of facts and results for each run, as leaderboards show it and tables are exported from."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from core.architectures import get_system
from core.errors import InputError
from core.metrics.evaluation import Evaluation, evaluate_panel
from core.metrics.panel import Panel, solo
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.metrics.scored_split import no_test_images
from core.metrics.statistics.intervals import Z
from core.metrics.statistics.resampling import Sampled, sample
from core.reporting.published_vs_measured import departures
from core.runs.identity.names import derived_name

if TYPE_CHECKING:
    from core.runs.run import Run


def published(run: Run) -> dict:
    """What the write-up reports for this system and number of classes; empty if it reports nothing.

    Parameters
    ----------
    run : Run

    Returns
    -------
    dict
    """
    try:
        return get_system(run.config.system).variant(run.config.n_classes).published
    except InputError:
        return {}


def fault(run: Run) -> str | None:
    """Why a scored run cannot be judged on its test images at its own operating point; None if it can.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str or None
    """
    try:
        if not (run.predictions["split"] == "test").any():
            return no_test_images(run)
        resolve_threshold(run, "recommended")
    except InputError as error:
        return str(error)
    return None


def board_row(run: Run, threshold: str | float = "recommended", evaluation: Evaluation | None = None) -> dict:
    """A run's facts and test metrics, unrounded, and what it loses from validation to test.

    Parameters
    ----------
    run : Run
    threshold : {"recommended", "half", "youden", "sensitivity_95"} or float
    evaluation : Evaluation, optional
        On test at this threshold, where it is known.

    Returns
    -------
    dict
        Facts (``run, title, system, parameters, seconds, milliseconds_per_image, published_accuracy, …``); for each metric
        ``<metric>, <metric>_low, <metric>_high``; where validation is stored ``val_<metric>`` and ``gap_<metric>`` (test minus
        validation) with its interval, for ``roc_auc`` and ``accuracy``.

    Raises
    ------
    InputError
        If the run's test predictions or its threshold cannot be had.
    """
    cut, test = resolve_threshold(run, threshold), solo(run)
    evaluation = evaluation or evaluate_panel(test, {run.name: cut})[run.name]
    return facts(run, evaluation) | _flat(evaluation) | _gaps(run, test, cut)


def facts(run: Run, evaluation: Evaluation) -> dict:
    """What a leaderboard says of a run besides its metrics; None where the card does not tell."""
    card, config = run.card, run.config
    return {
        "run": run.name, "title": derived_name(run), "system": config.system, "n_classes": config.n_classes,
        "class_names": ", ".join(config.class_names), "created": config.created, "data_title": config.data_title,
        "fingerprint": config.fingerprint, "seed": config.seed, "changed_settings": departures(run), "n_test": evaluation.n_samples,
        "n_train": card.n_samples.get("train"), "rule": card.recommended.rule,
        "threshold": evaluation.threshold, "parameters": card.params_total, "model_bytes": card.model_bytes,
        "seconds": card.seconds, "milliseconds_per_image": card.milliseconds_per_image,
        "published_accuracy": published(run).get("accuracy"), "published_note": published(run).get("note"),
    }  # fmt: skip


def _flat(evaluation: Evaluation) -> dict:
    row: dict[str, float] = {}
    for name, estimate in evaluation.metrics.items():
        row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return row


def _gaps(run: Run, test: Panel, threshold: float | None) -> dict:
    """Test minus validation; the images are others, so the variances add up."""
    try:
        validation = solo(run, "val")
    except InputError:
        return {}
    row: dict[str, float] = {}
    areas = [panel.sampled("roc_auc", draw=False) for panel in (test, validation)]
    accuracies = [_accuracy(panel, threshold) for panel in (test, validation)]
    for name, (here, there) in (("roc_auc", areas), ("accuracy", accuracies)):
        gap, half = float(here.values[0] - there.values[0]), Z * sqrt(here.variance(0) + there.variance(0))
        row |= {f"val_{name}": float(there.values[0]), f"gap_{name}": gap, f"gap_{name}_low": gap - half, f"gap_{name}_high": gap + half}
    return row


def _accuracy(panel: Panel, threshold: float | None) -> Sampled:
    correct = predict_labels(panel.scores[0], threshold) == panel.y_true
    return sample("mean", [(correct.astype(np.float64),)], panel.patients, draw=False)
