"""Published beside measured: each system's write-up against the mean over our seeds, on the same 624 test images."""

from __future__ import annotations

import contextlib
from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.architectures import SYSTEMS
from core.errors import InputError
from core.metrics.evaluation import Evaluation, evaluate_run
from core.metrics.statistics.intervals import interval_text
from core.metrics.titles import short
from core.runs.identity.settings import changed_settings, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from core.architectures.system import Variant
    from core.runs.run import Run

METRICS = short("roc_auc", "accuracy", "sensitivity", "specificity", "macro_f1")


def replication(runs: Sequence[Run], evaluate: Callable[[Run], Evaluation] = evaluate_run) -> pd.DataFrame:
    """One row for each registered system and number of classes, without systems for experiments alone.

    A run counts if it is finished, was trained by the registered recipe on the whole training set, did not go without its pretrained
    weights, and has test images to be judged on.

    Parameters
    ----------
    runs : sequence of Run
    evaluate : callable of Run
        Gives a run's evaluation on test at its own operating point.

    Returns
    -------
    DataFrame
        ``system, title, source, n_classes, n_runs, seeds, why``, ``published_<metric>``, and for each metric ``<metric>`` (mean over
        seeds), ``<metric>_sd`` (their standard deviation, NaN for one), ``<metric>_low``, ``<metric>_high`` (the mean ends of
        the runs' own 95 % intervals).
    """
    rows = []
    for system in (one for one in SYSTEMS if not one.is_study):
        for variant in system.variants:
            mine = _evaluated(counted(runs, system.key, variant), evaluate)
            row = {
                "system": system.key, "title": system.title, "source": system.source, "n_classes": variant.n_classes, "n_runs": len(mine),
                "seeds": sorted(run.config.seed for run, _ in mine), "why": variant.why,
            } | {f"published_{metric}": variant.published.get(metric) for metric in METRICS}  # fmt: skip
            rows.append(row | over_seeds([evaluation for _, evaluation in mine]))
    return pd.DataFrame(rows)


def _evaluated(runs: Sequence[Run], evaluate: Callable[[Run], Evaluation]) -> list[tuple[Run, Evaluation]]:
    """The runs that can be judged on test; one without test images stops no other."""
    found = []
    for run in runs:
        with contextlib.suppress(InputError):
            found.append((run, evaluate(run)))
    return found


def counted(runs: Sequence[Run], system: str, variant: Variant) -> list[Run]:
    """The finished runs of a system that were trained by its registered recipe on the whole training set.

    Parameters
    ----------
    runs : sequence of Run
    system : str
    variant : Variant

    Returns
    -------
    list of Run
    """
    return [run for run in runs if _counts(run, system, variant)]


def departures(run: Run) -> str:
    """How a run departs from its system's registered recipe, as ``12 epochs, CutMix 0.5``; empty if it does not, or has none.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
    """
    return in_words(changed_settings(run.config))


def figure_text(row: dict, metric: str) -> str:
    """``0.781 ± 0.012 (0.740–0.812)`` of a row of `replication`; an en dash without a run.

    Parameters
    ----------
    row : dict
        Of `replication`.
    metric : str

    Returns
    -------
    str
    """
    if pd.isna(row[metric]):
        return "–"
    spread = f" ± {row[f'{metric}_sd']:.3f}" if pd.notna(row[f"{metric}_sd"]) else ""
    return f"{row[metric]:.3f}{spread} ({interval_text(row[f'{metric}_low'], row[f'{metric}_high'])})"


def _counts(run: Run, system: str, variant: Variant) -> bool:
    config = run.config
    if (config.system, config.n_classes, config.limit) != (system, variant.n_classes, None) or config.recipe != variant.recipe:
        return False
    try:
        return run.state == "finished" and len(run.predictions) > 0
    except InputError:
        return False


def over_seeds(found: Sequence[Evaluation], metrics: Iterable[str] = METRICS) -> dict[str, float]:
    """For each metric its mean over runs, their standard deviation and the mean ends of their 95 % intervals; NaN where none has it.

    The interval is that of the test images; the standard deviation that of the seeds.
    """
    row: dict[str, float] = {}
    for metric in metrics:
        estimates = [e.metrics[metric] for e in found if metric in e.metrics]
        values, low, high = (_known([getattr(one, name) for one in estimates]) for name in ("value", "low", "high"))
        row |= {metric: _mean(values), f"{metric}_low": _mean(low), f"{metric}_high": _mean(high)}
        row[f"{metric}_sd"] = float(values.std(ddof=1)) if len(values) > 1 else nan
    return row


def _known(numbers: Sequence[float]) -> np.ndarray:
    found = np.array(numbers, dtype=np.float64)
    return found[~np.isnan(found)]


def _mean(numbers: np.ndarray) -> float:
    return float(numbers.mean()) if len(numbers) else nan
