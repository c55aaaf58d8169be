"""What a page found on the disk holds until it is drawn: it asks for the same runs and the same data set dozens of times.

To ask is not only work. Each look at a file lets go of Python's one lock, and while other visitors' pages are drawn that is an offer to be
overtaken: a page of 150,000 looks takes a second alone, and ten beside others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")

MOST_PLACES = 100  # that are remembered
_this_run = threading.local()  # of the thread that draws a page: what it `found`, by function and arguments, and since when it looks


@contextmanager
def looking_once() -> Iterator[None]:
    """A page, or a part of one, is drawn: what is `once_a_run` is called once within the block, and its result shared."""
    _this_run.found, _this_run.since = {}, time.monotonic()
    try:
        yield
    finally:
        _this_run.found = None


def once_a_run(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """The function, which answers as it did before as long as one page is drawn; what it raises is not kept.

    Parameters
    ----------
    function : callable
        Of arguments that can be hashed; nobody may change what it returns.

    Returns
    -------
    callable
    """

    @wraps(function)
    def found(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        known: dict[tuple, Any] | None = getattr(_this_run, "found", None)
        if known is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = function(*args, **kwargs)
        return known[key]

    return found


def look_again() -> None:
    """Forget what was found: call after a page changed a run or a data set itself."""
    if getattr(_this_run, "found", None) is not None:
        _this_run.found, _this_run.since = {}, time.monotonic()


class SharedLook:
    """A look at the disk that serves all the pages which were already being drawn when it began: to them it is as good as their own.

    Parameters
    ----------
    look : callable
        Of one place; what it returns nobody may change.
    """

    def __init__(self, look: Callable[[str], Result]) -> None:
        self._look = look
        self._known: dict[str, tuple[threading.Lock, list[tuple[float, Any]]]] = {}

    def __call__(self, place: str) -> Any:
        """What is there now; of several threads that ask at once, one looks."""
        if getattr(_this_run, "found", None) is None:
            return self._look(place)
        if len(self._known) > MOST_PLACES:
            self._known = {}
        lock, last = self._known.setdefault(place, (threading.Lock(), []))
        with lock:
            if not last or last[0][0] < _this_run.since:
                began = time.monotonic()
                last[:] = [(began, self._look(place))]
            return last[0][1]
