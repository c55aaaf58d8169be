"""The door for images that a stranger may have sent: decoded in another process, which is ended if they take too much memory or time.

Each function answers as the one of the same name in `core.images`, but for what exceeds the limits, which it refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from joblib import cpu_count

from core.bounded import Exceeded, Limits, Pool
from core.images import measuring, reading
from core.images.decoding import Header
from core.images.dicom_header import Stated
from core.images.dicom_header import stated as stated_by
from core.images.limits import ImageError
from core.images.reading import Resize, Source, read_content

Result = TypeVar("Result")

LIMITS = Limits(memory=500 * 10**6, seconds=2.0)
MAX_WORKERS = 32
POOL = Pool(min(cpu_count(), MAX_WORKERS), LIMITS)


def read_grey(source: Source, size: int | None = None, resize: Resize = "squash") -> np.ndarray:
    """The grey pixels of an image.

    Parameters
    ----------
    source : str, Path, bytes or file
    size : int, optional
        Side in pixels; None for the picture's own size.
    resize : {"squash", "pad"}

    Returns
    -------
    ndarray of shape (height, width), uint8
    """
    return read_with_header(source, size, resize)[0]


def read_with_header(source: Source, size: int | None = None, resize: Resize = "squash") -> tuple[np.ndarray, Header]:
    """The grey pixels of an image, and its header.

    Parameters
    ----------
    source : str, Path, bytes or file
    size : int, optional
        Side in pixels; None for the picture's own size.
    resize : {"squash", "pad"}

    Returns
    -------
    tuple of (ndarray of shape (height, width), uint8, Header)
    """
    return _bounded(reading.read_with_header, read_content(source), size, resize)


def read_colours(source: Source, side: int) -> np.ndarray | None:
    """The colours of an image; None if it is grey.

    Parameters
    ----------
    source : str, Path, bytes or file
    side : int
        In pixels.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8, or None
    """
    return _bounded(reading.read_colours, read_content(source), side)


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
        return _bounded(stated_by, content) if content else Stated()
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


def _bounded(function: Callable[..., Result], *args: object) -> Result:
    try:
        return POOL.run(function, *args)
    except Exceeded as error:
        raise ImageError(f"The image is refused, for {error} to open; save it again as an ordinary PNG or JPEG.") from None
