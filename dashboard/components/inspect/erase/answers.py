"""What models say of a film that was changed: every answer is kept for the session, so that undoing asks nothing anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.images.edits.boxes import Box
from core.images.edits.erasing import erase
from core.images.edits.settings import CHANGES
from core.inference.ensemble import open_members
from core.inference.prediction import NOT_RELIABLE, Prediction
from core.inference.single_image import ask
from core.metrics.run_threshold import predict_labels
from core.runs.run import Run
from core.runs.stamp import stamp
from dashboard import state
from dashboard.components.inspect.analysis import model_input
from dashboard.components.inspect.film.picture import Picture, size_of
from dashboard.components.inspect.predictions import subject


@dataclass(frozen=True)
class Answer:
    """A model's answer before and after a change of the film.

    Attributes
    ----------
    run : Run
    class_name : str
        The class whose probability is told.
    before, after : float
    said_before, said_after : str
        The class called, at the model's own threshold.
    reliable : bool
        False where the film gives reasons for doubt: then neither call can be relied on.
    """

    run: Run
    class_name: str
    before: float
    after: float
    said_before: str
    said_after: str
    reliable: bool = True

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def verdicts(self) -> tuple[str, str]:
        """What is said before and after: the class called; where it cannot be relied on, that, and which it would be."""
        before, after = (said if self.reliable else f"{NOT_RELIABLE} (would be {said})" for said in (self.said_before, self.said_after))
        return before, after

    def to_json(self) -> dict:
        """As a file of facts holds it."""
        told = {name: getattr(self, name) for name in ("class_name", "before", "after", "said_before", "said_after")}
        return {"run": self.run.name} | told | {"change": self.change, "reliable": self.reliable, "verdicts": list(self.verdicts)}


def after_erasing(
    labelled: Mapping[str, Run], said: Mapping[str, Prediction], picture: Picture, boxes: Sequence[Box], fill: str
) -> dict[str, Answer]:
    """Each model's answer on the film with some boxes erased, by the model's label; raises InputError where nothing is left of the film."""
    return {
        label: _answer(labelled[label], prediction, _erased(labelled[label], picture, boxes, fill)) for label, prediction in said.items()
    }


def over_setting(run: Run, prediction: Prediction, picture: Picture, key: str) -> list[float]:
    """The probability of the class that a model's verdict tells of, at each step of one of `CHANGES`."""
    return _changed(run, picture, key)[:, list(prediction.probabilities).index(subject(prediction))].tolist()


def _answer(run: Run, prediction: Prediction, scores: np.ndarray) -> Answer:
    names, told = list(prediction.probabilities), subject(prediction)
    called = names[int(predict_labels(scores[np.newaxis], prediction.threshold)[0])]
    before, after = prediction.probabilities[told], float(scores[names.index(told)])
    return Answer(run, told, before, after, prediction.label, called, prediction.reliable)


def _erased(run: Run, picture: Picture, boxes: Sequence[Box], fill: str) -> np.ndarray:
    """Probabilities of shape (n_classes,); an ensemble answers with the mean of its members."""
    if run.config.members:
        return np.mean([_erased(member, picture, boxes, fill) for member in open_members(run)], axis=0)
    return _ask_erased(stamp(run), picture.digest, tuple(map(str, boxes)), fill, run, picture, boxes)


def _changed(run: Run, picture: Picture, key: str) -> np.ndarray:
    """Probabilities of shape (n_values, n_classes)."""
    if run.config.members:
        return np.mean([_changed(member, picture, key) for member in open_members(run)], axis=0)
    return _ask_changed(stamp(run), picture.digest, key, run, picture)


@st.cache_data(max_entries=600, show_spinner=False, scope="session")
def _ask_erased(stamp: tuple, digest: str, places: tuple[str, ...], fill: str, _run: Run, _picture: Picture, _boxes) -> np.ndarray:
    resize, size = _run.config.recipe.resize, size_of(_picture)
    pixels = erase(model_input(_run, _picture), [box.on_input(resize, *size) for box in _boxes], fill)
    return ask(_run, state.model(_run), pixels[np.newaxis])[0]


@st.cache_data(max_entries=100, show_spinner=False, scope="session")
def _ask_changed(stamp: tuple, digest: str, key: str, _run: Run, _picture: Picture) -> np.ndarray:
    return ask(_run, state.model(_run), CHANGES[key].all_of(model_input(_run, _picture)))
