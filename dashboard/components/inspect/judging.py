"""Every chosen run's prediction and maps of a picture; a sentence in place of those that cannot be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.errors import InputError
from core.inference.ensemble import open_members
from core.inference.prediction import Prediction
from core.runs.run import Run
from core.saliency.method import Method
from dashboard.components.chips import colours_of, with_chips
from dashboard.components.inspect.analysis import predict, read
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.maps.stopping import Asked, stoppable, was_stopped
from dashboard.components.inspect.maps.tiles import Shown
from dashboard.components.inspect.try_again import offer_again
from dashboard.components.markdown import plain

DEFAULT_LAYER = "Last layer (default)"


def explainable(labelled: Mapping[str, Run]) -> dict[str, Run]:
    """The runs that have maps, each once: an ensemble gives way to its members; not where one is gone, which `score` tells.

    A member that is chosen itself stands in its own place, under its own label.
    """
    found, chosen = {}, {run.name for run in labelled.values()}
    for label, run in labelled.items():
        try:
            members = open_members(run)
        except InputError:
            continue
        parts = [(f"{label}, member {n}", member) for n, member in enumerate(members, start=1) if member.name not in chosen]
        for part in parts if members else [(label, run)]:
            found.setdefault(part[1].name, part)
    return dict(found.values())


def score(labelled: Mapping[str, Run], picture: Picture) -> dict[str, Prediction]:
    """Each model's prediction; a sentence in place of those that cannot be made."""
    predictions = {}
    for label, run in labelled.items():
        try:
            with st.spinner("Loading the model and scoring …"):
                predictions[label] = predict(run, picture)
        except InputError as error:
            st.warning(with_chips(plain(f"{label}: {error}"), colours_of(labelled)))
    return predictions


def explain_all(
    labelled: Mapping[str, Run], picture: Picture, methods: Sequence[Method], class_name: str, colours: Mapping[str, str]
) -> list[Shown]:
    """Every model's map by every method."""
    shown = []
    for label, run in labelled.items():
        layer = st.session_state.get(f"inspect_layer_{run.name}", DEFAULT_LAYER)
        for method in methods:
            title = f"{label} · {method.title}" if len(methods) > 1 else label
            asked = Asked(run.name, picture.digest, method.key, class_name, layer)
            if was_stopped(asked):
                continue
            try:
                with st.spinner(with_chips(plain(f"{title}: computing the map …"), colours)), stoppable(asked):
                    reading = read(run, picture, method.key, class_name, None if layer == DEFAULT_LAYER else layer)
                shown.append(Shown(label, title, run, reading, picture.mask))
            except InputError as error:
                st.warning(with_chips(plain(f"{title}: {error}"), colours))
                offer_again(error, f"{run.name}_{method.key}")
    return shown
