"""Settings that a link brings to the form, such as those of a remedy chosen on Data: the form starts with them and says so."""

from __future__ import annotations

import streamlit as st

from core.config import Recipe
from core.errors import InputError
from dashboard.components.markdown import plain
from dashboard.components.query_params import linked_text, set_linked_text

SETTINGS = "train_set"
MOST = 1000  # characters of a link's settings


def linked_settings() -> str:
    """``loss=focal,focal_gamma=2``: what the link asks for; empty if nothing."""
    return linked_text(SETTINGS)[:MOST]


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
    """``{"loss": "focal"}`` of ``loss=focal``; raises InputError where a part is no setting with a value."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise InputError(f"{wrong.strip()!r} names no value; write it as NAME=VALUE.")
    return {name.strip(): value.strip() for name, _, value in pairs}
