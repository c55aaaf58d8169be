"""A person's own files: kept for the session, so that a look at another page does not lose them, and told apart by name."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import streamlit as st

LARGEST = 64  # MB
SHOWN, CARRIED = "_own_files_shown", "_own_files_carried"
NAMED = 3


class OwnFile(NamedTuple):
    """A file's name, as its owner sees it, and its bytes."""

    name: str
    content: bytes


def own_files(key: str, title: str, help_text: str) -> list[OwnFile]:
    """An uploader, and the files that it held before its page was left.

    Streamlit empties an uploader whose page is left, so what it held is carried on by the session, with a button to forget it.

    Parameters
    ----------
    key : str
        Of the uploader.
    title, help_text : str

    Returns
    -------
    list of OwnFile
        Those of before first; each with a name of its own.
    """
    shown, carried = f"{SHOWN}_{key}", f"{CARRIED}_{key}"
    if key not in st.session_state:  # the page was opened, or opened again
        st.session_state[carried] = st.session_state.get(shown, [])
    uploaded = st.file_uploader(title, key=key, help=help_text, max_upload_size=LARGEST, accept_multiple_files=True)
    before = _carried(carried)
    st.session_state[shown] = [*before, *(OwnFile(file.name, file.getvalue()) for file in uploaded)]
    return told_apart(st.session_state[shown])


def told_apart(files: list[OwnFile]) -> list[OwnFile]:
    """The same files; of several with one name the second is called ``film.png (2)``, and so on."""
    counts: Counter[str] = Counter()
    found = []
    for file in files:
        counts[file.name] += 1
        number = counts[file.name]
        found.append(file if number == 1 else OwnFile(f"{file.name} ({number})", file.content))
    return found


def _carried(key: str) -> list[OwnFile]:
    """The files of before, in a line with a button to forget them."""
    files = st.session_state.get(key) or []
    if files:
        more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
        names = ", ".join(file.name for file in told_apart(files)[:NAMED]) + more
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"Still here: {names}", width="stretch")
            st.button("Forget", key=f"{key}_forget", icon=":material/close:", type="tertiary", on_click=_forget, args=(key,))
    return files


def _forget(key: str) -> None:
    st.session_state[key] = []
