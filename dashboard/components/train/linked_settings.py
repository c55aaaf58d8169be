"""Settings that a link brings to the form, such as those of a remedy chosen on Data: the form starts with them and says so."""

from __future__ import annotations

import streamlit as st

from core.config import Recipe
from core.config.given import parse_settings
from core.errors import InputError
from dashboard.components.markdown import plain
from dashboard.components.query_params import linked_text, set_linked_text

SETTINGS = "train_set"
MOST = 1000  # characters of a link's settings


def linked_settings() -> str:
    """``loss=focal,focal_gamma=2``: what the link asks for; empty if nothing."""
    return linked_text(SETTINGS)


def with_linked(recipe: Recipe, text: str) -> Recipe:
    """The recipe as the link wants it, with a line that says so and a way back; the recipe itself, and why, where it cannot be had.

    Parameters
    ----------
    recipe : Recipe
        Of the system that is chosen.
    text : str
        Of `linked_settings`.

    Returns
    -------
    Recipe
    """
    if not text:
        return recipe
    try:
        changed, problem = recipe.with_settings(parsed(text)), ""
    except InputError as error:
        changed, problem = recipe, str(error)
    if problem:
        st.warning(f"The link asks for settings that cannot be used: {plain(problem)}", icon=":material/link_off:")
    else:
        others = ", ".join(f"{name}={value.removesuffix('.0')}" for name, value in recipe.changed(changed.model_dump()).items())
        said = f"they differ from the system's own by {others}" if others else "they are the system's own"
        st.markdown(f":material/link: The settings start as the link asks: {plain(said)}.")
    st.button("Use the system's own recipe", key="train_set_clear", icon=":material/close:", type="tertiary", on_click=set_linked_text,
              args=(SETTINGS, ""))  # fmt: skip
    return changed


def parsed(text: str) -> dict[str, str]:
    """``{"loss": "focal"}`` of ``loss=focal``; raises InputError for text that is too long, a part of another form or a setting twice."""
    if len(text) > MOST:
        raise InputError(f"They take {len(text):,} characters, and a link's settings at most {MOST:,}.")
    return parse_settings("=".join(side.strip() for side in part.split("=", 1)) for part in text.split(",") if part.strip())
