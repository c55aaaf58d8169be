"""One film's map beside the mean of the run's maps, where that is at hand: is this where the model usually looks?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from PIL import Image

from core.errors import InputError
from core.inference.atlas_file import METHOD, Part, open_atlas
from core.runs.run import Run
from core.saliency.checks.similarity import coarse, similarity
from core.saliency.heatmap import normalise
from core.saliency.overlay import overlay
from dashboard.components.chips import with_chips
from dashboard.components.inspect.analysis import model_input
from dashboard.components.inspect.features.film_in_layer import SIDE, painted
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.maps.tiles import Shown
from dashboard.components.markdown import plain

UNLIKE = 0.3  # rank correlation below which a map is called unlike its usual
FILMS = {"test": "test", "val": "validation"}  # those that are looked for first, and what they are called


def show_usual(shown: Sequence[Shown], picture: Picture, colours: Mapping[str, str]) -> None:
    """Whether each map is like the run's mean map, and both as pictures; nothing where that has not been made.

    Parameters
    ----------
    shown : sequence of Shown
    picture : Picture
    colours : mapping of str to str
    """
    for item in shown:
        explanation = item.reading.explanation
        try:
            found = usual(item.run, explanation.method, item.explained)
        except InputError as error:
            st.markdown(with_chips(f"**{plain(item.title)}**: {plain(str(error))}", colours))
            continue
        if found:
            said = usual_sentence(explanation.heatmap, found, item.explained)
            st.markdown(with_chips(f"**{plain(item.title)}** {plain(said)}", colours))
            with st.container(horizontal=True):
                captions = "This film", f"Mean of {found[1].n:,} films"
                for image, caption in zip(_pictures(item, picture, found[1]), captions, strict=True):
                    st.image(image, caption, width=SIDE, alt=f"{caption}: map of {plain(item.title)}")


def usual(run: Run, method: str, class_name: str) -> tuple[str, Part] | None:
    """The mean of a run's maps over the films that it rightly called a class, on test if there is one.

    Parameters
    ----------
    run : Run
    method, class_name : str

    Returns
    -------
    tuple of (str, Part) or None
        Which films, and their mean; None where there is none.

    Raises
    ------
    InputError
        If it is kept and cannot be used.
    """
    if method != METHOD:
        return None
    for split, films in FILMS.items():
        part = (open_atlas(run, split) or {}).get(f"true_{class_name.lower()}")
        if part and part.n:
            return films, part
    return None


def usual_sentence(heatmap: np.ndarray, found: tuple[str, Part], class_name: str) -> str:
    """How far one film's map is like the mean that `usual` found."""
    films, part = found
    value = similarity(heatmap, part.mean)
    how = "unlike its usual" if value < UNLIKE else "as usual"
    mean = f"the mean map of the {part.n:,} {films} films that it rightly called {class_name}"
    return f"looks at this film {how}: rank correlation {value:.2f} with {mean} (unlike: below {UNLIKE})."


def _pictures(item: Shown, picture: Picture, part: Part) -> tuple[np.ndarray, np.ndarray]:
    """The film's map and the mean map, each over its film where that was kept: uint8 of shape (side, side, 3)."""
    heatmap = item.reading.explanation.heatmap
    if part.film is None:
        return painted(coarse(heatmap)), painted(part.mean)
    mean_film = np.asarray(Image.fromarray(part.film).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    return overlay(model_input(item.run, picture), heatmap), overlay(mean_film, normalise(part.mean))
