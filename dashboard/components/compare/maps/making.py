"""Make the mean maps of runs that have none: the command, and a button where the images and the model are here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import InputError
from core.groups.scored import group_numbers
from core.inference.atlas_file import METHOD, save_atlas
from core.parallel import Progress
from core.runs.run import Run
from dashboard import state
from dashboard.components.chips import with_chips
from dashboard.components.formats import duration
from dashboard.components.markdown import plain
from dashboard.shared_mode import may_train
from dashboard.turns import giving_way, turn

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

AVERAGES = "averages the answers of its members, so it has no map of its own."
NO_MODEL = "has no model file here, so it has no map."


def offer_making(missing: Mapping[str, Run], split: str, colours: Mapping[str, str], key: str) -> None:
    """What to do about runs without mean maps; of a run that can have none, why.

    Parameters
    ----------
    missing : mapping of str to Run
        By label.
    split : {"val", "test"}
    colours : mapping of str to str
    key : str
        Begins the keys of the widgets here.
    """
    able = {label: run for label, run in missing.items() if not why_no_map(run)}
    for label in missing:
        if label not in able:
            st.caption(with_chips(f"{plain(label)} {why_no_map(missing[label])}", colours))
    if not able:
        return
    st.info(with_chips(f"No mean maps of these films yet: {plain(', '.join(able))}.", colours), icon=":material/filter_center_focus:")
    st.code("\n".join(f"python -m core atlas {run.name} --split {split} --data DATA" for run in able.values()), language="sh")
    dataset = state.dataset()
    if not dataset.has_pixels or not may_train():
        st.caption("Choose a data set with images on the Data page to make them here." if may_train() else "")
    elif st.button("Make them here (up to a minute for each run)", key=f"{key}_atlas_make"):
        st.button("Cancel", key=f"{key}_atlas_cancel", icon=":material/close:")  # a click ends this run of the page at its next progress
        made = [_make(run, split) for run in able.values()]  # one that cannot be made keeps none of the others from it
        if all(made):
            st.rerun()


def why_no_map(run: Run) -> str:
    """What follows the name of a run that can have no maps here; empty for one that can."""
    return AVERAGES if run.config.members else "" if run.model_path.exists() else NO_MODEL


def _make(run: Run, split: str) -> bool:
    """Whether a run has its mean maps now; if not, why is said."""
    from core.inference.atlas import build_atlas  # TensorFlow, which no other part of Compare loads

    dataset, name = state.dataset(), plain(state.name_of(run))
    bar = st.progress(0.0, text=f"{name}: opening the model …")
    films, decoding = (_progress(bar, name, what) for what in ("films", "images decoded"))
    try:
        with turn("mean maps", bar):
            made = build_atlas(run, state.model(run), dataset, split, METHOD, films, group_numbers(dataset), decoding)
        save_atlas(run, made, split, METHOD)
    except (InputError, OSError) as error:
        st.error(f"{name}: {plain(error)}")
        return False
    finally:
        bar.empty()
    return True


def _progress(bar: DeltaGenerator, name: str, what: str) -> Progress:
    """Tells how many of a run's films are done, and how long the rest takes."""
    began: list[float] = []

    def show(done: int, total: int) -> None:
        began.append(time.monotonic())
        if done % 16 == 0 or done == total:
            left = (began[-1] - began[0]) / max(len(began) - 1, 1) * (total - done)
            bar.progress(done / total, text=f"{name}: {done:,} of {total:,} {what}, about {duration(left)} left")

    return giving_way(show)
