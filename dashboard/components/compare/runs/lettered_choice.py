"""A choice whose options name runs by their letters: chips on the page, plain letters in the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.chips import letters_as_chips, with_chips
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link, preset


def choose_lettered(
    label: str,
    options: Sequence[str],
    key: str,
    default: str,
    colours: Mapping[str, str],
    shown: Mapping[str, str] | None = None,
    help: str | None = None,
) -> str:
    """One of some options such as ``A wrong, B right``; the link holds it as it is written here.

    A widget bound to the link would write what is shown, colours and all.

    Parameters
    ----------
    label : str
    options : sequence of str
    key : str
        Of the widget, and what the link calls it.
    default : str
        Chosen where the link says nothing, and left out of it.
    colours : mapping of str to str
        By the label of each run, as `chips.colours_of` gives them.
    shown : mapping of str to str, optional
        The label of a run for its letter; a link may hold it too.
    help : str, optional
    """
    texts = {option: letters_as_chips(option, colours) for option in options} | {
        option: with_chips(plain(text), colours) for option, text in (shown or {}).items()
    }
    preset(key, options, default, {plain(text): option for option, text in (shown or {}).items()})
    chosen = st.segmented_control(label, options, key=key, required=True, wrap=True, format_func=texts.get, help=help)
    keep_in_link(key, [chosen], [default])
    return chosen
