"""What a link says of a page's widgets: their values live in the query string."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

LINKED = "kept_in_link"  # of this session: the keys of widgets that are not bound to the link, but kept in it
GIVEN = "given_first_values"  # of this session: the keys of bound widgets to which the page gives a first value of its own
UNCHOSEN = "first_values_given"  # of this session: by key, all values that a page has given, which nobody chose
TEXTS, PAGE = "texts_in_link", "page_of_texts"  # of this session: values of the link by key that no widget holds, and on which page


def whole_link() -> dict[str, list[str]]:
    """All that the link says, by key."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def preset(
    key: str, options: Collection[str], default: str | list[str], aliases: Mapping[str, str] | None = None, follows: bool = True
) -> None:
    """Give a bound widget its first value: the link's own if it is an option, else `default`.

    A default may be another one later, such as the first class of the images that a filter leaves: a value that nobody chose follows it,
    for that is what the link, which says nothing, opens.

    A bound widget leaves its own default out of the link: a list to choose from needs the place of `default` among the options as its own
    (``index``), or a choice of the first option would be missing in the link. Chosen runs must be in it, because the newest runs of today
    are not those of tomorrow: a default that is a list is written into the link, and the widget must have none of its own.

    Parameters
    ----------
    key : str
    options : collection of str
    default : str or list of str
        A list for widgets of several values.
    aliases : mapping of str to str, optional
        Other names of options that a link may use, such as ``grad_cam`` for Grad-CAM.
    follows : bool
        False where what is looked at is not to change by itself, such as the run of a picture when a better one is finished, and where
        the default is what was chosen last.
    """
    several = isinstance(default, list)
    gives_first(key)
    if key in st.session_state:
        _drop_stale(key, options, default)
        if follows and not several:
            _follow(key, default)
        return
    linked = st.query_params.get_all(key)
    meant = [(aliases or {}).get(value, value) for value in linked]
    known = [value for value in meant if value in options]
    emptied = several and linked == [""]
    value = ([] if emptied else known or default) if several else [*known, default][0]
    st.session_state[key] = value
    if not several and not known:
        st.session_state.setdefault(UNCHOSEN, {})[key] = {value}
    if linked != (value if several else [value]) and (several or known):
        with suppress(StreamlitAPIException):  # a widget that went back within its page is bound already, and writes its value itself
            st.query_params[key] = value
    if known and meant != linked:
        st.rerun()  # a widget reads the link as it was when the run began, and would drop the alias from it


def gives_first(key: str) -> None:
    """Say that the page gives a bound widget its first value, be it another than the widget's own default; Back asks for it again."""
    st.session_state.setdefault(GIVEN, set()).add(key)


def keep_in_link(key: str, values: list[str], default: list[str] | None = None) -> None:
    """Write what a choice holds into the link, where the widget itself would write what is shown of it.

    A choice of runs shows their names, which may change; the link keeps their ids. Back and Forward treat it as a bound widget. What is
    the `default` is left out of the link.
    """
    st.session_state.setdefault(LINKED, set()).add(key)
    if values == default:
        st.query_params.pop(key, None)
    elif st.query_params.get_all(key) != (values or [""]):
        st.query_params[key] = values or [""]


def linked_text(key: str) -> str:
    """What the link says under a key that no widget is bound to; empty if nothing.

    The session holds it, until Back, Forward or another page: a click that set out before the browser had learnt of a new value brings
    the link as it was, and would take the value away. The link is then put right.
    """
    text = st.session_state.setdefault(TEXTS, {}).setdefault(key, st.query_params.get(key, ""))
    if st.query_params.get(key, "") != text:
        set_linked_text(key, text)
    return text


def set_linked_text(key: str, text: str) -> None:
    """Write such a value into the link; an empty one takes it out."""
    st.session_state.setdefault(TEXTS, {})[key] = text
    if text:
        st.query_params[key] = text
    else:
        st.query_params.pop(key, None)


def forget_texts_of_another_page(page: str) -> None:
    """On a page come to from another one, the link alone says what it holds."""
    if st.session_state.get(PAGE, page) != page:
        st.session_state.pop(TEXTS, None)
    st.session_state[PAGE] = page


def unknown_values(key: str, options: Collection[str]) -> list[str]:
    """What a link asks for under `key` that is not an option."""
    return [value for value in st.query_params.get_all(key) if value and value not in options]


def _drop_stale(key: str, options: Collection[str], default: str | list[str]) -> None:
    """Options come and go with runs and images: a value that is no longer one gives way."""
    value = st.session_state[key]
    if isinstance(value, list):
        if any(item not in options for item in value):
            st.session_state[key] = [item for item in value if item in options]
    elif value not in options:
        st.session_state[key] = default


def _follow(key: str, default: str | list[str]) -> None:
    """A value that nobody chose, and that the link does not say, gives way to what is the default now.

    Of two quick clicks the second brings the value of before the first: so all that were given count, not the last alone.
    """
    given = st.session_state.setdefault(UNCHOSEN, {}).setdefault(key, set())
    if key not in st.query_params and st.session_state[key] in given:
        st.session_state[key] = default
    if st.session_state[key] == default:
        given.add(default)
