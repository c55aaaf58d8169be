"""Systems on films of 80 pixels, of which a step takes about a tenth of the time; run as a program, it is `python -m core` with them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

SIDE = 80  # InceptionV3 takes none below 75


@contextmanager
def small_films() -> Iterator[None]:
    """What is planned and trained in this block sees small films, but for what continues a CNN_1 and backbones that are named alone.

    A run remembers the size, as it does any other.
    """
    from core import architectures
    from core.architectures.footprint import footprint

    # of a CNN_1 that is continued nothing would be left
    small = (system if system.continues else replace(system, image_size=SIDE) for system in architectures.SYSTEMS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(architectures, "SYSTEMS", tuple(small))
        footprint.cache_clear()  # it is known by a system's key
        yield
    footprint.cache_clear()


if __name__ == "__main__":
    from core.__main__ import main

    with small_films():
        sys.exit(main())
