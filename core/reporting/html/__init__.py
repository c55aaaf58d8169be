"""A report of runs side by side: one HTML file that needs no network and no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import numpy as np
from markupsafe import Markup

from core.counted import class_words
from core.errors import InputError
from core.figures.palette import RUN_COLOURS
from core.metrics.alignment import line_up
from core.metrics.calibration import calibrate_panel
from core.metrics.comparison import compare_panel
from core.metrics.comparison_text import by_size, verdict
from core.metrics.decision_curve import checked_cost, checked_prevalence, cost_per_100, predictive_values
from core.metrics.evaluation import evaluate_panel
from core.metrics.operating_point import Match, Point, checked, operate
from core.metrics.per_image import Verdicts, verdicts_of
from core.metrics.statistics.intervals import in_figures, with_interval
from core.metrics.thresholds import NAMED
from core.metrics.undefined import scatter_note, undefined_note
from core.reporting.html.figures import Subject, report_figures
from core.reporting.html.model_card import LICENCE, LIMITS, NOT_A_DEVICE, card_items, failures
from core.runs.identity import names_of
from core.runs.identity.letters import lettered_names
from core.text import cleaned

if TYPE_CHECKING:
    from core.metrics.evaluation import Evaluation
    from core.metrics.panel import Panel
    from core.runs.run import Run

N_SHARED_ERRORS = 15


def _percent(share: float) -> str:
    """``5.0``; more digits next to 0, so that what is little never reads as nothing."""
    text = f"{100 * share:.1f}"
    return f"{100 * share:.3g}" if text == "0.0" else text


def _clean(value: object) -> object:
    """Text on one line and of bounded length; our own drawings, and what is no text, as they are."""
    return cleaned(value) if isinstance(value, str) and not isinstance(value, Markup) else value


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True,
    undefined=jinja2.StrictUndefined, finalize=_clean,
)  # fmt: skip
ENVIRONMENT.filters |= {"interval": with_interval, "number": in_figures, "percent": _percent, "class_words": class_words}


def build_report(
    runs: Sequence[Run],
    point: Point = "recommended",
    k: float = 10.0,
    prevalence: float | None = None,
    colours: Sequence[str] = RUN_COLOURS,
    two_classes: bool = False,
) -> str:
    """Write a report of runs on their test images.

    Parameters
    ----------
    runs : sequence of Run
        The first sets the images; runs that do not fit are named in the report with the reason.
    point : {"recommended", "half", "youden", "sensitivity_95", "battery"}, float or Match
    k : float
        How many false alarms a missed pneumonia is worth, above 0.
    prevalence : float, optional
        Share of pneumonia where a model would be used, in (0, 1); that of the test images if None.
    colours : sequence of str
        Of the runs, in their order; repeated if there are fewer.
    two_classes : bool
        Whether runs of three classes are reported as runs of two.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    InputError
        If no run can be used, none has what the operating point needs, or a number is out of range.
    """
    point, k = checked(point), checked_cost(k)
    prevalence = None if prevalence is None else checked_prevalence(prevalence)
    lineup = line_up(runs, two_classes=two_classes)
    if lineup.panel is None:
        raise InputError(next(iter(lineup.refused.values()), "Name at least one run to report on."))
    panel, by_name = lineup.panel, {run.name: run for run in runs}
    called = names_of([by_name[name] for name in panel.names])
    kept = dict(zip(lettered_names(called[name] for name in panel.names), (by_name[name] for name in panel.names), strict=True))
    legend = {label: colours[i % len(colours)] for i, label in enumerate(kept)}
    operating = operate(panel, runs, point, called)
    thresholds = operating.thresholds
    evaluations = dict(zip(kept, evaluate_panel(panel, thresholds).values(), strict=True))
    calibrations = dict(zip(kept, calibrate_panel(panel, runs).values(), strict=True))
    answers = verdicts_of(panel, thresholds)
    return ENVIRONMENT.get_template("report.html").render(
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), not_a_device=NOT_A_DEVICE, licence=LICENCE, limits=LIMITS,
        notes=[note for note in (*lineup.notes, *operating.notes, undefined_note(evaluations.values()), scatter_note(panel)) if note],
        refused=lineup.refused, panel=panel, runs=kept, legend=legend, evaluations=evaluations, calibrations=calibrations,
        point=_point_text(point, panel.class_names), metrics=list(next(iter(evaluations.values())).metrics),
        sentences=_sentences(panel, thresholds, kept),
        figures=report_figures(Subject(panel, kept, legend, evaluations, calibrations, k, prevalence)),
        worth=_worth(evaluations, k, prevalence),
        k=k, prevalence=prevalence, failures={label: failures(answers, row) for row, label in enumerate(kept)},
        shared=_shared_errors(answers, list(kept)),
        cards={label: card_items(run, evaluations[label].threshold) for label, run in kept.items()},
    )  # fmt: skip


def _point_text(point: Point, class_names: tuple[str, ...]) -> str:
    if isinstance(point, Match):
        found = f"{100 * point.sensitivity:.4g} % of these images of {class_words(class_names[-1])}"
        return f"the highest threshold of each run that finds {found}, chosen on these very images"
    return NAMED[point].of_runs if isinstance(point, str) else f"{point:g} for all"


def _sentences(panel: Panel, thresholds: Mapping[str, float | None], kept: Iterable[str]) -> list[str]:
    labels = dict(zip(panel.names, kept, strict=True))
    if len(labels) < 2:
        return []
    return [
        verdict(found, labels[a], labels[b], say_correction=False) for (a, b), found in by_size(compare_panel(panel, thresholds)).items()
    ]


def _worth(evaluations: dict[str, Evaluation], k: float, prevalence: float | None) -> dict[str, dict]:
    """Predictive values and cost of each run; empty for more than two classes, NaN where a class has no image."""
    found = {}
    for label, evaluation in evaluations.items():
        if len(evaluation.class_names) == 2:
            share = prevalence or float(evaluation.confusion_matrix[1].sum() / evaluation.n_samples)
            values = predictive_values(evaluation, prevalence) if 0 < share < 1 else {}
            found[label] = {"prevalence": share, "cost": cost_per_100(evaluation, k, prevalence)} | values
    return found


def _shared_errors(answers: Verdicts, labels: list[str]) -> tuple[int, list[dict]]:
    """How many images every run gets wrong, and those on which they are wrong most confidently."""
    wrong = np.asarray(~answers.correct.any(axis=0))
    table = answers.table(wrong, labels).drop(columns=["patient_id"]).head(N_SHARED_ERRORS)
    return int(wrong.sum()), table.rename(columns={"sample_id": "image", "subtype": "sub-type"}).to_dict("records")
