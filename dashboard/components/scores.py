"""What the models say of one picture: calls, probabilities, how steady and how calibrated they are, and whether models agree."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.card import RECOMMENDED
from core.prediction import Prediction
from core.run import Run
from core.single import N_VIEWS
from dashboard.components.agreement import agreement
from dashboard.components.reading import settle, training_copy
from dashboard.components.upload import Picture
from dashboard.figures.probabilities import figure_height, probabilities_figure

ROOM = 20  # pixels round the figure
HELP = f"""
**Probability**: the model's own output for this picture.\\
**Threshold**: at or above it the model calls pneumonia. It is {RECOMMENDED}.\\
**Calibrated**: the same at the temperature that makes validation probabilities most truthful (Guo et al. 2017). On images unlike validation
it may be as wrong as before.\\
**Flips and shifts**: the smallest and largest probability over 10 copies, mirrored or moved by 3 % of the side. A radiograph means the same
after that; a wide range is a model that hangs on the frame.
"""


def show_scores(labelled: Mapping[str, Run], predictions: Mapping[str, Prediction], picture: Picture) -> dict[str, Prediction]:
    """Verdict lines, agreement, the figure, and what speaks against it; returns the predictions with their views.

    The verdicts are there at once; the views, which take ten times as long, fill places that were kept for them.
    """
    st.subheader("What the models say", help=HELP)
    verdicts = {label: st.empty() for label in predictions}
    _show_verdicts(verdicts, predictions)
    healthy = {next(iter(prediction.probabilities)) for prediction in predictions.values()}
    st.markdown(agreement({label: prediction.label for label, prediction in predictions.items()}, healthy))
    with st.container(height=figure_height(len(predictions)) + ROOM, border=False):
        chart = st.empty()
    if any(prediction.threshold is not None for prediction in predictions.values()):
        st.caption("Black line: from the smallest to the largest probability over the flips and shifts.")
    st.caption("A model's output for research and education, not a diagnosis. PneumoLens is not a medical device.")
    settled = {label: settle(labelled[label], picture) for label in predictions}
    _show_verdicts(verdicts, settled)
    with chart:
        _figure(settled)
    _warn_of_copies(labelled, settled, picture)
    return settled


def _show_verdicts(places: Mapping[str, DeltaGenerator], predictions: Mapping[str, Prediction]) -> None:
    for label, prediction in predictions.items():
        places[label].markdown(f"**{label}** {verdict(prediction)}")


def _warn_of_copies(labelled: Mapping[str, Run], predictions: Mapping[str, Prediction], picture: Picture) -> None:
    copies = {label: training_copy(labelled[label], picture) for label in predictions}
    for copy in dict.fromkeys(filter(None, copies.values())):
        knew = [label for label, known in copies.items() if known == copy]
        who, were = " and ".join(knew), "was" if len(knew) == 1 else "were"
        st.warning(f"{who} {were} trained on this very image ({copy}), so the answer proves nothing.", icon=":material/school:")


def verdict(prediction: Prediction) -> str:
    """``calls PNEUMONIA: p(PNEUMONIA) = 0.930 (0.88–0.96 over 10 flips and shifts), threshold 0.724, calibrated 0.871`` as Markdown."""
    positive = subject(prediction)
    low, high = prediction.interval[positive] if prediction.views else (None, None)
    spread = f"{low:.3f}–{high:.3f}" if prediction.views else "…"
    score = f"p({positive}) = {prediction.probabilities[positive]:.3f} ({spread} over {N_VIEWS} flips and shifts)"
    against = "the largest" if prediction.threshold is None else f"threshold {prediction.threshold:.3f}"
    calibrated = "" if prediction.calibrated is None else f", calibrated {prediction.calibrated[positive]:.3f}"
    return f"calls **{prediction.label}**{_unsteady(prediction.threshold, low, high)}: {score}, {against}{calibrated}"


def subject(prediction: Prediction) -> str:
    """The class whose probability is told: the positive one of two, else the one called."""
    return prediction.label if prediction.threshold is None else list(prediction.probabilities)[1]


def _unsteady(threshold: float | None, low: float | None, high: float | None) -> str:
    return ", **unsteadily**" if threshold is not None and low is not None and low < threshold <= high else ""


def _figure(predictions: Mapping[str, Prediction]) -> None:
    scores = {label: prediction.probabilities for label, prediction in predictions.items()}
    two = {label: prediction for label, prediction in predictions.items() if prediction.threshold is not None}
    figure = probabilities_figure(
        scores,
        {label: prediction.threshold for label, prediction in predictions.items()},
        intervals={label: prediction.interval[subject(prediction)] for label, prediction in two.items()},
        calibrated={label: prediction.calibrated[subject(prediction)] for label, prediction in two.items() if prediction.calibrated},
    )
    st.plotly_chart(figure, key="inspect_probability_bars", config={"displayModeBar": False}, alt=f"Class probabilities: {scores}")
