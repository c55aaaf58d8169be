"""A person's own files: kept for the session, so that a look at another page does not lose them, and told apart by name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from dashboard import uploads
from dashboard.components.inspect.film.picture import digest_of

MB = 2**20
ROOM = uploads.ROOM // MB  # of all files of a session
PREFIX = "own-"  # begins the key of each file, which stands in the link and tells nothing of it
NAMED = 3


class OwnFile(NamedTuple):
    """A file: its key, its name as its owner sees it, its bytes and their digest."""

    key: str
    name: str
    content: bytes
    digest: str = ""


@dataclass
class Kept:
    """What a session holds of one uploader.

    Attributes
    ----------
    files : dict of str to OwnFile
        By key, oldest first.
    live : set of str
        Keys of those that the uploader itself holds; the others are of an earlier visit to the page.
    forgotten : set of str
        Keys that the uploader may still hold and that are no longer wanted.
    dropped : list of str
        Names of those that had to go for want of room, at the last upload.
    """

    files: dict[str, OwnFile] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    dropped: list[str] = field(default_factory=list)


def own_files(key: str, title: str, help_text: str) -> tuple[list[OwnFile], list[OwnFile]]:
    """An uploader, and all files that this session holds.

    Streamlit empties an uploader whose page is left, so what it held is carried on by the session, up to `ROOM`; beyond, the oldest go.

    Parameters
    ----------
    key : str
        Of the uploader.
    title, help_text : str

    Returns
    -------
    files : list of OwnFile
        Oldest first; each with a name of its own.
    fresh : list of OwnFile
        Those of them that arrived just now.
    """
    kept = st.session_state.setdefault(_place(key), Kept())
    if key not in st.session_state:  # the page was opened, or opened again
        kept.live = set()
    uploaded = st.file_uploader(title, key=key, help=help_text, accept_multiple_files=True)
    held = {f"{PREFIX}{file.file_id[-12:]}": file for file in uploaded}
    fresh = _take(kept, {name: file for name, file in held.items() if name not in kept.forgotten})
    if kept.dropped:
        more = f" and {len(kept.dropped) - NAMED} more" if len(kept.dropped) > NAMED else ""
        st.text(f"Forgotten, as all your files together may take {ROOM} MB: {', '.join(kept.dropped[:NAMED])}{more}")
    files = told_apart(list(kept.files.values()))
    return files, [file for file in files if file.key in fresh]


def forget(key: str, *files: str) -> None:
    """Let files of an uploader go, by their keys; all of them if none is named."""
    kept = st.session_state.setdefault(_place(key), Kept())
    for name in files or list(kept.files):
        kept.forgotten.add(name)
        kept.files.pop(name, None)
    kept.dropped = []


def told_apart(files: list[OwnFile]) -> list[OwnFile]:
    """The same files; of several with one name the second is called ``film.png (2)``, and so on."""
    counts: Counter[str] = Counter()
    found = []
    for file in files:
        counts[file.name] += 1
        number = counts[file.name]
        found.append(file if number == 1 else file._replace(name=f"{file.name} ({number})"))
    return found


def _take(kept: Kept, held: dict) -> set[str]:
    """Bring what is kept up to date with the files that the uploader holds; the keys of what is new."""
    for gone in kept.live - held.keys():
        kept.files.pop(gone, None)
    fresh = held.keys() - kept.files.keys()
    for key, file in held.items():
        if key in fresh:
            content = file.getvalue()
            kept.files[key] = OwnFile(key, file.name, content, digest_of(content))
    kept.live = set(held)
    if fresh:
        kept.dropped = _make_room(kept, fresh)
    return fresh & set(kept.files)


def _make_room(kept: Kept, fresh: set[str]) -> list[str]:
    """Drop the oldest until the rest fits; of a single upload that is too large by itself, its first files."""
    dropped, used = [], sum(len(file.content) for file in kept.files.values())
    for key, file in sorted(kept.files.items(), key=lambda item: item[0] in fresh):
        if used <= ROOM * MB:
            break
        used -= len(file.content)
        dropped.append(file.name)
        kept.forgotten.add(key)
        del kept.files[key]
    return dropped


def _place(key: str) -> str:
    return f"_own_files_{key}"
