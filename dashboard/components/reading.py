"""What a run says of an image, and where it looked: computed once for each image, run, method, class and layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import InputError
from core.images import read_grey
from core.runs import MODEL, Run
from core.saliency import explain, spatial_layers
from core.single import Prediction, predict_image
from dashboard import state
from dashboard.components.upload import Picture

if TYPE_CHECKING:
    from core.saliency import Explanation

PREDICTED = "Predicted class"


@dataclass(frozen=True)
class Reading:
    """A run's answer on one image, and the map that explains it."""

    prediction: Prediction
    explanation: Explanation


def read(run: Run, picture: Picture, method: str, class_name: str, layer: str | None) -> Reading:
    """Predict and explain; changing only colours or opacity finds both in the session's cache.

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
    stamp = _stamp(run)
    prediction = _predict(stamp, picture.digest, run, picture.content)
    class_id = _class_id(run, prediction.label if class_name == PREDICTED else class_name)
    return Reading(prediction, _explain(stamp, picture.digest, method, class_id, layer, run, picture.content))


def layers(run: Run) -> list[str]:
    """Layers that a map can be made of, the default first."""
    return spatial_layers(state.model(run))


def saw_in_training(run: Run, picture: Picture) -> bool:
    """Whether the run was trained on this sample, so that its answer proves nothing."""
    try:
        split = run.split
    except InputError:
        return False
    return bool((split["sample_id"].eq(picture.sample_id) & split["split"].eq("train")).any())


def _class_id(run: Run, class_name: str) -> int:
    if class_name not in run.config.class_names:
        raise InputError(f"The run {run.name!r} knows no class {class_name}; choose from {', '.join(run.config.class_names)}.")
    return run.config.class_names.index(class_name)


def _stamp(run: Run) -> tuple[str, int]:
    """What changes when a run's model does."""
    file = run.path / MODEL
    return str(run.path), file.stat().st_mtime_ns if file.exists() else 0


@st.cache_data(max_entries=200, show_spinner=False, scope="session")
def _predict(stamp: tuple, digest: str, _run: Run, _content: bytes) -> Prediction:
    return predict_image(_run, state.model(_run), _content)


@st.cache_data(max_entries=100, show_spinner=False, scope="session")
def _explain(stamp: tuple, digest: str, method: str, class_id: int, layer: str | None, _run: Run, _content: bytes) -> Explanation:
    pixels = read_grey(_content, _run.config.image_size, _run.config.recipe.resize)
    return explain(state.model(_run), pixels, method, class_id, layer)
