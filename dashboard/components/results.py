"""One flat line of results for a finished run, as the leaderboard shows it and its CSV file holds it."""

from __future__ import annotations

from core.leaderboard import published, system_title
from core.metrics.evaluation import Evaluation
from core.replication import departures
from core.run import Run

CHANGED_HELP = "Where the run's recipe departs from the system's own."


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
        "changed_settings": departures(run),
        "n_test": evaluation.n_samples, "n_train": card.get("n_samples", {}).get("train"),
        "rule": card.get("recommended", {}).get("rule"), "threshold": evaluation.threshold,
        "parameters": card.get("params_total"), "seconds": card.get("seconds"),
        "published_accuracy": published(run).get("accuracy"), "published_note": published(run).get("note"),
    }  # fmt: skip
    for name, estimate in evaluation.metrics.items():
        row |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return row
