"""What a page found on the disk holds until it is drawn: it asks for the same runs and the same data set dozens of times.

To ask is not only work. Each look at a file lets go of Python's one lock, and while other visitors' pages are drawn that is an offer to be
overtaken: a page of 150,000 looks takes a second alone, and ten beside others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")

_this_run = threading.local()  # `found` of the thread that draws a page: by function and arguments


@contextmanager
def looking_once() -> Iterator[None]:
    """A page, or a part of one, is drawn: what is `once_a_run` is called once within the block, and its result shared."""
    _this_run.found = {}
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
    if getattr(_this_run, "found", None):
        _this_run.found.clear()
