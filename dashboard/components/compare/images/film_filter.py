"""Films of one group, or of a slice told by two facts, shown in the page's gallery: a click elsewhere narrows it, a button lets go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pandas as pd
import streamlit as st

from core.counted import counted
from core.errors import InputError
from core.metrics.panel import Panel
from core.metrics.statistics.intervals import UNDEFINED
from dashboard.components.compare.groups.known_facts import images_of, known
from dashboard.components.compare.tables.sortable_numbers import as_text, shown
from dashboard.components.compare.tables.table_selection import selection_key
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link
from dashboard.components.stacked_table import show_on_phones

CLASS, JUMP = "class", "_film_filter_jump"  # the second of this session: the page goes to the gallery when it is drawn next
ANY_ANSWER, MOST_CONFIDENT = "Any answer", "Most confident error"
HERE = Path(__file__)
_jump = st.components.v2.component("pneumolens_jump", js=HERE.with_suffix(".js").read_text("utf-8"), isolate_styles=False)
_rows = st.components.v2.component("pneumolens_rows", js=HERE.with_name("row_clicks.js").read_text("utf-8"), isolate_styles=False)


def address_of(parts: Sequence[tuple[str, int]], class_name: str = "") -> str:
    """``class=NORMAL&appearance=3``: what a link calls the films of these groups, counted from 1, by fact."""
    return urlencode([*([(CLASS, class_name)] if class_name else []), *((by, group + 1) for by, group in parts)])


def open_films(key: str, address: str) -> None:
    """Narrow the gallery whose keys begin with `key` to these films, whatever the runs say of them, and go there."""
    st.session_state[f"{key}_slice"] = [address] if address else []
    if address:
        st.session_state[f"{key}_kind"], st.session_state[f"{key}_among"] = ANY_ANSWER, "All images"
        st.session_state[f"{key}_order"] = MOST_CONFIDENT
        st.session_state[JUMP] = address


def opened(key: str) -> str:
    """The address of the films that are shown alone now; empty for all."""
    if f"{key}_slice" not in st.session_state:
        st.session_state[f"{key}_slice"] = [value for value in st.query_params.get_all(f"{key}_slice") if value][:1]
    return next(iter(st.session_state[f"{key}_slice"]), "")


def narrow(panel: Panel, key: str) -> np.ndarray | None:
    """Which films are shown, with a line that says so and a button that shows all again; None where nothing is narrowed.

    Returns
    -------
    ndarray of shape (n_samples,), bool, or None
    """
    address = opened(key)
    if address or f"{key}_slice" in st.query_params:
        keep_in_link(f"{key}_slice", st.session_state[f"{key}_slice"])
    if not address:
        return None
    found = films(panel, address)
    if found is None:
        st.warning("The link names films of a group that is not known here, so all films are shown.", icon=":material/link_off:")
        return None
    title, mask = found
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/filter_alt: Only {plain(title)}: {counted(int(mask.sum()), 'film')}.", width="content")
        st.button("Show all films", key=f"{key}_slice_clear", icon=":material/close:", type="tertiary", on_click=open_films, args=(key, ""))
    _jump(key=f"{key}_slice_jump", data={"to": st.session_state.pop(JUMP, "")})
    return mask


def films_table(table: pd.DataFrame, addresses: Sequence[str], target: str, key: str, alt: str, width: int = 330) -> None:
    """A table of which a click on a line shows its films in the gallery whose keys begin with `target`, and another click all again.

    A phone, which would show the grid's first column alone, has a list in its place.

    Parameters
    ----------
    table : DataFrame
        Its first column says which films a line is about.
    addresses : sequence of str
        Of `address_of`, one a line.
    target, key, alt : str
    width : int
        Of the first column, pixels.
    """
    rows = [place for place, address in enumerate(addresses) if address == opened(target)]
    table_key = selection_key(f"{key}_selection", "rows", rows)

    def follow() -> None:
        picked = st.session_state[table_key]["selection"]["rows"]
        if picked != rows:  # the browser repeats what it was given
            open_films(target, addresses[picked[0]] if picked else "")

    def press() -> None:
        place = int(st.session_state[f"{key}_rows"]["pressed"])
        if 0 <= place < len(addresses):
            open_films(target, "" if place in rows else addresses[place])

    with st.container(key=f"{key}_table"):
        st.dataframe(
            shown(table), hide_index=True, key=table_key, selection_mode="single-row", on_select=follow, placeholder=UNDEFINED,
            selection_default={"selection": {"rows": rows}}, alt=alt,
            column_config={table.columns[0]: st.column_config.TextColumn(width=width)},
        )  # fmt: skip
        show_on_phones(as_text(table), alt, rows)
        _rows(key=f"{key}_rows", data={"within": f".st-key-{key}_table"}, on_pressed_change=press)


def films(panel: Panel, address: str) -> tuple[str, np.ndarray] | None:
    """What the films of an address are called, and which they are; None if a fact, a group or a class is not known here."""
    dataset, titles = images_of(panel.sample_ids), []
    mask = np.ones(panel.n_samples, dtype=bool)
    for name, value in parse_qsl(address):
        if name == CLASS:
            if value not in panel.class_names:
                return None
            mask &= panel.y_true == panel.class_names.index(value)
            titles.append(f"{value.lower()} films")
            continue
        try:
            one = known(dataset, name) if dataset else None
        except InputError:
            return None
        places = {str(place): code for code, place in enumerate(range(1, len(one.names) + 1))} if one else {}
        if value not in places:
            return None
        mask &= one.codes(panel.sample_ids) == places[value]
        titles.append(part_title(one.title, one.names[places[value]]))
    return ", ".join(titles), mask


def part_title(title: str, name: str) -> str:
    """``Brightness: up to 109``; a group by appearance by its name alone."""
    return name if title == "Appearance" else f"{title.split(' (')[0]}: {name}"
