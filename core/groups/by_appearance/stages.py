"""Progress of work that has several stages."""

from __future__ import annotations

from collections.abc import Callable

from core.parallel import Progress

Stages = Callable[[str], Progress]  # a stage's name gives what is told of images done and of all


def stage(stages: Stages | None, name: str) -> Progress | None:
    """What to tell of the progress of a stage; None where nobody listens.

    Parameters
    ----------
    stages : callable of str or None
        A stage's name gives what is told of images done and of all.
    name : str

    Returns
    -------
    callable of (int, int) or None
    """
    return stages(name) if stages else None
