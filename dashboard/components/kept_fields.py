"""What was typed into a page's fields, kept while a person looks at other pages: Streamlit forgets a widget that it does not draw."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

Value = TypeVar("Value")
FIELDS, LINKED_FIELDS = "kept_fields", "kept_linked_fields"  # of this session, by key; the second of widgets bound to the link


def kept(key: str, default: Value) -> Value:
    """What a field held last in this session, to be given as its first value; else `default`."""
    return st.session_state.get(FIELDS, {}).get(key, default)


def keep(key: str, value: Value) -> Value:
    """Remember what a field holds. Returns `value`."""
    st.session_state.setdefault(FIELDS, {})[key] = value
    return value


def clear(*keys: str) -> None:
    """Empty text fields; to be called before they are drawn. The browser is told, which would keep what it shows otherwise."""
    for key in keys:
        st.session_state[key] = keep(key, "")


def kept_choice(key: str, options: list[Value], default: Value) -> Value:
    """The same of a widget bound to the link, whose first value `preset` gives: what it held last, if it is still an option."""
    value = st.session_state.get(LINKED_FIELDS, {}).get(key, default)
    return value if value in options else default


def keep_choice(key: str, value: Value) -> Value:
    """Remember what a bound widget holds, until Back or Forward, after which the link alone decides. Returns `value`."""
    st.session_state.setdefault(LINKED_FIELDS, {})[key] = value
    return value
