"""Runs side by side: the settings in which they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from core.config import Recipe
from core.metrics.statistics.intervals import UNDEFINED
from core.runs.identity.names import made_of, siblings, system_name
from core.runs.origin import IMPORTED

if TYPE_CHECKING:
    from core.runs.run import Run

SETTING, MEANING = "Setting", "What it is"
BESIDE = {
    "System": "What is trained",
    "Classes": "What the labels tell apart",
    "Image size": "Side of the picture that the model takes, pixels",
    "Training images": "At most this many of the images in train",
    "Seed": "Number from which everything random in the training is drawn",
}


def differing_settings(runs: Mapping[str, Run]) -> pd.DataFrame:
    """The settings that are not the same in all runs, one a row.

    Parameters
    ----------
    runs : mapping of str to Run
        By what each is called.

    Returns
    -------
    DataFrame
        ``Setting``, a column of text for each run, ``What it is``; no row where the runs do not differ. A run that was trained
        elsewhere has no settings that are known: an en dash. A mean of others has theirs: ``0, 1, 2`` where they differ.
    """
    by_run = {label: settings_of(run) for label, run in runs.items()}
    rows = []
    for name, meaning in _meanings().items():
        values = {label: settings.get(name, UNDEFINED) for label, settings in by_run.items()}
        if len({value for value in values.values() if value != UNDEFINED}) > 1:
            rows.append({SETTING: name} | values | {MEANING: meaning})
    return pd.DataFrame(rows, columns=[SETTING, *runs, MEANING])


def settings_of(run: Run) -> dict[str, str]:
    """A run's settings as text, by what a person calls them."""
    config = run.config
    if config.system == IMPORTED:
        return {"Classes": ", ".join(config.class_names)}
    if config.members:
        return _of_members(run)
    beside = (system_name(config), ", ".join(config.class_names), str(config.image_size), _text(config.limit), str(config.seed))
    own = {_title(name): _text(value) for name, value in config.recipe.model_dump().items()}
    return dict(zip(BESIDE, beside, strict=True)) | own


def _of_members(run: Run) -> dict[str, str]:
    """What a mean is made of, and the settings of its members, each value once; nothing of members that are gone."""
    members, settings = siblings(run), {}
    if members.keys() == set(run.config.members):
        parts = [settings_of(member) for member in members.values()]
        settings = {name: ", ".join(dict.fromkeys(part[name] for part in parts if name in part)) for name in parts[0]}
    return settings | {"System": made_of(run), "Classes": ", ".join(run.config.class_names)}


def _meanings() -> dict[str, str]:
    return BESIDE | {_title(name): field.description or "" for name, field in Recipe.model_fields.items()}


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
