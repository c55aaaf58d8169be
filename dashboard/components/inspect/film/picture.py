"""A picture to inspect: its bytes, where it came from, and what is known of it."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from PIL import Image

from core.images import Header, gate
from core.images.gate import Film

UPLOAD, SAMPLE, PHANTOM = "your image", "sample", "synthetic radiograph"
MODES = {"L": "grey", "1": "black and white", "I;16": "grey of 16 bits", "I": "grey of 32 bits", "F": "grey of fractions"}


@dataclass(frozen=True)
class Picture:
    """An image file and where it came from.

    Attributes
    ----------
    content : bytes
    digest : str
        BLAKE2b of the content, 16 hexadecimal digits: what downloads are named after.
    source : str
        `UPLOAD`, `SAMPLE` or `PHANTOM`.
    sample_id : str or None
    truth : str or None
        The class, where a sample's name tells it.
    name : str
        The file's own name, shown to its owner and written nowhere else.
    key : str
        What the chooser and the link call it.
    opacity : bytes or None
        A PNG of the true opacity, where it is known.
    original : bytes or None
        The file as it came, where this is a turned or inverted copy of it.
    """

    content: bytes
    digest: str
    source: str
    sample_id: str | None = None
    truth: str | None = None
    name: str = ""
    key: str = ""
    opacity: bytes | None = None
    original: bytes | None = None

    @classmethod
    def of(cls, content: bytes, source: str, **known) -> Picture:
        """A picture of some bytes; other keywords as the attributes."""
        return cls(content, digest_of(content), source, **known)

    @property
    def as_it_came(self) -> bytes:
        """The file before it was turned or inverted here: its header says what the copy's does not."""
        return self.original or self.content

    @property
    def mask(self) -> np.ndarray | None:
        """The true opacity: bool of shape (h, w); None where it is not known, or no longer lies so."""
        if self.opacity is None or self.original is not None:
            return None
        return np.asarray(Image.open(io.BytesIO(self.opacity))) > 0


def describe(picture: Picture, header: Header) -> str:
    """``Your image, 1,400 × 1,100 pixels, grey.``"""
    truth = f" Labelled {picture.truth}." if picture.truth else ""
    mode = MODES.get(header.mode, header.mode)
    return f"{picture.source.capitalize()}, {header.width:,} × {header.height:,} pixels, {mode}.{truth}"


def changed(picture: Picture, turns: int, invert: bool) -> Picture:
    """The picture after quarter turns to the left, and inverted if asked; itself if neither.

    Raises
    ------
    ImageError
        If it is not a usable image.
    """
    if not turns and not invert:
        return picture
    grey = np.rot90(decode(picture)[0], turns)
    content = as_png(255 - grey if invert else grey)
    return replace(picture, content=content, digest=digest_of(content), original=picture.as_it_came)


def decode(picture: Picture) -> tuple[np.ndarray, Header]:
    """The picture as uint8 grey of shape (height, width), read-only, and its header.

    Raises
    ------
    ImageError
        If it is not a usable image.
    """
    return gate.read_with_header(film_of(picture))


def film_of(picture: Picture) -> Film:
    """The picture decoded once, for whatever asks for its pixels."""
    return _film(picture.digest, picture.content)


def original_film_of(picture: Picture) -> Film:
    """The same of the file as it came."""
    return _film(digest_of(picture.original), picture.original) if picture.original else film_of(picture)


def size_of(picture: Picture) -> tuple[int, int]:
    """Height and width in pixels as shown, without decoding a picture twice; raises ImageError as `decode` does."""
    return _size(picture.digest, picture.content)


def as_png(grey: np.ndarray) -> bytes:
    """Pixels of shape (height, width), uint8, as a PNG file, which loses nothing."""
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def digest_of(content: bytes) -> str:
    """16 hexadecimal digits that name some bytes."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


@st.cache_data(max_entries=2000, show_spinner=False, scope="session")
def _size(digest: str, _content: bytes) -> tuple[int, int]:
    return gate.read_with_header(_film(digest, _content))[0].shape


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _film(digest: str, _content: bytes) -> Film:
    return Film(_content)
