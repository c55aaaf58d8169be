"""One flat line of results for a finished run, as the leaderboard shows it and its CSV file holds it."""

from __future__ import annotations

from core.architectures import get_system
from core.errors import InputError
from core.metrics.evaluation import Evaluation
from core.runs import Run


def system_title(run: Run) -> str:
    """What a person calls the run's system, and whether it went without its pretrained weights; the key of one not registered."""
    try:
        system = get_system(run.config.system)
    except InputError:
        return run.config.title or run.config.system
    return f"{system.title} (no ImageNet weights)" if system.pretrained and run.config.recipe.weights == "none" else system.title


def published(run: Run) -> dict:
    """What the write-up reports for this system and number of classes; empty if it reports nothing."""
    try:
        return get_system(run.config.system).variant(run.config.n_classes).published
    except InputError:
        return {}


def result_row(run: Run, evaluation: Evaluation) -> dict:
    """A run's facts and test metrics, unrounded: ``run, system, …, <metric>, <metric>_low, <metric>_high``.

    Parameters
    ----------
    run : Run
    evaluation : Evaluation
        Of the test split.

    Returns
    -------
    dict
    """
    card, config = run.card, run.config
    row = {
        "run": run.name, "system": config.system, "title": system_title(run), "n_classes": config.n_classes,
        "trained": config.created, "test_data": config.data_title, "fingerprint": config.fingerprint, "seed": config.seed,
        "n_test": evaluation.n_samples, "n_train": card.get("n_samples", {}).get("train"),
        "rule": card.get("recommended", {}).get("rule"), "threshold": evaluation.threshold,
        "parameters": card.get("params_total"), "seconds": card.get("seconds"),
        "published_accuracy": published(run).get("accuracy"), "published_note": published(run).get("note"),
    }  # fmt: skip
    for name, estimate in evaluation.metrics.items():
        row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return row
