"""What a person says of images, kept beside the data cache by the content of the data set, never in the data."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import InputError
from core.files import CACHE, cache_dir, replacing
from core.files.locks import locked

RIGHT, WRONG, UNUSABLE = "right", "wrong label", "unusable"
TAGS = (RIGHT, WRONG, UNUSABLE)
LONGEST = 500  # characters of a note
BUSY = "Another session is writing the review; try again."


@dataclass(frozen=True)
class Tag:
    """What was said of one image.

    Attributes
    ----------
    tag : str
        One of `TAGS`; empty for a note alone.
    note : str
        At most 500 characters in one line.
    at : str
        When, in UTC, as ISO 8601 writes it.
    """

    tag: str
    note: str
    at: str


def tag_of(tag: str, note: str = "") -> Tag | None:
    """A tag of now; None if it says nothing.

    Parameters
    ----------
    tag, note : str

    Returns
    -------
    Tag or None

    Raises
    ------
    InputError
        For an unknown one.
    """
    if tag and tag not in TAGS:
        raise InputError(f"A tag is {', '.join(TAGS)}; received {tag!r:.80}.")
    shown = "".join(" " if unicodedata.category(character)[0] == "C" else character for character in note)
    note = " ".join(shown.split())[:LONGEST]
    return Tag(tag, note, datetime.now(UTC).isoformat(timespec="seconds")) if tag or note else None


def read_tags(fingerprint: str) -> dict[str, Tag]:
    """What was said of the images of this content, by sample id.

    Parameters
    ----------
    fingerprint : str
        Of the content of the images.

    Returns
    -------
    dict of str to Tag

    Raises
    ------
    InputError
        If the file is broken; it is never written over then.
    """
    path = tags_path(fingerprint)
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))["tags"]
        return {str(sample_id): Tag(str(one["tag"]), str(one["note"]), str(one["at"])) for sample_id, one in content.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError(f"The review in {str(path)!r} cannot be read; move that file away to begin a new one.") from None


def put_tag(fingerprint: str, sample_id: str, tag: Tag | None) -> Tag | None:
    """Say something of an image, or take back what was said; gives what was said before.

    Sessions that write at once wait for each other, and each changes one image alone, so none loses what another said.

    Parameters
    ----------
    fingerprint : str
        Of the data set.
    sample_id : str
    tag : Tag or None

    Returns
    -------
    Tag or None

    Raises
    ------
    InputError
        If the file is broken or cannot be written.
    """
    return _change(fingerprint, sample_id, lambda before: tag)


def undo_tag(fingerprint: str, sample_id: str, said: Tag | None, before: Tag | None) -> bool:
    """Put back what was said before; not where another session has said something else since.

    Parameters
    ----------
    fingerprint : str
        Of the content of the images.
    sample_id : str
    said : Tag or None
        What was said, to be taken back.
    before : Tag or None
        What was said before it.

    Returns
    -------
    bool
        Whether it was put back.
    """
    found = _change(fingerprint, sample_id, lambda now: before if now == said else now)
    return found == said


def tags_path(fingerprint: str) -> Path:
    """The file of the review of this content."""
    return cache_dir("review") / f"{fingerprint}.json"


def _change(fingerprint: str, sample_id: str, to: Callable[[Tag | None], Tag | None]) -> Tag | None:
    """Change what is said of one image, nobody else writing; gives what was said before."""
    path = tags_path(fingerprint)
    with locked(path.with_suffix(".lock")) as mine:
        if not mine:
            raise InputError(BUSY)
        tags = read_tags(fingerprint)
        before = tags.pop(sample_id, None)
        if (now := to(before)) is not None:
            tags[sample_id] = now
        content = {"tags": {name: asdict(tags[name]) for name in sorted(tags)}}
        with replacing(path, CACHE) as temporary:
            temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return before
