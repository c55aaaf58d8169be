"""SIGTERM as Ctrl-C, so that work which is shared out ends in the same way by both."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM, where it does what Ctrl-C does."""


@contextmanager
def interrupted() -> Iterator[None]:
    """Let SIGTERM do inside the block what Ctrl-C does, in the main thread: Ray would take it for itself.

    Raises
    ------
    Terminated
        At SIGTERM.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {signal.SIGTERM: _terminated, signal.SIGINT: signal.default_int_handler}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise Terminated
