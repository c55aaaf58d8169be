"""Choose what to train and on what, and start it."""

from __future__ import annotations

import streamlit as st

from core.architectures import SYSTEMS, System, Variant
from core.config import RunConfig
from core.datasets import Dataset
from core.datasets.classes import positive_class
from core.datasets.columns import UnclearColumns
from core.errors import InputError
from core.planning import plan, with_classes
from dashboard import jobs, state
from dashboard.chosen import chosen
from dashboard.components.address import preset
from dashboard.components.image_columns import ask_columns_of
from dashboard.components.positive import choose_positive
from dashboard.components.recipe_form import other_settings, setting
from dashboard.components.results import system_title

FIRST_CHOICE = "cnn1"
SHOWN = "train_data_shown"  # the images in use when the field was filled last
WANTED = "train_wanted_data"  # the images on which a start was asked for: from then on they are known well enough to ask about


def choose_system() -> tuple[System, Variant]:
    """A chooser of the registered systems and, where a system has several, of the number of classes."""
    systems = {system.title: system for system in SYSTEMS}
    keys = {system.key: system.title for system in SYSTEMS}
    preset("train_system", list(systems), keys[FIRST_CHOICE], keys)
    system = systems[st.selectbox("System", list(systems), key="train_system", bind="query-params")]
    variants = {variant.n_classes: variant for variant in system.variants}
    if len(variants) == 1:
        return system, system.variants[0]
    preset("train_labels", list(variants), system.variants[0].n_classes, {str(n): n for n in variants})
    n_classes = st.segmented_control(
        "Classes",
        list(variants),
        key="train_labels",
        required=True,
        bind="query-params",
        help="2: normal and pneumonia. 3: normal, bacterial and viral.",
    )
    return system, variants[n_classes]


def show_system(system: System, variant: Variant) -> None:
    """Source, size and published figures in two lines."""
    size = f"{system.image_size} × {system.image_size} pixels"
    st.caption(f"{system.source}. {size}, {variant.params_total:,} parameters, {variant.params_trainable:,} of them trained.")
    figures = [f"{name} {value:.3f}" for name, value in variant.published.items() if isinstance(value, float)]
    note = variant.published.get("note")
    if figures:
        st.caption(f"Published: {', '.join(figures)}{f' ({note})' if note else ''}.")
    if system.pretrained:
        st.caption("Starts from ImageNet weights: those in the folder PNEUMOLENS_WEIGHTS, else downloaded once.")


def choose_data() -> str:
    """Path of the images: those in use in this session unless another is typed; empty if there is none."""
    used = chosen()
    if st.session_state.get(SHOWN) != used.path:  # chosen on this page or another since
        st.session_state[SHOWN] = used.path
        st.session_state["train_data"] = "" if used.is_shipped else used.path
    data = st.text_input("Images", key="train_data", placeholder="folder, .npz file or table", help="A path on the machine that trains.")
    if not data.strip():
        st.info("Training needs images, and the shipped index has none: choose one of the three ways at the top.")
    return data.strip()


def configure(system: System, variant: Variant) -> RunConfig | None:
    """The settings; None, with the reason on the page, if they do not fit together."""
    key, recipe = f"train_{system.key}_{variant.n_classes}", variant.recipe
    epochs, batch_size, seeds = st.columns(3)
    with epochs:
        values = {"epochs": setting("epochs", recipe, key)}
    with batch_size:
        values["batch_size"] = setting("batch_size", recipe, key)
    seed = seeds.number_input("Seed", 0, 2**31 - 1, 0, key="train_seed", help="The same seed draws the same validation images and weights.")
    with st.expander("All settings"):
        st.caption("They start as the system's recipe has them.")
        values |= other_settings(recipe, key, system.pretrained)
        limit = st.number_input(
            "Train images at most",
            1,
            value=None,
            key="train_limit",
            placeholder="all",
            help="For a quick try: use only some of the train images.",
        )
    settings = recipe.changed(values)
    try:
        if system.start == "cnn1":
            settings |= _base_run(variant.n_classes)
        return plan(system.key, variant.n_classes, settings, seed, limit)
    except InputError as error:
        st.warning(str(error))
        return None


def start_button(config: RunConfig | None, data: str) -> None:
    """Start the training in a process of its own; says what is wrong with the images instead, if something is."""
    pressed = st.button("Start training", key="train_start", type="primary", icon=":material/play_arrow:", disabled=not (config and data))
    if pressed:
        st.session_state[WANTED] = data
    try:
        dataset = _with_ill_class(state.dataset(data)) if data and st.session_state.get(WANTED) == data else None
        if pressed:
            run = jobs.start(with_classes(config, dataset), data)
            st.toast(f"Started {run.name}", icon=":material/play_arrow:")
    except UnclearColumns as error:
        ask_columns_of(data, error)
    except InputError as error:
        st.error(str(error))


def _with_ill_class(dataset: Dataset) -> Dataset:
    """Ask which class is the ill one, where names do not tell; elsewhere there is nothing to choose."""
    needed = len(dataset.class_names) == 2 and not positive_class(dataset.class_names)
    return choose_positive(dataset, "train_positive") if needed else dataset


def _base_run(n_classes: int) -> dict[str, str]:
    """Which finished CNN_1 to continue; nothing to choose from is said by `plan`."""
    runs = [run for run in state.finished_runs() if run.config.system == "cnn1" and run.config.n_classes == n_classes]
    titles = {f"{system_title(run)}, {run.name}": run.name for run in runs}
    chosen = st.selectbox("Continue from", list(titles), key="train_base_run") if titles else None
    return {"base_run": titles[chosen]} if chosen else {}
