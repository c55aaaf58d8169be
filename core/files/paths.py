"""A path as a person types or pastes it: blanks and quotes around it, a ``file://`` address and ``~`` are understood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from core.errors import InputError

QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "<": ">"}
UNSEEN = "\ufeff\u200b\u200e\u200f\u202a\u202c"  # what file managers and web pages copy along


def typed_path(text: str | Path) -> Path:
    """The path that a person means.

    Parameters
    ----------
    text : str or Path
        As it was typed, pasted or set in the environment. A file that really has such a name is taken as it is.

    Returns
    -------
    Path
        Without blanks and quotes around it, from a ``file://`` address, ``~`` replaced by the home folder.

    Raises
    ------
    InputError
        If the text holds no path, or a null character, which no path can.
    """
    given = str(text)
    if "\0" in given:
        raise InputError(f"A path cannot hold a null character; received {given!r:.80}.")
    bare = next((text for text in _peeled(given) if _exists(text)), None)
    if bare is not None:
        return Path(bare)
    *_, bare = _peeled(given)
    meant = _from_address(bare)
    if not meant:
        raise InputError(f"There is no path in {given!r}; name a file or a folder.")
    return _home(Path(meant))


def _peeled(text: str) -> Iterator[str]:
    """The text itself, then without blanks and unseen characters around it, without a pair of quotes, and so on."""
    yield text
    while (inner := text.strip().strip(UNSEEN)) != text or (len(text) > 1 and text[-1] in QUOTES.get(text[0], "")):
        text = inner if inner != text else text[1:-1]
        yield text


def _from_address(text: str) -> str:
    """``/a b`` from ``file:///a%20b``, also after `Path` made one slash of several; other text as it is."""
    if not text.lower().startswith("file:/"):
        return text
    parts = urlsplit("file:" + text[len("file:") :] if text[len("file:") :].startswith("//") else "file://" + text[len("file:") :])
    return url2pathname(parts.path) if parts.netloc in ("", "localhost") else unquote("//" + parts.netloc + parts.path)


def _home(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # an unknown ~user
        return path


def _exists(text: str) -> bool:
    try:
        return bool(text.strip(". ")) and Path(text).exists()
    except OSError:  # a name too long, a locked parent
        return False
