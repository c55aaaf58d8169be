"""The seeds of one recipe drawn as one curve, the mean with the range between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from core.runs.identity import group_runs
from core.runs.identity.letters import letter_of
from core.runs.run import Run

HELP = "Runs that differ in their seed alone become one curve: their mean, with the range from the lowest to the highest behind it."


def pick_recipe(target: str, runs: Sequence[Run], most: int) -> None:
    """A choice of recipes that adds all seeds of one to the runs chosen under the key `target`; nothing where no recipe has several.

    Parameters
    ----------
    target : str
    runs : sequence of Run
        Those that can be chosen.
    most : int
        How many may be.
    """
    groups = {group.name: group.ids for group in group_runs(runs) if len(group.runs) > 1}
    if not groups:
        return

    def add() -> None:
        chosen, ids = st.session_state.get(target, []), groups.get(st.session_state[key], ())
        st.session_state[target] = [*chosen, *(run for run in ids if run not in chosen)][:most]
        st.session_state[key] = None

    key = f"{target}_recipe"
    st.selectbox(
        "All seeds of", groups, None, key=key, placeholder="a recipe", on_change=add, help=f"Adds them to the runs chosen, at most {most}.",
        format_func=lambda name: f"{name} ({len(groups[name])} seeds)",
    )  # fmt: skip


def ask_together(key: str, runs: Mapping[str, Run]) -> dict[str, list[str]]:
    """Whether to draw seeds together; nothing is asked where no two runs are of one recipe.

    Parameters
    ----------
    key : str
    runs : mapping of str to Run
        By label, such as ``[A] CNN_1 · seed 0``.

    Returns
    -------
    dict of str to list of str
        What each curve is called, such as ``[A–C] CNN_1 (3 seeds)``, and the labels of its runs.
    """
    groups = together(runs)
    if len(groups) == len(runs) or not st.toggle("Seeds together", key=key, help=HELP, bind="query-params"):
        return {label: [label] for label in runs}
    return groups


def together(runs: Mapping[str, Run]) -> dict[str, list[str]]:
    """The labels by recipe; a run alone keeps its own."""
    labels = {run.name: label for label, run in runs.items()}
    groups = [(group.name, sorted((labels[name] for name in group.ids), key=list(runs).index)) for group in group_runs(list(runs.values()))]
    return {members[0] if len(members) == 1 else _title(name, members): members for name, members in groups}


def merged(
    tables: Mapping[str, pd.DataFrame], groups: Mapping[str, Sequence[str]], mean: Callable[[list[pd.DataFrame]], pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The tables of the groups: a run's own, or the mean of several; a run without a table is left out."""
    found = {title: [tables[label] for label in labels if label in tables] for title, labels in groups.items()}
    return {title: parts[0] if len(groups[title]) == 1 else mean(parts) for title, parts in found.items() if parts}


def first_of(values: Mapping[str, object], groups: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """For each group what its first run has, such as a colour."""
    return {title: values[labels[0]] for title, labels in groups.items()}


def _title(name: str, labels: Sequence[str]) -> str:
    letters = [letter_of(label) for label in labels]
    in_a_row = len(letters) > 2 and ord(letters[-1]) - ord(letters[0]) == len(letters) - 1
    which = f"{letters[0]}–{letters[-1]}" if in_a_row else "+".join(letters)
    return f"[{which}] {name} ({len(labels)} seeds)"
