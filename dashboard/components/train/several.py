"""Several trainings at once: further seeds and systems, and a configuration for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from core.architectures import SYSTEMS, System, Variant, get_system
from core.architectures.system import CONTINUED
from core.config import RunConfig
from core.errors import InputError
from core.runs.identity.about import MAX_NAME
from core.runs.store import has_model
from core.training.plan import plan
from dashboard import state
from dashboard.components.kept_fields import keep, kept

MOST_SEEDS = 10


class Asked(NamedTuple):
    """What the form asks for.

    Attributes
    ----------
    configs : tuple of RunConfig
        One for each training, in their order.
    problems : tuple of str
        Why others cannot be trained; with one there is nothing to start.
    """

    configs: tuple[RunConfig, ...]
    problems: tuple[str, ...]


class Wanted(NamedTuple):
    """A system with what differs from its recipe, and the most training images."""

    system: System
    variant: Variant
    settings: dict[str, str]
    limit: int | None


def several(system: System, n_classes: int) -> tuple[int, list[tuple[System, Variant]]]:
    """How many seeds, and which systems besides, each with its number of classes."""
    with st.expander("Several at once"):
        n_seeds = st.number_input(
            "Seeds in a row", 1, MOST_SEEDS, kept("train_n_seeds", 1), key="train_n_seeds",
            help="Each system is trained so often, with the seed above and those that follow. Three show how much chance does.",
        )  # fmt: skip
        options = {other.title: other for other in SYSTEMS if other != system}
        titles = st.multiselect(
            "Also train", list(options), kept_titles(list(options)), key="train_also", placeholder="Choose systems",
            help="By their own recipes, with the seeds above, and as many classes where they know them.",
        )  # fmt: skip
        st.caption("They are put into the queue and trained one after another.")
    keep("train_n_seeds", n_seeds), keep("train_also", titles)
    return n_seeds, [(options[title], _variant(options[title], n_classes)) for title in titles]


def asked_for(wanted: Sequence[Wanted], seeds: range) -> Asked:
    """A configuration for each system and seed, all seeds of a system together."""
    configs, problems = [], {}
    for system, variant, settings, limit in wanted:
        base = _base_run(system, variant.n_classes) if system.continues else {}
        for seed in seeds:
            try:
                configs.append(plan(system.key, variant.n_classes, settings | base, seed, limit))
            except InputError as error:
                problems[str(error)] = None
    return Asked(tuple(configs), tuple(problems))


def kept_titles(options: list[str]) -> list[str]:
    """Which further systems were chosen last, of those that can be."""
    return [title for title in kept("train_also", []) if title in options]


def name_problem(name: str, configs: Sequence[RunConfig]) -> str:
    """Why a name cannot be given; empty if it can."""
    longest = max((len(one) for one in names_for(name, tuple(configs))), default=0)
    if longest <= MAX_NAME:
        return ""
    apart = ", with what tells the trainings apart," if longest > len(name.strip()) else ""
    return f"The name{apart} has {longest:,} characters; shorten it by {longest - MAX_NAME:,}, for {MAX_NAME} are allowed."


def names_for(name: str, configs: tuple[RunConfig, ...]) -> list[str]:
    """A name for each training: the one given, told apart by system and seed where there are several."""
    if not name.strip():
        return [""] * len(configs)
    systems = len({config.system for config in configs}) > 1
    found = []
    for config in configs:
        title, seed = get_system(config.system).title if systems else "", f"seed {config.seed}" if len(configs) > 1 else ""
        apart = "".join(f", {part}" for part in (title, seed) if part)
        found.append(name.strip() + apart)
    return found


def _variant(system: System, n_classes: int) -> Variant:
    return next((one for one in system.variants if one.n_classes == n_classes), system.variants[0])


def _base_run(system: System, n_classes: int) -> dict[str, str]:
    """Which finished CNN_1 to continue, of those whose model is here; nothing to choose from is said by `plan`."""
    finished = [run for run in state.finished_runs() if run.config.system == CONTINUED and run.config.n_classes == n_classes]
    names, ids = state.names(), [run.name for run in finished if has_model(run)]
    if not ids:
        return {}
    chosen = st.selectbox(f"{system.title}: continue from", ids, key="train_base_run", format_func=lambda run: names.get(run, run))
    return {"base_run": chosen} if chosen else {}
