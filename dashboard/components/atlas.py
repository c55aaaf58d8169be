"""Where the runs look on average, side by side; made on request where a run has no mean maps yet."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import InputError
from core.groups.scored import group_numbers
from core.inference.atlas_file import Part, group_number, open_atlas, outcomes, save_atlas
from core.parallel import Progress
from core.runs.run import Run
from dashboard import state
from dashboard.components.chips import with_chips
from dashboard.components.formats import duration
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.figures.atlas import atlas_figure
from dashboard.shared_mode import may_train
from dashboard.turns import giving_way, turn

SPLITS = {"Test": "test", "Validation": "val"}
METHOD = "grad_cam"
UNLIKE = 0.3  # rank correlation below which a map is called unlike its usual
ALIGNED = (
    "Each map is by Grad-CAM for the class that the run called and has a maximum of 1. Films are aligned by the model's own input alone, "
    "not by their anatomy, so a mean is as sharp as the patients are alike in their framing. Intervals: 95 % over films."
)


def show_atlas(runs: Mapping[str, Run], colours: Mapping[str, str], key: str) -> None:
    """A section that is computed once it is opened."""
    box = st.expander("Where do they look on average?", key=f"{key}_atlas", on_change="rerun", bind="query-params")
    if not box.open:
        return
    with box:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            preset(f"{key}_atlas_split", SPLITS, "Test")
            split = SPLITS[st.segmented_control("Films", SPLITS, key=f"{key}_atlas_split", required=True, bind="query-params")]
            place = st.container(width="content")
        found = _kept(runs, split)
        if missing := {label: run for label, run in runs.items() if label not in found}:
            _offer(missing, split, colours, key)
        if found:
            _show(found, runs, colours, place, key)


def _kept(runs: Mapping[str, Run], split: str) -> dict[str, dict[str, Part]]:
    """The atlases by label; a broken one is named and left out."""
    found = {}
    for label, run in runs.items():
        try:
            if atlas := open_atlas(run, split, METHOD):
                found[label] = atlas
        except InputError as error:
            st.warning(plain(error))
    return found


def _show(found, runs, colours, place, key) -> None:
    titles = _titles(found, runs)
    preset(f"{key}_atlas_outcome", titles, next(iter(titles)))
    with place:
        title = st.selectbox("Of them", list(titles), key=f"{key}_atlas_outcome", bind="query-params", width=300)
    parts = {label: atlas[titles[title]] for label, atlas in found.items() if titles[title] in atlas}
    for label, part in parts.items():
        if not part.n:
            st.caption(with_chips(f"{plain(label)}: {why_no_mean(part)}", colours))
    if means := {label: part.mean for label, part in parts.items() if part.n}:
        alt = f"Mean map of {', '.join(means)}, {title}; the shares are in the table below"
        st.plotly_chart(atlas_figure(means), key=f"{key}_atlas_figure", config={"displayModeBar": False}, alt=alt)
    beside = {one: name for one, name in titles.items() if group_number(name)} if group_number(titles[title]) else {title: titles[title]}
    rows = [(label, one, atlas[name]) for one, name in beside.items() for label, atlas in found.items() if name in atlas]
    st.dataframe(shares_table(rows), hide_index=True)
    st.caption(ALIGNED)


def why_no_mean(part: Part) -> str:
    """What is said instead of the mean of no map, which would be painted as a flat square."""
    if not part.n_empty:
        return "no film is of this kind, so there is no mean map."
    films = f"{part.n_empty:,} film" + "s" * (part.n_empty > 1)
    return f"the map is empty on each of the {films} of this kind, as nothing in them speaks for the class called, so there is no mean map."


def _titles(found: Mapping[str, Mapping[str, Part]], runs: Mapping[str, Run]) -> dict[str, str]:
    """What can be looked at, by what it is called: the outcomes, then the groups."""
    titles = {title: name for label in found for name, title in outcomes(runs[label].config.class_names).items()}
    groups = sorted({name for atlas in found.values() for name in atlas if group_number(name)}, key=group_number)
    return titles | {f"Group {group_number(name)} by appearance": name for name in groups}


def shares_table(rows: Sequence[tuple[str, str, Part]]) -> pd.DataFrame:
    """Films and shares of the maps in percent, a line a run and part: its label, what the part is called, and the part."""
    return pd.DataFrame(
        {
            "Run": label,
            "Films": title,
            "n": f"{part.n:,} films" + (f", {part.n_empty:,} with an empty map" if part.n_empty else ""),
            "Outside the body": _percent(part.outside_body),
            "In the corners": _percent(part.corners),
        }
        for label, title, part in rows
    )


def _percent(share: Sequence[float]) -> str:
    value, low, high = (100 * part for part in share)
    return "no film" if np.isnan(value) else f"{value:.1f} % ({low:.1f}–{high:.1f})"


def _offer(missing: Mapping[str, Run], split: str, colours: Mapping[str, str], key: str) -> None:
    """What to do about runs without an atlas: the command, and a button where the images and the model are here."""
    able = {label: run for label, run in missing.items() if run.model_path.exists() and not run.config.members}
    for label in missing:
        if label not in able:
            st.caption(with_chips(f"{plain(label)} has no model file of its own, so it has no map.", colours))
    if not able:
        return
    st.info(with_chips(f"No mean maps of these films yet: {plain(', '.join(able))}.", colours), icon=":material/filter_center_focus:")
    st.code("\n".join(f"python -m core atlas {run.name} --split {split} --data DATA" for run in able.values()), language="sh")
    dataset = state.dataset()
    if not dataset.has_pixels or not may_train():
        st.caption("Choose a data set with images on the Data page to make them here." if may_train() else "")
    elif st.button("Make them here (up to a minute for each run)", key=f"{key}_atlas_make"):
        st.button("Cancel", key=f"{key}_atlas_cancel", icon=":material/close:")  # a click ends this run of the page at its next progress
        for run in able.values():
            _make(run, split)
        st.rerun()


def _make(run: Run, split: str) -> None:
    from core.inference.atlas import build_atlas  # TensorFlow, which no other part of Compare loads

    dataset = state.dataset()
    name, bar = plain(state.name_of(run)), st.progress(0.0, text=f"{plain(state.name_of(run))}: opening the model …")

    def progress(what: str) -> Progress:
        began: list[float] = []

        def show(done: int, total: int) -> None:
            began.append(time.monotonic())
            if done % 16 == 0 or done == total:
                left = (began[-1] - began[0]) / max(len(began) - 1, 1) * (total - done)
                bar.progress(done / total, text=f"{name}: {done:,} of {total:,} {what}, about {duration(left)} left")

        return giving_way(show)

    try:
        with turn("mean maps", bar):
            groups = group_numbers(dataset)
            made = build_atlas(run, state.model(run), dataset, split, METHOD, progress("films"), groups, progress("images decoded"))
        save_atlas(run, made, split, METHOD)
    except (InputError, OSError) as error:
        st.error(plain(error))
        st.stop()
    finally:
        bar.empty()


def usual_sentence(run: Run, heatmap: np.ndarray, method: str, class_name: str) -> str:
    """How far one film's map is like the run's mean over films that it rightly called the same; empty without such a mean."""
    from core.saliency.checks import similarity

    if method != METHOD:
        return ""
    found = {films: (open_atlas(run, split, METHOD) or {}).get(f"true_{class_name.lower()}") for films, split in SPLITS.items()}
    films, part = next(((films, part) for films, part in found.items() if part and part.n), ("", None))
    if part is None:
        return ""
    value = similarity(heatmap, part.mean)
    how = "unlike its usual" if value < UNLIKE else "like its usual"
    return f"{how}: rank correlation {value:.2f} with its mean over {part.n:,} {films.lower()} films rightly called {class_name}."
