"""Where the runs look on average, side by side; made on request where a run has no mean maps yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import InputError
from core.inference.atlas_file import EVEN_CORNERS, Part, atlas_path, group_number, open_atlas, outcomes
from core.metrics.subgroups.by_group import FEWEST
from core.runs.identity.letters import letter_of
from core.runs.run import Run
from dashboard.components.chips import with_chips
from dashboard.components.compare.maps.group_names import group_names
from dashboard.components.compare.maps.making import offer_making
from dashboard.components.compare.maps.other_runs import offer_others
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.figures.atlas import atlas_figure

SPLITS = {"Test": "test", "Validation": "val"}
BY_APPEARANCE = " by appearance"
NAMED = " · "  # before the name that a user gave to a group
ALIGNED = (
    "Each map is by Grad-CAM for the class that the run called at its own threshold, and has a maximum of 1. Films are aligned by the "
    "model's own input alone, not by their anatomy, so a mean is as sharp as the patients are alike in their framing. The four corners are "
    f"a quarter of the side each: a map spread evenly has {100 * EVEN_CORNERS:.0f} % in them. Intervals: 95 % over films."
)

OUTLINES = (
    "The lines on a map follow equal grey levels of the mean of these films: the edges of body, lungs and spine. Dotted squares: the "
    "corners."
)
NO_OUTLINES = f"No lines on a mean of fewer than {FEWEST} films: they would be nearly those of one patient's picture."
DIFFERENT = "The films of these runs were grouped by appearance in different ways, so no group is shown: make the maps of one again."
UNSURE = (
    "Some of these maps are of an older version, which did not keep which film was in which group: the groups are as many, but may hold "
    "other films. Make the maps again to be sure."
)
NARROW = {"Run": st.column_config.TextColumn(width=55, pinned=True)}


def show_mean_maps(runs: Mapping[str, Run], colours: Mapping[str, str], key: str) -> None:
    """A section that is computed once it is opened.

    Parameters
    ----------
    runs : mapping of str to Run
        By label.
    colours : mapping of str to str
    key : str
        Begins the keys of the widgets here, and is that of the page's choice of runs, ``<key>_runs``.
    """
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
            offer_making(missing, split, colours, key)
        if found:
            _show(alike_in_groups(found), runs, colours, place, key)
        else:
            offer_others(list(runs.values()), lambda run: atlas_path(run, split).exists(), "atlas", key)


def _kept(runs: Mapping[str, Run], split: str) -> dict[str, dict[str, Part]]:
    """The atlases by label; one that cannot be used is named and left out."""
    found = {}
    for label, run in runs.items():
        try:
            if atlas := open_atlas(run, split):
                found[label] = atlas
        except InputError as error:
            st.warning(plain(error))
    return found


def alike_in_groups(found: dict[str, dict[str, Part]]) -> dict[str, dict[str, Part]]:
    """The same; without the groups, and a line that says so, where the images of two runs were divided into different ones.

    Of older atlases the division is not kept: then their numbers of groups are compared, and a line says how little that shows.
    """
    numbers = [groups for atlas in found.values() if (groups := frozenset(filter(group_number, atlas)))]
    divisions = {part.division for atlas in found.values() for name, part in atlas.items() if group_number(name)}
    if len(divisions - {""}) > 1 or ("" in divisions and len(set(numbers)) > 1):
        st.caption(DIFFERENT)
        return {label: {name: part for name, part in atlas.items() if not group_number(name)} for label, atlas in found.items()}
    if "" in divisions and len(numbers) > 1:
        st.caption(UNSURE)
    return found


def _show(found, runs, colours, place, key) -> None:
    titles = _titles(found, runs)
    chosen = f"{key}_atlas_outcome"
    preset(chosen, titles, next(iter(titles)), _as_linked(titles, st.query_params.get(chosen, "")))
    with place:
        title = st.selectbox("Of them", list(titles), key=chosen, bind="query-params", width=300)
    parts = {label: atlas[titles[title]] for label, atlas in found.items() if titles[title] in atlas}
    for label, part in parts.items():
        if not part.n:
            st.caption(with_chips(f"{plain(label)}: {why_no_mean(part)}", colours))
    if shown := {label: part for label, part in parts.items() if part.n}:
        alt = f"Mean map of {', '.join(shown)}, {title}; the shares are in the table below"
        figure = atlas_figure({label: part.mean for label, part in shown.items()}, [part.film for part in shown.values()])
        st.plotly_chart(figure, key=f"{key}_atlas_figure", config={"displayModeBar": False}, alt=alt)
    groups = {one: name for one, name in titles.items() if group_number(name)} if group_number(titles[title]) else {}
    beside = {title: titles[title]} | groups  # the chosen one first
    rows = [(label, one, atlas[name]) for one, name in beside.items() for label, atlas in found.items() if name in atlas]
    st.dataframe(shares_table(rows), hide_index=True, column_config=NARROW | ({} if groups else {"Films": None}))
    st.caption(" ".join([ALIGNED, *_on_lines(list(shown.values()))]))


def _on_lines(drawn: Sequence[Part]) -> list[str]:
    """What the lines are, where a map has some, and why another has none."""
    few = any(part.film is None and part.n + part.n_empty < FEWEST for part in drawn)
    return [OUTLINES] * any(part.film is not None for part in drawn) + [NO_OUTLINES] * few


def _as_linked(titles: Collection[str], linked: str) -> dict[str, str]:
    """What a link means that was made where the group had no name, or another one."""
    meant = [title for title in titles if title.partition(NAMED)[0] == linked.partition(NAMED)[0]]
    return dict(zip([linked], meant, strict=False))


def why_no_mean(part: Part) -> str:
    """What is said instead of the mean of no map, which would be painted as a flat square."""
    if not part.n_empty:
        return "no film is of this kind, so there is no mean map."
    films = f"{part.n_empty:,} film" + "s" * (part.n_empty > 1)
    return f"the map is empty on each of the {films} of this kind, as nothing in them speaks for the class called, so there is no mean map."


def _titles(found: Mapping[str, Mapping[str, Part]], runs: Mapping[str, Run]) -> dict[str, str]:
    """What can be looked at, by what it is called: the outcomes, then the groups, with the names that a user gave them."""
    titles = {title: name for label in found for name, title in outcomes(runs[label].config.class_names).items()}
    groups = sorted({group_number(name): name for atlas in found.values() for name in atlas if group_number(name)}.items())
    names = group_names([runs[label] for label in found]) if groups else {}
    called = {number: f"{NAMED}{names[number]}" if number in names else "" for number, _ in groups}
    return titles | {f"Group {number}{BY_APPEARANCE}{called[number]}": name for number, name in groups}


def shares_table(rows: Sequence[tuple[str, str, Part]]) -> pd.DataFrame:
    """Films and shares of the maps in percent, a line a run and part: its label, what the part is called, and the part.

    Runs go by their letters, and the shares come before the counts: so they fit on a phone.
    """
    return pd.DataFrame(
        {
            "Run": f"[{letter}]" if (letter := letter_of(label)) else label,
            "Films": title.replace(BY_APPEARANCE, ""),
            "Outside the body": _percent(part.outside_body),
            "In the corners": _percent(part.corners),
            "n": f"{part.n:,} films" + (f", {part.n_empty:,} with an empty map" if part.n_empty else ""),
        }
        for label, title, part in rows
    )


def _percent(share: Sequence[float]) -> str:
    value, low, high = (100 * part for part in share)
    return "no film" if np.isnan(value) else f"{value:.1f} % ({low:.1f}–{high:.1f})"
