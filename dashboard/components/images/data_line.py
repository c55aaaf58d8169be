"""One line on every page: which images are in use, and why."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st

from core.counted import counted
from core.datasets import Dataset
from core.datasets.sources.shipped import phantom_samples
from core.errors import InputError
from dashboard import chosen, state
from dashboard.components.images.getting_images import take_what_is_ready
from dashboard.components.markdown import plain


def show_data_line(dataset: Dataset | None = None, opened: bool = False) -> None:
    """Say which images this session uses and why, such as ``Data: chest_xray (5,856 images), from PNEUMOLENS_DATA.``

    Parameters
    ----------
    dataset : Dataset, optional
        The one in use, where the page has opened it.
    opened : bool
        Whether to open it for the number of its images, which takes a moment the first time; for pages that need the pixels anyway.
    """
    take_what_is_ready()
    used = chosen.chosen()
    with suppress(InputError):  # whoever needs the images says what is wrong with them
        dataset = dataset or (state.dataset() if opened else None)
    st.caption(sentence(used, len(dataset.samples) if dataset else chosen.n_images(used.path)), help=None if dataset else _whole(used))


def sentence(used: chosen.Chosen, n_images: int | None) -> str:
    """The line; without the number of images where it is not known."""
    if used.is_shipped:
        films = f"{n_images:,} films" if n_images else "films"
        return (
            f"Data: shipped index, names and labels of {films} without pictures, and {len(phantom_samples())} synthetic films, {used.why}."
        )
    count = f" ({counted(n_images, 'image')})" if n_images else ""
    return f"Data: {plain(Path(used.path.rstrip('/')).name or used.path)}{count}, {used.why}."


def _whole(used: chosen.Chosen) -> str | None:
    return None if used.is_shipped else plain(used.path)
