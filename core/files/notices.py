"""What has to be said once and stops nothing: on standard error at once, on the pages for as long as the process lives."""

from __future__ import annotations

import sys

_said: dict[str, None] = {}


def notice(sentence: str) -> None:
    """Say a sentence, unless this process said it before.

    Parameters
    ----------
    sentence : str
    """
    if sentence not in _said:
        _said[sentence] = None
        print(sentence, file=sys.stderr)


def notices() -> tuple[str, ...]:
    """All that was said, in order.

    Returns
    -------
    tuple of str
    """
    return tuple(_said)
