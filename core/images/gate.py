"""The door for images that a stranger may have sent: decoded in another process, which is ended if they take too much memory or time.

Each function answers as the one of the same name in `core.images`, but for what exceeds the limits, which it refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from joblib import cpu_count
from PIL import Image

from core.bounded import Exceeded, Limits, Pool
from core.images import measuring, reading
from core.images.decoding import Header
from core.images.dicom.header import Stated
from core.images.dicom.header import stated as stated_by
from core.images.formats.signatures import kind_of
from core.images.limits import ImageError
from core.images.reading import Resize, Source, read_content

Result = TypeVar("Result")

LIMITS = Limits(memory=500 * 10**6, seconds=2.0)
MAX_WORKERS = 32
COLOUR_SIDE = 64  # at which colours are looked at
POOL = Pool(min(cpu_count(), MAX_WORKERS), LIMITS)


class Film:
    """An image that is decoded once, however often its pixels are asked for; the functions here take one for its file.

    A JPEG is decoded once for each size: scaled down while it is decoded, as the training images are, it has other pixels than one scaled
    down afterwards.

    Parameters
    ----------
    content : bytes
        Of the file.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._found: dict[tuple, tuple] = {}

    @classmethod
    def of(cls, source: Source | Film) -> Film:
        """A film of a file; itself if it is one. Raises ImageError if the file cannot be read."""
        return source if isinstance(source, Film) else cls(read_content(source))

    def at(self, size: int | None, resize: Resize) -> tuple[np.ndarray, Header]:
        """As `read_with_header`; the pixels are shared, and read-only."""
        if kind_of(self.content) == "JPEG":
            return self._once(("grey", size, resize), lambda: _bounded(reading.read_with_header, read_content(self.content), size, resize))
        grey, header, *_ = self._whole()
        if size is None:
            return grey, header
        return self._once(("grey", size, resize), lambda: (np.asarray(reading.fit(Image.fromarray(grey), size, resize)), header))

    def colours(self, side: int) -> np.ndarray | None:
        """As `read_colours`."""
        if kind_of(self.content) != "JPEG" and side == COLOUR_SIDE:
            *_, colours, known = self._whole()
            if known:
                return colours
        return self._once(("colours", side), lambda: (_bounded(reading.read_colours, read_content(self.content), side),))[0]

    def _whole(self) -> tuple[np.ndarray, Header, np.ndarray | None, bool]:
        return self._once(("whole",), lambda: _bounded(reading.read_whole, read_content(self.content), COLOUR_SIDE))

    def _once(self, key: tuple, find: Callable[[], tuple]) -> tuple:
        if key not in self._found:
            self._found[key] = tuple(_shared(one) for one in find())
        return self._found[key]


def read_grey(source: Source | Film, size: int | None = None, resize: Resize = "squash") -> np.ndarray:
    """The grey pixels of an image.

    Parameters
    ----------
    source : str, Path, bytes, file or Film
    size : int, optional
        Side in pixels; None for the picture's own size.
    resize : {"squash", "pad"}

    Returns
    -------
    ndarray of shape (height, width), uint8
    """
    return read_with_header(source, size, resize)[0]


def read_with_header(source: Source | Film, size: int | None = None, resize: Resize = "squash") -> tuple[np.ndarray, Header]:
    """The grey pixels of an image, and its header.

    Parameters
    ----------
    source : str, Path, bytes, file or Film
    size : int, optional
        Side in pixels; None for the picture's own size.
    resize : {"squash", "pad"}

    Returns
    -------
    tuple of (ndarray of shape (height, width), uint8, Header)
    """
    if isinstance(source, Film):
        return source.at(size, resize)
    return _bounded(reading.read_with_header, read_content(source), size, resize)


def read_colours(source: Source | Film, side: int) -> np.ndarray | None:
    """The colours of an image; None if it is grey.

    Parameters
    ----------
    source : str, Path, bytes, file or Film
    side : int
        In pixels.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8, or None
    """
    return source.colours(side) if isinstance(source, Film) else _bounded(reading.read_colours, read_content(source), side)


def stated(content: bytes) -> Stated:
    """What a DICOM header says of a film; nothing where that cannot be read.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Stated
    """
    try:
        return _bounded(stated_by, content) if kind_of(content) == "DICOM" else Stated()
    except ImageError:
        return Stated()


def facts_of(content: bytes) -> dict:
    """What is measured of an image once, as `core.images.measuring` does.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    dict
    """
    return _bounded(measuring.facts_of, content)


def _shared(part: object) -> object:
    """An array that nobody may write to; anything else as it is."""
    if isinstance(part, np.ndarray):
        part = np.ascontiguousarray(part)
        part.setflags(write=False)
    return part


def _bounded(function: Callable[..., Result], *args: object) -> Result:
    try:
        return POOL.run(function, *args)
    except Exceeded as error:
        raise ImageError(f"The image is refused, for {error} to open; save it again as an ordinary PNG or JPEG.") from None
