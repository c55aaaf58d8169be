"""What an image must be to be used: large enough to show a chest, small enough for memory."""

from __future__ import annotations

from core.errors import InputError

MAX_PIXELS = 64_000_000
MIN_SIDE = 16
MAX_SAMPLE_BYTES = 2**28  # of pictures of more than 8 bits a channel
TOO_MANY_PIXELS = f"The image has more than {MAX_PIXELS // 10**6} million pixels; scale it down before using it."


class ImageError(InputError):
    """An image that cannot be used; the message says why and what to do."""


def check_size(width: int, height: int) -> None:
    """Raise ImageError unless there are enough pixels to show a chest, and not so many that memory is at risk."""
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"The image is {width}×{height} pixels; at least {MIN_SIDE}×{MIN_SIDE} are needed.")
    if width * height > MAX_PIXELS:
        raise ImageError(TOO_MANY_PIXELS)


def check_memory(n_bytes: int) -> None:
    """Raise ImageError if a picture of more than 8 bits a channel would take too much memory."""
    if n_bytes > MAX_SAMPLE_BYTES:
        raise ImageError(
            f"The image holds {n_bytes / 2**20:,.0f} MB of pixels, more than {MAX_SAMPLE_BYTES // 2**20}; scale it down first."
        )
