"""What the shipped runs measured, as Markdown: the tables of docs/results.md are written by this, and a test finds them stale."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.architectures import SYSTEMS, get_system
from core.errors import InputError
from core.groups.scored import known_groups
from core.metrics.evaluation import evaluate_run
from core.metrics.generalisation import RULE_TITLES, SERIES, WORST, by_rule, generalisation, rates_text
from core.metrics.rules_apart import rules_note
from core.metrics.run_threshold import resolve_threshold
from core.metrics.statistics.intervals import in_figures, with_interval
from core.reporting.goals import goals
from core.reporting.leaderboard import fault, worst_in
from core.reporting.published_vs_measured import METRICS, counted, figure_text, replication
from core.reporting.table_text import as_markdown
from core.runs.identity.names import group_name
from core.runs.identity.settings import twins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.runs.run import Run

WORST_GROUP = "Specificity, worst group"
IMAGES = ("validation", WORST["val"], "battery mean", "battery worst", SERIES, "test", WORST["test"])
NO_SERIES = (
    "Series held out: no run here left a series of films out of its training; "
    "`python -m core crossfit SYSTEM --left-out series=IM --models DIR` makes some.\n"
)
MARKED = "results"  # what the tables are called where a page holds them


def results_markdown(runs: Sequence[Run]) -> str:
    """Four tables: published beside measured, with the reasons; what each system keeps from validation to test; what each rule for the
    threshold gives; what our systems were to reach.

    Parameters
    ----------
    runs : sequence of Run
        Finished ones of one data set.

    Returns
    -------
    str
    """
    table, figures = replication(runs), cache(_figures)
    reasons = [f"- **{_name(row)}**: {row['why']}" for row in table.to_dict("records") if row["why"] and row["n_runs"]]
    parts = (measured(table, runs), gaps(runs, figures), rules(runs), _goals(runs, figures))
    tables = [as_markdown(part) if len(part) else "" for part in parts]
    no_series = "" if "series held out" in tables[1] else NO_SERIES
    note = rules_note(runs)
    blocks = [tables[0], f"{note}\n" if note else "", "\n".join(reasons) + "\n", tables[1], no_series, *tables[2:]]
    return "\n".join(block for block in blocks if block.strip())


def judged(runs: Sequence[Run]) -> tuple[list[Run], dict[str, str]]:
    """The runs that the tables can be made of, and by name why others cannot be judged: one stops no other.

    Parameters
    ----------
    runs : sequence of Run

    Returns
    -------
    tuple of (list of Run, dict of str to str)
    """
    faults = {run.name: fault(run) or _broken_battery(run) for run in runs}
    return [run for run in runs if not faults[run.name]], {name: reason for name, reason in faults.items() if reason}


def _broken_battery(run: Run) -> str | None:
    try:
        _ = run.battery
    except InputError as error:
        return str(error)
    return None


def measured(table: pd.DataFrame, runs: Sequence[Run]) -> pd.DataFrame:
    """Each system's figures on test as a person reads them: mean over seeds ± standard deviation (mean 95 % interval), or a dash."""
    rows = [
        {"System": _name(row), "Seeds": row["n_runs"]}
        | {title: figure_text(row, metric) for metric, title in METRICS.items()}
        | {WORST_GROUP: _worst_group(_of(runs, row["system"], row["n_classes"]))}
        | {"Published": _published(row)}
        for row in table.to_dict("records")
    ]
    for run in _ensembles(runs):
        found = {metric: estimate for metric, estimate in evaluate_run(run).metrics.items() if metric in METRICS}
        figures = {title: with_interval(found[metric]) if metric in found else "–" for metric, title in METRICS.items()}
        rows.append({"System": _run_name(run), "Seeds": "–"} | figures | {WORST_GROUP: _worst_group([run]), "Published": "–"})
    return pd.DataFrame(rows)


def _figures(run: Run) -> pd.DataFrame:
    return generalisation(run, known_groups(run))


def gaps(runs: Sequence[Run], figures: Callable[[Run], pd.DataFrame] = _figures) -> pd.DataFrame:
    """Figures of each system, mean over its runs, on each set of images, in the worst group of films, and on series held out."""
    rows, groups = [], _groups(runs)
    elsewhere = [_tried_elsewhere(group[0], runs) for group in groups]
    told = [images for images in IMAGES if images != SERIES or any(elsewhere)]
    for group, others in zip(groups, elsewhere, strict=True):
        found = [figures(run) for run in group] + [figures(run).loc[[SERIES]] for run in others]
        metrics = ("roc_auc", "accuracy", *(("specificity",) if len(group[0].config.class_names) == 2 else ()))
        means = {f"{METRICS[metric]}, {images}": _mean(found, metric, images) for metric in metrics for images in told}
        rows.append({"System": _run_name(group[0]), "Runs": len(group)} | means)
    return pd.DataFrame(rows).fillna("–") if rows else pd.DataFrame()


def rules(runs: Sequence[Run]) -> pd.DataFrame:
    """What each rule for the threshold gives on test, mean over a system's runs: ``accuracy (sensitivity / specificity)``."""
    rows = []
    for group in _groups(runs):
        found = pd.concat(map(by_rule, group))
        mean = found.groupby(level=0).mean()  # over the runs that have such a threshold
        figures = {title: rates_text(mean.loc[rule]) if rule in mean.index else "–" for rule, title in RULE_TITLES.items()}
        if len(found):
            rows.append({"System": _run_name(group[0]), "Runs": len(group)} | figures)
    return pd.DataFrame(rows)


def _groups(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs of each system by its registered recipe, where there are any, and each ensemble by itself."""
    systems = [counted(runs, system.key, variant) for system in SYSTEMS if not system.is_study for variant in system.variants]
    return [group for group in systems if group] + [[run] for run in _ensembles(runs)]


def _of(runs: Sequence[Run], system: str, n_classes: int) -> list[Run]:
    return counted(runs, system, get_system(system).variant(n_classes))


def _tried_elsewhere(run: Run, runs: Sequence[Run]) -> list[Run]:
    """Runs that were trained as this one was but for the films that they left out."""
    return [other for other in runs if other.config.recipe.left_out and other.state == "finished" and twins(run, other)]


def _worst_group(runs: Sequence[Run]) -> str:
    """Mean over runs of the specificity in the group of films in which it is lowest."""
    found = [worst_in(run, resolve_threshold(run, "recommended")).get("specificity") for run in runs if run.config.n_classes == 2]
    values = np.array([one.rate.value for one in found if one])
    spread = f" ± {values.std(ddof=1):.3f}" if len(values) > 1 else ""
    return f"{values.mean():.3f}{spread} (n = {found[0].rate.n_samples})" if len(values) and found[0] else "–"


def _goals(runs: Sequence[Run], figures: Callable[[Run], pd.DataFrame]) -> pd.DataFrame:
    return goals({_run_name(group[0]): group for group in _groups(runs)}, runs, figures)


def _ensembles(runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if run.config.system == "ensemble"]


def _name(row: dict) -> str:
    return f"{row['title']}, {row['n_classes']} classes"


def _run_name(run: Run) -> str:
    name, classes = group_name(run), f"{run.config.n_classes} classes"
    return name if classes in name else f"{name}, {classes}"  # a mean of models names those of its members


def _published(row: dict) -> str:
    figures = [f"{title} {row[f'published_{metric}']:.3f}" for metric, title in METRICS.items() if pd.notna(row[f"published_{metric}"])]
    return ", ".join(figures) or "–"


def _mean(tables: list[pd.DataFrame], metric: str, images: str) -> str:
    """Mean over the runs that have such images, and a metric that is defined on them."""
    values = [table.loc[images, metric] for table in tables if images in table.index and pd.notna(table.loc[images, metric])]
    return in_figures(sum(values) / len(values) if values else None)
