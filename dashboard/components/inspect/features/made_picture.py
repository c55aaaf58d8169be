"""A picture made for a class or a filter: settings, progress with a way out, and the picture beside the film with what both reach."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency.features.activation_maximisation import MOST_SEED, PROVES_NOT, REFERENCE
from dashboard import state
from dashboard.components.formats import duration
from dashboard.components.inspect.analysis import model_input
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.turns import giving_way, turn

if TYPE_CHECKING:
    from core.saliency.features.activation_maximisation import Maximised

STEPS = {f"{n} steps": n for n in (64, 128, 256, 512)}
USUAL = "128 steps"
SHOWN = 320  # pixels
BEGUN, KEPT = "_inspect_features_begun", "_inspect_features_kept"  # of this session: what was asked for, and the pictures made
MOST_KEPT = 100
STRETCHED = "Shown with its contrast stretched; the file holds it as the model takes it."
SEED_HELP = "Of the noise that it begins with. Trust in a pattern what returns with other seeds."


class Wanted(NamedTuple):
    """What tells one picture of a session from another."""

    stamp: tuple
    class_id: int | None
    layer: str | None
    channel: int | None
    steps: int
    seed: int


def show_made_picture(run: Run, picture: Picture, class_id: int | None = None, layer: str | None = None) -> None:
    """Settings, a button, and the picture once it is made.

    Parameters
    ----------
    run : Run
    picture : Picture
    class_id : int, optional
    layer : str, optional
        Whose filters can be chosen, instead of a class.

    Raises
    ------
    InputError
        As `core.saliency.features.activation_maximisation.maximise` does, and for a missing model.
    """
    kept, begun = st.session_state.setdefault(KEPT, {}), st.session_state.setdefault(BEGUN, set())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = Wanted(stamp(run), class_id, layer, *_settings(run, layer))
        if wanted not in begun:
            st.button("Make the picture", key="inspect_features_make", on_click=begun.add, args=(wanted,), icon=":material/brush:")
    if wanted in begun:
        if wanted not in kept:
            kept[wanted] = _make(run, wanted)
            _forget_oldest(kept, begun)
        _show(run, picture, wanted, kept[wanted])
    st.caption(f"{PROVES_NOT} Method: {REFERENCE}; computed by tf-keras-vis.")


def _forget_oldest(kept: dict, begun: set) -> None:
    if len(kept) > MOST_KEPT:
        oldest = next(iter(kept))
        kept.pop(oldest)
        begun.discard(oldest)


def _settings(run: Run, layer: str | None) -> tuple[int | None, int, int]:
    """The filter, where there is a layer, the steps and the seed."""
    channel = _pick_filter(run, layer) if layer else None
    preset("inspect_features_steps", STEPS, USUAL)
    steps = st.selectbox("Length", list(STEPS), list(STEPS).index(USUAL), key="inspect_features_steps", bind="query-params", width=130)
    seed = st.number_input("Seed", 0, MOST_SEED, 0, key="inspect_features_seed", help=SEED_HELP, bind="query-params", width=140)
    return channel, STEPS[steps], int(seed)


def _pick_filter(run: Run, layer: str) -> int:
    from core.saliency.features.feature_maps import n_channels

    last = n_channels(state.model(run), layer) - 1
    if st.session_state.get("inspect_features_filter", 0) > last:  # of another layer
        st.session_state["inspect_features_filter"] = last
    label = f"Filter, 0 to {last:,}"
    return int(st.number_input(label, 0, last, 0, key="inspect_features_filter", bind="query-params", width=150))


def _make(run: Run, wanted: Wanted) -> Maximised:
    from core.saliency.features.activation_maximisation import maximise

    bar, place, times = st.progress(0.0, text="Loading the model …"), st.empty(), []
    stop = st.session_state[BEGUN].discard
    place.button("Stop", key="inspect_features_stop", on_click=stop, args=(wanted,), icon=":material/stop:")

    def progress(done: int, total: int) -> None:
        times.append(time.monotonic())
        left = (times[-1] - times[0]) / max(done - 1, 1) * (total - done)
        bar.progress(done / total, text=f"{done:,} of {total:,} steps" + (f", about {duration(left)} left" if done > 1 else ""))

    try:
        with turn(f"activation maximisation of {run.config.system}, {wanted.steps} steps", bar):
            return maximise(state.model(run), *wanted[1:], giving_way(progress))
    finally:
        bar.empty()
        place.empty()


def _show(run: Run, picture: Picture, wanted: Wanted, made: Maximised) -> None:
    """The picture beside the film, each with what it reaches."""
    from core.saliency.features.activation_maximisation import answer_to

    if wanted.layer:
        of, unit = f"filter {wanted.channel} of {wanted.layer}", "mean activation"
    else:
        of, unit = run.config.class_names[wanted.class_id], "logit"
    film = model_input(run, picture)
    reached = answer_to(state.model(run), film, *wanted[1:4])
    how = f"{made.steps} steps, seed {made.seed}: {unit} {_number(made.after)}, {_number(made.before)} at its start"
    with st.container(horizontal=True):
        with st.container(width=SHOWN):
            st.image(stretched(made.pixels), width="stretch", alt=f"Picture that {of} answers to most strongly")
            st.markdown(f"Made for **{plain(of)}**, {how}. {STRETCHED}")
        with st.container(width=SHOWN):
            st.image(film, width="stretch", alt="The film, as the model takes it")
            st.markdown(f"This film, n = 1: {unit} {_number(reached)}")
    name = f"{run.name}-{''.join(letter if letter.isalnum() else '-' for letter in of)}-seed-{made.seed}.png"
    st.download_button("Picture as PNG", png(made.pixels), name, "image/png", icon=":material/download:", on_click="ignore")


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def stretched(pixels: np.ndarray) -> np.ndarray:
    """The greys between the darkest and the brightest hundredth of a picture over the whole range: uint8 of the same shape."""
    low, high = np.percentile(pixels, (1, 99))
    return np.rint(255 * np.clip((pixels - low) / max(high - low, 1.0), 0, 1)).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    """A picture as a file: uint8 of shape (height, width) or (height, width, 3)."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
