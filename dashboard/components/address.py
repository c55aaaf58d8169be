"""What a link says of a page's widgets: their values live in the query string."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import streamlit as st


def preset(key: str, options: Collection, default: object, aliases: Mapping[str, object] | None = None) -> None:
    """Give a widget bound to the query string its first value: the link's if that is an option, else `default`.

    A bound widget leaves its own default out of the link. A default that changes as runs come and go would then show
    another reader something else, so widgets get their first value here and have no default of their own.

    Parameters
    ----------
    key : str
    options : collection
    default : object
        A list for widgets of several values.
    aliases : mapping of str to object, optional
        Other names of options that a link may use, such as ``grad_cam`` for Grad-CAM.
    """
    several = isinstance(default, list)
    values = st.session_state.get(key)
    if values is None:
        linked = [(aliases or {}).get(value, value) for value in st.query_params.get_all(key)]
        values = linked if several else linked[-1:]
    elif not several:
        values = [values]
    known = [value for value in values if value in options]
    cleared = several and key in st.session_state and not values
    first = known or ([] if cleared else default if several else [default])
    st.session_state[key] = first if several else first[0]


def unknown_values(key: str, options: Collection) -> Sequence[str]:
    """What a link asks for under `key` that is not an option."""
    return [value for value in st.query_params.get_all(key) if value and value not in options]
