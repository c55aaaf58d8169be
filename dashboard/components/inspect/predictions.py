"""What the models say of one picture: the verdict, its range and calibrated value, whom the models know, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.inference.prediction import NOT_RELIABLE, Prediction
from core.inference.single_image import N_VIEWS
from core.input_checks.population import of_whom, population
from core.metrics.thresholds import RECOMMENDED
from core.runs.identity.letters import letter_of
from core.runs.run import Run
from dashboard.components.chips import colours_of, with_chips
from dashboard.components.inspect.analysis import settle
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.model_agreement import agreement
from dashboard.components.markdown import plain
from dashboard.figures.probabilities import MARKS, figure_height, probabilities_figure

ROOM = 12  # pixels round the figure
BORDERLINE = "borderline: changes when the film is shifted"
SEVERAL = f"""Line, brackets: range over {N_VIEWS} flips and shifts. Upright bar: threshold. Diamond: calibrated, of 100 validation films
scored like this."""
HELP = f"""
**Probability**: the model's own output for this film.\\
**Threshold**: at or above it the model says pneumonia. It is {RECOMMENDED}.\\
**Calibrated**: the same after temperature scaling, which fits probabilities to how often they are right on validation films (Guo et al.
2017). On films unlike those it may be as wrong as before.\\
**Flips and shifts**: the lowest and highest probability over 10 copies, mirrored or moved by 3 % of the side. A film means the same after
that, so a wide range means that the model depends on the framing.
"""


def show_scores(labelled: Mapping[str, Run], predictions: Mapping[str, Prediction], picture: Picture) -> dict[str, Prediction]:
    """Verdicts, agreement, the figure, and whom the models know; returns the predictions with their views.

    The verdicts are there at once; the views, which take ten times as long, fill places that were kept for them.
    """
    st.subheader("What the models say" if len(predictions) > 1 else "What the model says", help=HELP, anchor=False)
    verdicts, colours = {label: st.empty() for label in predictions}, colours_of(labelled)
    _show_verdicts(verdicts, predictions, colours)
    healthy = {plain(next(iter(prediction.probabilities))) for prediction in predictions.values()}
    marks = {plain(f"[{letter_of(label)}]"): plain(prediction.label) for label, prediction in predictions.items()}  # the names stand above
    reliable = all(prediction.reliable for prediction in predictions.values())  # else they need not agree
    if reliable and (agreed := agreement(marks, healthy)):
        st.markdown(with_chips(agreed, colours))
    with st.container(height=figure_height(len(predictions)) + ROOM, border=False):
        chart = st.empty()
    st.caption(f"{SEVERAL if len(predictions) > 1 else MARKS} For research and education, not a diagnosis.")
    for sentence in known_for({label: labelled[label] for label in predictions}):
        st.info(f":small[{with_chips(plain(sentence), colours)}]", icon=":material/child_care:")
    settled = {label: settle(labelled[label], picture) for label in predictions}
    _show_verdicts(verdicts, settled, colours)
    with chart:
        _figure(settled)
    return settled


def known_for(labelled: Mapping[str, Run]) -> list[str]:
    """Whom the models know, in a sentence for all that know the same; with labels where they differ."""
    found: dict[str, list[str]] = {}
    for label, run in labelled.items():
        found.setdefault(population(run).sentence, []).append(label)
    if len(found) == 1:
        return [of_whom("This model" if len(labelled) == 1 else "Each of these models", sentence) for sentence in found]
    return [f"{' and '.join(labels)}: {sentence}" for sentence, labels in found.items()]


def _show_verdicts(places: Mapping[str, DeltaGenerator], predictions: Mapping[str, Prediction], colours: Mapping[str, str]) -> None:
    for label, prediction in predictions.items():
        said = verdict(prediction) if len(predictions) == 1 else brief_verdict(prediction)
        places[label].markdown(with_chips(f"**{plain(label)}** · {said}", colours))


def verdict(prediction: Prediction) -> str:
    """The call, then the numbers behind it, as Markdown.

    ``**PNEUMONIA**`` and in a further line ``p(PNEUMONIA) = 0.930 (0.880–0.960 over 10 flips and shifts), threshold 0.724. Calibrated
    0.871: of 100 validation films scored like this, about 87 would show PNEUMONIA.``
    """
    positive = subject(prediction)
    score = f"p({plain(positive)}) = {prediction.probabilities[positive]:.3f} ({_range(prediction)} over {N_VIEWS} flips and shifts)"
    against = "the largest of all classes" if prediction.threshold is None else f"threshold {prediction.threshold:.3f}"
    return f"{_called(prediction, BORDERLINE)}  \n:small[{score}, {against}. {in_words(prediction)}]"


def brief_verdict(prediction: Prediction) -> str:
    """The same in two short lines, for several models one below the other; `SEVERAL` says once what the numbers are."""
    positive = subject(prediction)
    score = f"{prediction.probabilities[positive]:.3f} ({_range(prediction)})"
    against = f"p({plain(positive)}) = {score}" if prediction.threshold is None else f"{score}, threshold {prediction.threshold:.3f}"
    calibrated = f"Calibrated: {_count(prediction)} of 100" if prediction.calibrated and prediction.reliable else "Not calibrated"
    return f"{_called(prediction, BORDERLINE.split(':')[0])}  \n:small[{against}. {calibrated}.]"


def in_words(prediction: Prediction) -> str:
    """The calibrated probability as people count: of 100 validation films; a sentence where there is none."""
    if not prediction.reliable:
        return "Validation films say nothing of how often it is right on one like this."
    if prediction.calibrated is None:
        return "Not calibrated: the run has no validation scores."
    positive = subject(prediction)
    value = f"Calibrated {prediction.calibrated[positive]:.3f}"
    return f"{value}: of 100 validation films scored like this, {_count(prediction)} would show {plain(positive)}."


def _count(prediction: Prediction) -> str:
    value = prediction.calibrated[subject(prediction)]
    return "fewer than 1" if value < 0.005 else "more than 99" if value > 0.995 else f"about {100 * value:.0f}"


def _range(prediction: Prediction) -> str:
    """``0.880–0.960``; three dots until the views are scored."""
    return "{:.3f}–{:.3f}".format(*prediction.interval[subject(prediction)]) if prediction.views else "…"


def _called(prediction: Prediction, borderline: str) -> str:
    border = ", " + borderline if is_borderline(prediction) else ""
    if not prediction.reliable:
        return f"**{NOT_RELIABLE.capitalize()}** (its answer would be {plain(prediction.label)}{border})"
    return f"**{plain(prediction.label)}**{border}"


def subject(prediction: Prediction) -> str:
    """The class whose probability is told: the positive one of two, else the one called."""
    return prediction.label if prediction.threshold is None else list(prediction.probabilities)[1]


def is_borderline(prediction: Prediction) -> bool:
    """Whether a flip or a small shift changes the verdict; False until the views are scored."""
    if not prediction.views:
        return False
    if prediction.threshold is None:
        names = list(prediction.probabilities)
        return any(names[int(np.argmax(scores))] != prediction.label for scores in prediction.views)
    low, high = prediction.interval[subject(prediction)]
    return low < prediction.threshold <= high


def _figure(predictions: Mapping[str, Prediction]) -> None:
    scores = {label: prediction.probabilities for label, prediction in predictions.items()}
    counted = {label: one for label, one in predictions.items() if one.threshold is not None and one.calibrated and one.reliable}
    figure = probabilities_figure(
        scores,
        {label: prediction.threshold for label, prediction in predictions.items()},
        intervals={label: prediction.interval[subject(prediction)] for label, prediction in predictions.items()},
        calibrated={label: prediction.calibrated[subject(prediction)] for label, prediction in counted.items()},
    )
    alt = f"Scores on an axis from 0 to 1: {scores}"
    st.plotly_chart(figure, key="inspect_probability_bars", config={"displayModeBar": False}, alt=alt)
