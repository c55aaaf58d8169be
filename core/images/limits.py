"""What an image must be to be used: large enough to show a chest, small enough for memory."""

from __future__ import annotations

from core.bounded import clock
from core.errors import InputError

MAX_BYTES = 64 * 2**20  # of a file; `.streamlit/config.toml` says the same to uploads
MAX_PIXELS = 64_000_000
MAX_SIDE = 65_535  # pixels, as in a JPEG: what is longer only strains decoders that go by rows
MIN_SIDE = 16
SECONDS_A_MILLION = 0.2  # of processor time, 13 for the largest picture; a WebP takes half of it on a slow machine, all else less
MAX_MEMORY = 360 * 2**20  # bytes that opening one image may take, beside the file itself
TOO_MANY_PIXELS = f"The image has more than {MAX_PIXELS // 10**6} million pixels; scale it down before using it."


class ImageError(InputError):
    """An image that cannot be used; the message says why and what to do."""


def check_size(width: int, height: int) -> None:
    """Raise ImageError unless there are enough pixels to show a chest, and not so many that memory is at risk.

    Where time is limited, a large picture is given more of it.
    """
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"The image is {width}×{height} pixels; at least {MIN_SIDE}×{MIN_SIDE} are needed.")
    if width * height > MAX_PIXELS:
        raise ImageError(TOO_MANY_PIXELS)
    if max(width, height) > MAX_SIDE:
        raise ImageError(f"The image is {width}×{height} pixels; a side has at most {MAX_SIDE:,}.")
    clock.give(SECONDS_A_MILLION * width * height / 10**6)


def check_memory(n_pixels: int, bytes_each: float) -> None:
    """Raise ImageError if a picture takes too much memory to open.

    Parameters
    ----------
    n_pixels : int
    bytes_each : float
        What a pixel takes at the peak of its decoding, all copies counted; as measured.
    """
    if n_pixels * bytes_each > MAX_MEMORY:
        raise ImageError(
            f"An image of this kind takes {n_pixels * bytes_each / 2**20:,.0f} MB of memory to open, more than {MAX_MEMORY // 2**20}; "
            "scale it down first, or save it as grey JPEG."
        )
