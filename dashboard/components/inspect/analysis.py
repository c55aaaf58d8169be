"""What a run says of an image, and where it looked: computed once for each image, run, method, class and layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.errors import InputError
from core.images import gate
from core.images.gate import Film
from core.inference.apart import explain_apart
from core.inference.decide import average
from core.inference.ensemble import open_members
from core.inference.prediction import Prediction
from core.inference.single_image import first_look, score_views
from core.input_checks import Finding, Reference, open_reference
from core.input_checks.doubts import doubts, of_run, training_copy
from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency import get_method, spatial_layers
from core.saliency.looks import explain_view
from dashboard import state
from dashboard.components.inspect.film.picture import PHANTOM, Picture, digest_of, film_of, original_film_of
from dashboard.turns import giving_way, turn

if TYPE_CHECKING:
    from core.datasets import Dataset
    from core.saliency import Explanation

PREDICTED = "Predicted class"
QUICK = ("saliency", "grad_cam", "grad_cam_plus_plus", "layer_cam")  # one pass each, which nobody has to wait in line for
DATASET = "_inspect_dataset"  # of this session: the data set that the page has open, or None


@dataclass(frozen=True)
class Reading:
    """A run's answer on one image, and the map that explains it."""

    prediction: Prediction
    explanation: Explanation


def predict(run: Run, picture: Picture) -> Prediction:
    """What a run says of a picture at a first look, from the session's cache if it has said so before.

    Raises
    ------
    InputError
        If the model, or that of an ensemble's member, is missing or the image unusable.
    """
    if run.config.members:
        return average(run, [predict(member, picture) for member in open_members(run)]).with_findings(of_run(run))
    prediction = _predict(stamp(run), picture.digest, run, film_of(picture)).with_findings(_besides(run, picture))
    return prediction.without("outlines") if picture.source == PHANTOM else prediction  # a drawn chest, which the page says


def settle(run: Run, picture: Picture) -> Prediction:
    """The same with its views; raises as `predict` does."""
    if run.config.members:
        return average(run, [settle(member, picture) for member in open_members(run)]).with_findings(of_run(run))
    return predict(run, picture).with_views(_views(stamp(run), picture.digest, run, film_of(picture)))


def read(run: Run, picture: Picture, method: str, class_name: str, layer: str | None) -> Reading:
    """Predict and explain; each is found in the session's cache if it was computed before.

    Parameters
    ----------
    run : Run
    picture : Picture
    method : str
        Key of a saliency method.
    class_name : str
        A class of the run, or `PREDICTED` for the one that it calls at its own threshold.
    layer : str or None

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        If the model is missing, the image unusable, or the run knows no such class.
    """
    prediction = predict(run, picture)
    class_id = _class_id(run, prediction.label if class_name == PREDICTED else class_name)
    layer = layer if get_method(method).needs_layer else None
    return Reading(prediction, _explain(stamp(run), picture.digest, method, class_id, layer, run, film_of(picture)))


def model_input(run: Run, picture: Picture) -> np.ndarray:
    """The picture as the run's model takes it: uint8 of shape (side, side)."""
    return gate.read_grey(film_of(picture), run.config.image_size, run.config.recipe.resize)


def reference(run: Run) -> Reference | None:
    """The run's training images, if they were measured; shared by all sessions."""
    return _reference(*stamp(run), run)


def layers(run: Run) -> list[str]:
    """Layers that a map can be made of, the default first."""
    return spatial_layers(state.model(run))


def _besides(run: Run, picture: Picture) -> tuple[Finding, ...]:
    """The reasons for doubt that the pixels do not show."""
    dataset = _dataset_at_hand()
    digest = digest_of(picture.original) if picture.original else picture.digest
    return _doubts(stamp(run), dataset and dataset.digest, digest, picture.sample_id, run, picture, dataset)


def _trained_on(run: Run, picture: Picture, dataset: Dataset | None) -> str | None:
    """The training image of the run that this picture is, or is a copy of; None if there is none."""
    try:
        if picture.sample_id and dataset and dataset.fingerprint == run.config.fingerprint:  # else its name may be another's
            return picture.sample_id if run.split.query("split == 'train'")["sample_id"].eq(picture.sample_id).any() else None
        return training_copy(run, original_film_of(picture), dataset and dataset.samples)
    except InputError:
        return None


def _dataset_at_hand() -> Dataset | None:
    """The data set that the page has open: looked up once, as a page of many pictures asks for each."""
    return st.session_state.get(DATASET)


def _class_id(run: Run, class_name: str) -> int:
    if class_name not in run.config.class_names:
        raise InputError(f"The run {run.name!r} knows no class {class_name}; choose from {', '.join(run.config.class_names)}.")
    return run.config.class_names.index(class_name)


@st.cache_resource(max_entries=12, show_spinner=False)
def _reference(path: str, stamp: tuple, _run: Run) -> Reference | None:
    return open_reference(_run)


@st.cache_data(max_entries=600, show_spinner=False, scope="session")
def _doubts(
    stamp: tuple, data: str | None, digest: str, sample_id: str | None, _run: Run, _picture: Picture, _dataset: Dataset | None
) -> tuple[Finding, ...]:
    return doubts(_run, original_film_of(_picture), _trained_on(_run, _picture, _dataset))


@st.cache_data(max_entries=600, show_spinner=False, scope="session")
def _predict(stamp: tuple, digest: str, _run: Run, _film: Film) -> Prediction:
    return first_look(_run, state.model(_run), _film, reference(_run))


@st.cache_data(max_entries=600, show_spinner=False, scope="session")
def _views(stamp: tuple, digest: str, _run: Run, _film: Film) -> list[list[float]]:
    return score_views(_run, state.model(_run), _film)


@st.cache_data(max_entries=100, show_spinner=False, scope="session")
def _explain(stamp: tuple, digest: str, method: str, class_id: int, layer: str | None, _run: Run, _film: Film) -> Explanation:
    pixels = gate.read_grey(_film, _run.config.image_size, _run.config.recipe.resize)
    bar = st.empty()

    def progress(done: int, total: int) -> None:
        told = f"{done:,} of {total:,} passes" if done else "getting ready"
        bar.progress(done / total, text=f"{get_method(method).title}: {told}")

    try:
        if method in QUICK:
            return explain_view(state.model(_run), pixels, _run.config.recipe.view, method, class_id, layer, progress)
        with turn(f"{method} of {_run.config.system}", bar):
            return explain_apart(_run, pixels, method, class_id, layer, giving_way(progress))
    finally:
        bar.empty()
