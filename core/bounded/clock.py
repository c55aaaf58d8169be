"""How much processor time the task of a bounded process still has; elsewhere nothing is counted, and asking for more does nothing."""

from __future__ import annotations

import signal

_given: float | None = None  # beside what every task has; None while no task is bounded


def start(seconds: float) -> None:
    """Count from now; when it has run out a signal ends this process, in whatever library it is.

    Parameters
    ----------
    seconds : float
        Of processor time.
    """
    global _given
    _given = 0.0
    signal.setitimer(signal.ITIMER_PROF, seconds)


def give(seconds: float) -> None:
    """Let the task take so much more than every task may; what it was given before is part of it.

    Parameters
    ----------
    seconds : float
        Of processor time.
    """
    global _given
    if _given is not None and seconds > _given:
        left = signal.getitimer(signal.ITIMER_PROF)[0]
        signal.setitimer(signal.ITIMER_PROF, left + seconds - _given)
        _given = seconds


def stop() -> None:
    """The task is done."""
    global _given
    signal.setitimer(signal.ITIMER_PROF, 0)
    _given = None
