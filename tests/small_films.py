"""Systems on films of 80 pixels, of which a step takes about a tenth of the time; run as a program, it is `python -m core` with them."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

SIDE = 80  # InceptionV3 takes none below 75, and of a CNN_1 that is continued nothing would be left


def take_small_films(patch: pytest.MonkeyPatch) -> None:
    """What is trained from now on sees small films; a run remembers their size, as it does any other."""
    from core import architectures

    small = (system if system.continues else replace(system, image_size=SIDE) for system in architectures.SYSTEMS)
    patch.setattr(architectures, "SYSTEMS", tuple(small))


if __name__ == "__main__":
    from core.__main__ import main

    take_small_films(pytest.MonkeyPatch())
    sys.exit(main())
