"""What the models say of one picture: the verdict, its range and calibrated value, whom the models know, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.card import RECOMMENDED
from core.population import population
from core.prediction import Prediction
from core.run import Run
from core.single import N_VIEWS
from dashboard.components.agreement import agreement
from dashboard.components.markdown import plain
from dashboard.components.picture import Picture
from dashboard.components.reading import settle
from dashboard.figures.probabilities import MARKS, figure_height, probabilities_figure

ROOM = 12  # pixels round the figure
BORDERLINE = "borderline: changes when the film is shifted"
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
    verdicts = {label: st.empty() for label in predictions}
    _show_verdicts(verdicts, predictions)
    healthy = {plain(next(iter(prediction.probabilities))) for prediction in predictions.values()}
    if agreed := agreement({plain(label): plain(prediction.label) for label, prediction in predictions.items()}, healthy):
        st.markdown(agreed)
    with st.container(height=figure_height(len(predictions)) + ROOM, border=False):
        chart = st.empty()
    st.caption(f"{MARKS} A model's output for research and education, not a diagnosis.")
    for sentence in known_for({label: labelled[label] for label in predictions}):
        st.info(plain(sentence), icon=":material/child_care:")
    settled = {label: settle(labelled[label], picture) for label in predictions}
    _show_verdicts(verdicts, settled)
    with chart:
        _figure(settled)
    return settled


def known_for(labelled: Mapping[str, Run]) -> list[str]:
    """Whom the models know, in a sentence for all that know the same; with labels where they differ."""
    found: dict[str, list[str]] = {}
    for label, run in labelled.items():
        found.setdefault(population(run).sentence, []).append(label)
    if len(found) == 1:
        return [sentence.replace("It ", "This model " if len(labelled) == 1 else "Each of these models ", 1) for sentence in found]
    return [f"{' and '.join(labels)}: {sentence}" for sentence, labels in found.items()]


def _show_verdicts(places: Mapping[str, DeltaGenerator], predictions: Mapping[str, Prediction]) -> None:
    for label, prediction in predictions.items():
        places[label].markdown(f"**{plain(label)}** · {verdict(prediction)}")


def verdict(prediction: Prediction) -> str:
    """The call, then the numbers behind it, as Markdown.

    ``**PNEUMONIA**`` and in a further line ``p(PNEUMONIA) = 0.930 (0.880–0.960 over 10 flips and shifts), threshold 0.724. Calibrated
    0.871: of 100 validation films scored like this, about 87 would show PNEUMONIA.``
    """
    positive = subject(prediction)
    shown = plain(positive)
    low, high = prediction.interval[positive] if prediction.views else (None, None)
    spread = f"{low:.3f}–{high:.3f}" if prediction.views else "…"
    score = f"p({shown}) = {prediction.probabilities[positive]:.3f} ({spread} over {N_VIEWS} flips and shifts)"
    against = "the largest of all classes" if prediction.threshold is None else f"threshold {prediction.threshold:.3f}"
    called = f"**{plain(prediction.label)}**{', ' + BORDERLINE if is_borderline(prediction) else ''}"
    return f"{called}  \n:small[{score}, {against}. {in_words(prediction)}]"


def in_words(prediction: Prediction) -> str:
    """The calibrated probability as people count: of 100 validation films; a sentence where there is none."""
    positive = subject(prediction)
    if prediction.calibrated is None:
        return "Not calibrated: the run has no validation scores."
    value = prediction.calibrated[positive]
    count = "fewer than 1" if value < 0.005 else "more than 99" if value > 0.995 else f"about {100 * value:.0f}"
    return f"Calibrated {value:.3f}: of 100 validation films scored like this, {count} would show {plain(positive)}."


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
    two = {label: prediction for label, prediction in predictions.items() if prediction.threshold is not None}
    figure = probabilities_figure(
        scores,
        {label: prediction.threshold for label, prediction in predictions.items()},
        intervals={label: prediction.interval[subject(prediction)] for label, prediction in predictions.items()},
        calibrated={label: prediction.calibrated[subject(prediction)] for label, prediction in two.items() if prediction.calibrated},
    )
    alt = f"Scores on an axis from 0 to 1: {scores}"
    st.plotly_chart(figure, key="inspect_probability_bars", config={"displayModeBar": False}, alt=alt)
