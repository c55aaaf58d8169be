"""What the points of the map of the images are coloured by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.audit.label_errors.outcomes import FALSE_ALARM, MISSED, NOT_HELD_OUT, RIGHT, WRONG, outcomes
from core.datasets import Dataset
from core.errors import InputError
from core.figures.palette import NEUTRAL, PALE_NEUTRAL, RUN_COLOURS, class_colours
from core.groups import APPEARANCE, FACTS, groups_at_hand, open_groups, user_columns
from core.runs.run import Run
from dashboard import state
from dashboard.components.data.catalogue import SPLITS, Catalogue, coded
from dashboard.components.query_params import keep_in_link, preset
from dashboard.components.runs.run_picker import most_promising, usable_runs

CLASS, SPLIT, GROUP, ERRORS = "Class", "Split", "Appearance group", "Errors of a run"
KNOWN_BY = {"series": "sample_id", "size": "width", "brightness": "mean_intensity", "border": "rim_black", "letters": "letters",
            "encoding": "quantisation_sum"}  # fmt: skip
COLOURS = (*RUN_COLOURS, "#66a61e", "#e7298a", "#7570b3", "#c9a227")
MOST = 20
ERROR_COLOURS = {RIGHT: NEUTRAL, MISSED: "#d55e00", FALSE_ALARM: "#b565a7", WRONG: "#d55e00", NOT_HELD_OUT: PALE_NEUTRAL}


@dataclass(frozen=True, eq=False)
class Colouring:
    """A value of each image, and how it is shown.

    Attributes
    ----------
    names, colours : tuple of str
    codes : ndarray of shape (n_samples,), int
        Positions in `names`.
    strong, faint : tuple of str
        The names whose points are drawn last and larger, and those that stay in the background.
    note : str
    """

    names: tuple[str, ...]
    colours: tuple[str, ...]
    codes: np.ndarray
    strong: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    note: str = ""


def choose_colouring(dataset: Dataset, catalogue: Catalogue, n_classes: int) -> Colouring:
    """Draw the choice and give what was chosen; the class, and the reason on the page, where it cannot be had."""
    makers = _makers(dataset, catalogue, n_classes)
    preset("data_map_colour", makers, CLASS, {"errors": ERRORS, "group": GROUP, "class": CLASS, "split": SPLIT})
    chosen = st.selectbox("Colour by", list(makers), list(makers).index(CLASS), key="data_map_colour", width=230, bind="query-params")
    try:
        return makers[chosen]()
    except InputError as error:
        st.warning(state.named(str(error)))
        return makers[CLASS]()


def _makers(dataset: Dataset, catalogue: Catalogue, n_classes: int) -> dict[str, Callable[[], Colouring]]:
    """By title, what makes each colouring that these data allow."""
    makers: dict[str, Callable[[], Colouring]] = {CLASS: lambda: _by_class(dataset, n_classes), SPLIT: lambda: _by_split(catalogue)}
    if groups_at_hand(dataset) is not None:
        makers[GROUP] = lambda: _by_fact(dataset.digest, APPEARANCE, dataset)
    titles = {fact.key: fact.title for fact in FACTS if fact.key in KNOWN_BY and dataset.samples[KNOWN_BY[fact.key]].notna().any()}
    for key, title in [*titles.items(), *((column, column) for column in user_columns(dataset))]:
        makers.setdefault(title, lambda key=key: _by_fact(dataset.digest, key, dataset))
    runs = [run for run in usable_runs()[0] if run.config.fingerprint == dataset.fingerprint]
    if runs:
        makers[ERRORS] = lambda: _by_errors(dataset, runs)
    return makers


def _by_class(dataset: Dataset, n_classes: int) -> Colouring:
    names, codes = coded(dataset.digest, n_classes, dataset)
    colours = class_colours(names)
    return _fewer(Colouring(names, tuple(colours[name] for name in names), codes))


def _by_split(catalogue: Catalogue) -> Colouring:
    titles = {"train": "Train", "val": "Validation", "test": "Test"}
    return Colouring(tuple(titles[name] for name in SPLITS), (NEUTRAL, RUN_COLOURS[0], RUN_COLOURS[1]), catalogue.table["split"].cat.codes)


@st.cache_resource(max_entries=16, show_spinner=False)
def _by_fact(digest: str, by: str, _dataset: Dataset) -> Colouring:
    grouping = groups_at_hand(_dataset) if by == APPEARANCE else open_groups(_dataset, by)
    colours = tuple(COLOURS[number % len(COLOURS)] for number in range(grouping.k))
    repeated = f"The colours repeat after {len(COLOURS)}: point at a name to see its images alone." if grouping.k > len(COLOURS) else ""
    return Colouring(grouping.names, colours, grouping.codes, note=" ".join([*grouping.notes, repeated]).strip())


def _by_errors(dataset: Dataset, runs: list[Run]) -> Colouring:
    names, by_id = state.names(), {run.name: run for run in runs}
    preset("data_map_run", by_id, most_promising(runs)[0].name, follows=False)
    chosen = by_id[st.selectbox("Run", list(by_id), key="data_map_run", format_func=lambda run: names.get(run, run), width=320)]
    keep_in_link("data_map_run", [chosen.name])
    kinds, codes = _outcomes(state.identities([chosen]), dataset.digest, dataset, chosen)
    note = "At the run's recommended threshold, on its validation and test images; it learnt from the others, or never saw them."
    return Colouring(kinds, tuple(ERROR_COLOURS[name] for name in kinds), codes, (MISSED, FALSE_ALARM, WRONG), (NOT_HELD_OUT,), note)


@st.cache_resource(max_entries=16, show_spinner=False)
def _outcomes(key: tuple, digest: str, _dataset: Dataset, _run: Run) -> tuple[tuple[str, ...], np.ndarray]:
    return outcomes(_dataset, _run)


def _fewer(colouring: Colouring) -> Colouring:
    """The twenty commonest values, the others together, so that a legend of 200 can be read."""
    if len(colouring.names) <= MOST:
        return colouring
    sizes = np.bincount(colouring.codes, minlength=len(colouring.names))
    kept = np.sort(np.argsort(-sizes, kind="stable")[: MOST - 1])
    places = np.full(len(sizes), MOST - 1)
    places[kept] = np.arange(MOST - 1)
    names, colours = (tuple(values[place] for place in kept) for values in (colouring.names, colouring.colours))
    return Colouring((*names, f"{len(sizes) - MOST + 1} others"), (*colours, NEUTRAL), places[colouring.codes])
