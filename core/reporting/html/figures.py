"""The figures of a report: those of the page, drawn as SVG. A legend gives each run's label its colour, in the order of the panel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from core.counted import class_words
from core.errors import InputError
from core.figures.calibration import calibration_figure
from core.figures.decision_curve import decision_curve_figure
from core.figures.history import history_figure
from core.figures.many_runs import abridge
from core.figures.score_histogram import ROW, score_histogram_figure
from core.figures.svg import legend, to_svg
from core.metrics.calibration import Calibration
from core.metrics.curves import score_histogram
from core.metrics.decision_curve import decision_curve
from core.metrics.evaluation import Evaluation
from core.metrics.panel import Panel
from core.reporting.curves import CURVES, PRECISION_RECALL, ROC, missing_side, operating_rates

if TYPE_CHECKING:
    from core.runs.run import Run

N_BINS = 20
RELIABILITY = "On the dotted line a probability means what it says. Bars are 95 % intervals; below, how many images each point stands for."
SCALED = " Dashed: after temperature scaling fitted on validation."
BENEFIT = "What acting on a model gains over treating nobody, in true calls for each image (Vickers and Elkin 2006)."


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure of a report: its title, how to read it, and its HTML."""

    title: str
    reading: str
    html: Markup


@dataclass(frozen=True, eq=False)
class Subject:
    """What is drawn: runs on the same images. Mappings are by run label, in the order of the panel.

    Attributes
    ----------
    panel : Panel
    runs : mapping of str to Run
    colours : mapping of str to str
    evaluations : mapping of str to Evaluation
    calibrations : mapping of str to tuple
        Before temperature scaling and after it, and the temperature.
    k : float
        How many false alarms a missed case is worth.
    prevalence : float or None
    """

    panel: Panel
    runs: Mapping[str, Run]
    colours: Mapping[str, str]
    evaluations: Mapping[str, Evaluation]
    calibrations: Mapping[str, tuple[Calibration, Calibration | None, float | None]]
    k: float
    prevalence: float | None

    @property
    def is_binary(self) -> bool:
        """Whether there are two classes."""
        return len(self.panel.class_names) == 2

    def drawing(self, title: str, reading: str, figure: go.Figure, height: int = 350) -> Drawing:
        """A figure of the test images with its legend."""
        drawn = to_svg(abridge(figure, self.runs, few=1), f"{title} of {', '.join(self.runs)}", height=height)
        return Drawing(title, f"{reading} n = {self.panel.n_samples:,}.", legend(figure) + drawn)


def report_figures(subject: Subject) -> list[Drawing]:
    """Curves over all thresholds, calibration, decision curve, learning curves and spread of scores.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    list of Drawing
        Without those that do not apply.
    """
    drawn = [*_curves(subject), _calibration(subject)]
    drawn += [_decisions(subject)] if subject.is_binary else []
    return [*drawn, *_learning(subject), _scores(subject)]


def _curves(subject: Subject) -> Iterator[Drawing]:
    panel, operating = subject.panel, operating_rates(subject.evaluations)
    for class_id in [1] if subject.is_binary else range(len(panel.class_names)):
        outcome, class_name = (panel.y_true == class_id).astype(np.int64), class_words(panel.class_names[class_id])
        for name in (ROC, PRECISION_RECALL):
            tables = [CURVES[name].points(outcome, scores[:, class_id]) for scores in panel.scores]
            figure = CURVES[name].figure(dict(zip(subject.runs, tables, strict=True)), subject.colours, operating)
            reading = missing_side(outcome, class_name) or CURVES[name].explanation
            yield subject.drawing(f"{name}, {class_name}", reading, figure)


def _calibration(subject: Subject) -> Drawing:
    before = {label: found.reliability for label, (found, _, _) in subject.calibrations.items()}
    after = {label: found.reliability for label, (_, found, _) in subject.calibrations.items() if found}
    figure = calibration_figure(before, dict(subject.colours), after)
    return subject.drawing(f"Calibration, {class_words(subject.panel.class_names[1])}", RELIABILITY + SCALED * bool(after), figure, 440)


def _decisions(subject: Subject) -> Drawing:
    panel = subject.panel
    curves = {
        label: decision_curve(panel.y_true, scores[:, 1], subject.prevalence)
        for label, scores in zip(subject.runs, panel.scores, strict=True)
    }
    reading = missing_side(panel.y_true == 1, class_words(panel.class_names[1])) or BENEFIT
    return subject.drawing("Decision curve", reading, decision_curve_figure(curves, subject.colours, 1 / (1 + subject.k)))


def _learning(subject: Subject) -> Iterator[Drawing]:
    """Validation and training loss by epoch; nothing where no run has a history."""
    histories, kept = {}, {}
    for label, run in subject.runs.items():
        try:
            histories[label] = run.history.apply(pd.to_numeric, errors="coerce")
            kept[label] = run.card.best_epoch
        except InputError:  # the rest of the report says what is broken
            continue
    histories = {label: history for label, history in histories.items() if len(history)}
    if histories:
        told = {label: epoch for label, epoch in kept.items() if epoch}
        figure = abridge(history_figure(histories, "loss", dict(subject.colours), kept=told), subject.runs, few=1)
        reading = "Solid: validation. Dashed: training. Ring: the epoch whose model was kept."
        yield Drawing("Learning", reading, legend(figure) + to_svg(figure, f"Loss by epoch of {', '.join(histories)}"))


def _scores(subject: Subject) -> Drawing:
    panel = subject.panel
    tables = [score_histogram(panel.y_true, scores[:, 1], panel.class_names, N_BINS) for scores in panel.scores]
    thresholds = {label: evaluation.threshold for label, evaluation in subject.evaluations.items()}
    title = f"Probability of {class_words(panel.class_names[1])}"
    figure = score_histogram_figure(dict(zip(subject.runs, tables, strict=True)), thresholds, title)
    line = " The dashed line is the threshold in use." if subject.is_binary else ""
    return subject.drawing("Scores", f"Share of each true class in {N_BINS} bins.{line}", figure, 80 + ROW * len(tables))
