"""One line of facts and results for each run, as leaderboards show it and tables are exported from."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from core.architectures import get_system
from core.errors import InputError
from core.groups.scored import known_groups
from core.metrics.evaluation import Evaluation, evaluate_panel
from core.metrics.panel import Panel, solo
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.metrics.scored_split import no_test_images
from core.metrics.statistics.intervals import Z
from core.metrics.statistics.resampling import Sampled, sample
from core.metrics.subgroups.worst import Worst, worst_groups
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
    threshold : {"recommended", "half", "youden", "sensitivity_95", "battery"} or float
    evaluation : Evaluation, optional
        On test at this threshold, where it is known.

    Returns
    -------
    dict
        Facts (``run, title, system, parameters, seconds, milliseconds_per_image, published_accuracy, …``); for each metric
        ``<metric>, <metric>_low, <metric>_high``; for each rate in `worst_in` ``worst_<rate>, worst_<rate>_low, worst_<rate>_high`` and
        ``worst_<rate>_group``, ``worst_<rate>_n``; where validation is stored ``val_<metric>`` and ``gap_<metric>`` (test minus
        validation) with its interval, for ``roc_auc`` and ``accuracy``.

    Raises
    ------
    InputError
        If the run's test predictions or its threshold cannot be had.
    """
    cut, test = resolve_threshold(run, threshold), solo(run)
    evaluation = evaluation or evaluate_panel(test, {run.name: cut})[run.name]
    return facts(run, evaluation) | _flat(evaluation) | _worst(run, cut) | _gaps(run, test, cut)


def worst_in(run: Run, threshold: float | None, split: str = "test") -> dict[str, Worst]:
    """For each rate of a run the appearance group, with at least 20 films of the class, in which it is lowest.

    Parameters
    ----------
    run : Run
    threshold : float or None
        None for more than two classes.
    split : {"test", "val"}

    Returns
    -------
    dict of str to Worst
        Nothing where the groups of its images do not come with the index.

    Raises
    ------
    InputError
        If the run has no predictions.
    """
    return worst_groups(run.predictions.query("split == @split"), known_groups(run), run.config.class_names, threshold)


def _worst(run: Run, threshold: float | None) -> dict:
    row: dict[str, float] = {}
    for name, worst in worst_in(run, threshold).items():
        found = worst.to_json()
        row |= {f"worst_{name}": found["value"]} | {f"worst_{name}_{key}": found[key] for key in ("low", "high", "group", "n")}
    return row


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
