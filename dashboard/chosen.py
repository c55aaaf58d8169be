"""Which images a session looks at, and why: what a person chose in it, else PNEUMOLENS_DATA, else what is shipped."""

from __future__ import annotations

import os
from dataclasses import dataclass

import streamlit as st

from core.datasets.recent import recent, remember
from core.errors import InputError
from core.files.paths import typed_path
from dashboard import shared_mode
from dashboard.shared_mode import SHIPPED

KEY = "data_chosen"
_n_images: dict[str, int] = {}  # by path, of what was opened since the server started


@dataclass(frozen=True)
class Chosen:
    """A data set by its path, or `SHIPPED`, and why it is the one in use."""

    path: str
    why: str

    @property
    def is_shipped(self) -> bool:
        """Whether there are no images of a person's own."""
        return self.path == SHIPPED


def chosen() -> Chosen:
    """The data set that this session looks at wherever nothing else is named."""
    said, given = st.session_state.get(KEY), os.environ.get("PNEUMOLENS_DATA")
    if said:
        return Chosen(said, "chosen by you in this session")
    if given:
        return Chosen(given, "from PNEUMOLENS_DATA")
    usual = _usual()
    return Chosen(usual, "because no folder was chosen" if usual == SHIPPED else "chosen by this dashboard's host")


def choose(path: str) -> None:
    """Look at a data set from now on in this session, on every page, and offer it again in later ones."""
    st.session_state[KEY] = "" if _same(path, _usual()) else path
    if path != SHIPPED and shared_mode.may_name_paths():
        remember(typed_path(path))


def _usual() -> str:
    """What is looked at where nobody chose."""
    return os.environ.get("PNEUMOLENS_DATA") or (SHIPPED if shared_mode.may_name_paths() else shared_mode.data_sets()[0])


def offered() -> list[str]:
    """What can be chosen without typing: what the server was started with, what was used lately, and the shipped index."""
    if not shared_mode.may_name_paths():
        return shared_mode.data_sets()
    given = os.environ.get("PNEUMOLENS_DATA")
    found = [given] if given else []
    found += [path for path in recent() if not (given and _same(path, given))]
    return [*found, SHIPPED]


def note_images(path: str, n: int) -> None:
    """Remember how many images a data set has, for pages that say it and need none of them."""
    _n_images[path] = n


def n_images(path: str) -> int | None:
    """How many images a data set has, if it was opened since the server started."""
    try:
        return _n_images.get(path if path == SHIPPED else str(typed_path(path)))
    except InputError:
        return None


def _same(one: str, other: str) -> bool:
    if SHIPPED in (one, other):
        return one == other
    try:
        return typed_path(one).absolute() == typed_path(other).absolute()
    except (InputError, OSError):
        return one == other
