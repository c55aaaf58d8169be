"""What will be trained on and how long it takes, and what stands against it: all before Start is pressed."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.architectures import get_system
from core.config import RunConfig
from core.datasets import Dataset
from core.datasets.classes import positive_class
from core.datasets.tables.columns import UnclearColumns
from core.errors import InputError
from core.training.plan import with_classes
from core.training.portions import Portions, portions
from core.training.resources.speed import estimate, measured, minutes_text
from dashboard import shared_mode, state
from dashboard.chosen import choose, chosen
from dashboard.components.control_names import on_page
from dashboard.components.formats import when
from dashboard.components.images.image_columns import ask_columns_of
from dashboard.components.markdown import as_markdown, plain
from dashboard.components.query_params import gives_first
from dashboard.components.runs.positive import choose_positive
from dashboard.components.train.several import Asked
from dashboard.components.train.trial import offer_trial

DATA = "train_data"
SHOWN = "train_data_shown"  # the images in use when the field was filled last
PARTS = {"train": "Train", "val": "Validation", "test": "Test"}
UNKNOWN = "How long it takes was not measured on this machine yet."


class Plan(NamedTuple):
    """Trainings that can be started.

    Attributes
    ----------
    configs : tuple of RunConfig
        With the classes of the data set.
    seconds : tuple of float or None
        How long each takes, where that was measured on this machine.
    """

    configs: tuple[RunConfig, ...]
    seconds: tuple[float | None, ...]


def take_linked_data() -> None:
    """Use the images that the link names, before anything is said of those in use: so a page loaded anew keeps its folder."""
    linked = _linked()
    if DATA in st.session_state or not linked or linked == chosen().path:
        return
    with suppress(InputError):  # what is wrong with it is said beside its field
        state.dataset(linked)
        choose(linked)


def _linked() -> str:
    """The images that the link names, where a visitor may name any."""
    return st.query_params.get(DATA, "").strip() if shared_mode.may_name_paths() else ""


def choose_data() -> str:
    """Path of the images: those in use in this session unless another is typed; empty if there is none."""
    used = chosen()
    gives_first(DATA)
    if DATA not in st.session_state:
        st.session_state[DATA] = _linked() or ("" if used.is_shipped else used.path)
    elif st.session_state.get(SHOWN) != used.path:  # chosen elsewhere since
        st.session_state[DATA] = "" if used.is_shipped else used.path
    st.session_state[SHOWN] = used.path
    if not shared_mode.may_name_paths():
        return st.text_input("Images", key=DATA, disabled=True, help=shared_mode.PATHS_OFF).strip()
    words = {"placeholder": "folder, .npz file or table", "help": "A path on the machine that trains."}
    data = st.text_input("Images", value=None, key=DATA, bind="query-params", **words) or ""
    return data.strip()


def show_plan(asked: Asked, data: str) -> Plan | None:
    """Images by class and part, the time, and every problem; None, with the reason on the page, if there is nothing to start."""
    for problem in asked.problems:
        st.warning(problem)
    if not data:
        st.info("Training needs images, and those shipped are names and labels alone: choose one of the three ways at the top.")
        return None
    try:
        dataset = _with_ill_class(state.dataset(data))
        configs = tuple(with_classes(config, dataset) for config in asked.configs)
        counted = [_portions(dataset.digest, config.model_dump_json(), dataset, config) for config in configs]
    except UnclearColumns as error:
        ask_columns_of(data, error)
        return None
    except InputError as error:
        st.error(plain(on_page(str(error))), icon=":material/block:")
        return None
    if not counted:
        return None
    _show_portions(configs, counted, dataset)
    return Plan(configs, _show_time(configs, counted)) if not asked.problems else None


@st.cache_data(max_entries=200, show_spinner=False)
def _portions(digest: str, config_text: str, _dataset: Dataset, _config: RunConfig) -> Portions:
    return portions(_dataset, _config)


def _with_ill_class(dataset: Dataset) -> Dataset:
    """Ask which class is the ill one, where names do not tell; elsewhere there is nothing to choose."""
    needed = len(dataset.class_names) == 2 and not positive_class(dataset.class_names)
    return choose_positive(dataset, "train_positive") if needed else dataset


def _show_portions(configs: tuple[RunConfig, ...], counted: list[Portions], dataset: Dataset) -> None:
    """The first training's images; others that see other images are said in a line."""
    first, config, n = counted[0], configs[0], len(configs)
    title = get_system(config.system).title + (f" and {n - 1} more" if n > 1 else f", seed {config.seed}")
    st.markdown(f"**{plain(title)}**, on {plain(dataset.title)}")
    st.markdown(as_markdown(written(first)))
    notes = [] if first.shown == tuple(first.images["train"]) else [_shown(first)]
    if first.n_train < config.recipe.batch_size:
        notes.append(f"The batch size of {config.recipe.batch_size:,} is more than the training images: each epoch is one step.")
    if any((one.n_train, one.n_val) != (first.n_train, first.n_val) or one.class_names != first.class_names for one in counted[1:]):
        notes.append("Other seeds and systems hold out other patients for validation, or know other classes.")
    notes.append("Test images are scored once, at the end; nothing is chosen on them.")
    st.caption(" ".join(plain(note) for note in notes))


def written(found: Portions) -> pd.DataFrame:
    """Rows: classes, all images, patients. Columns: train, validation, test."""
    rows = [
        {"Images": name} | {title: f"{int(found.images.loc[name, part]):,}" for part, title in PARTS.items()} for name in found.class_names
    ]
    rows.append({"Images": "all"} | {title: f"{int(found.images[part].sum()):,}" for part, title in PARTS.items()})
    rows.append({"Images": "patients"} | {title: f"{found.patients[part]:,}" for part, title in PARTS.items()})
    return pd.DataFrame(rows)


def _shown(found: Portions) -> str:
    each = ", ".join(f"{n:,} {name}" for name, n in zip(found.class_names, found.shown, strict=True))
    return f"Each epoch shows {each}, as its sampling deals them."


def _show_time(configs: tuple[RunConfig, ...], counted: list[Portions]) -> tuple[float | None, ...]:
    """The time of all trainings, where the figures are from, and an offer to measure what is not known."""
    speeds = [measured(config) for config in configs]
    seconds = [estimate(s, config, p) if s else None for s, config, p in zip(speeds, configs, counted, strict=True)]
    known = [one for one in seconds if one is not None]
    missing = next((config for config, one in zip(configs, seconds, strict=True) if one is None), None)
    n, early = len(configs), any(config.recipe.early_stopping for config in configs)
    if known:
        what = "" if n == 1 else f" for {'all' if len(known) == n else len(known)} {n if len(known) == n else f'of {n}'} trainings"
        at_most = " at most, as it may stop early" if early else ""
        st.markdown(f":material/timer: **{minutes_text(sum(known)).capitalize()}**{what} on this machine{at_most}")
        st.caption(f"From {_source(next(s for s in speeds if s))}. Loading TensorFlow and reading the images come on top.")
    if missing:
        offer_trial(missing, UNKNOWN if n == 1 else f"{UNKNOWN[:-1]} for {get_system(missing.system).title}.")
    return tuple(seconds)


def _source(speed) -> str:
    if speed.source.startswith("trial"):
        return f"a {speed.source} here, {when(speed.when)} UTC"
    return f"the training {plain(state.names().get(speed.source, speed.source))} here, {when(speed.when)} UTC"
