"""One line for work that takes long, so that many people at once do not hold each other up: first come, first served.

What is at work stands still between two of its steps while a page is drawn for somebody else: a click waits for a step, not for a map.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_AGAIN = 0.5  # seconds between two looks at the line, at which whoever waits is told their place and may leave
STAND_STILL = 0.1  # seconds that a step waits for the clicks of others at most: somebody nearly always clicks, and work goes on
REMEMBERED = 8  # durations of a kind of work

Tell = Callable[[int, float | None], None]


class WaitingLine:
    """Places for work that takes long; safe to be used by any number of threads.

    Parameters
    ----------
    n_places : int
        At most so much is at work at the same time.
    """

    def __init__(self, n_places: int = 1) -> None:
        self.n_places = n_places
        self._changed = threading.Condition()
        self._tickets: list[_Ticket] = []  # in order; the first `n_places` are at work
        self._clicks: set[int] = set()  # threads that draw a page
        self._took: dict[str, deque[float]] = {}

    @contextmanager
    def place(self, kind: str, tell: Tell | None = None) -> Iterator[None]:
        """Wait for a place and hold it for a block; it is given up however the block or the wait ends.

        Parameters
        ----------
        kind : str
            What work of about the same length has in common: how long it took before tells how long it will take.
        tell : callable of (int, float or None), optional
            Told every half second, while there is no place, how many are served before, and in how many seconds, where that is known. What
            it raises ends the wait.
        """
        me = threading.get_ident()
        with self._changed:
            held = any(ticket.thread == me for ticket in self._tickets)
        if held:  # work within work
            yield
            return
        ticket = _Ticket(me, kind)
        with self._changed:
            was_click = me in self._clicks
            self._clicks.discard(me)
            self._tickets.append(ticket)
            self._changed.notify_all()
        try:
            self._wait(ticket, tell)
            yield
            self._took.setdefault(kind, deque(maxlen=REMEMBERED)).append(time.monotonic() - ticket.began)
        finally:
            with self._changed:
                self._tickets.remove(ticket)
                if was_click:
                    self._clicks.add(me)
                self._changed.notify_all()

    @contextmanager
    def click(self) -> Iterator[None]:
        """A page is drawn, which is short: what takes long stands still meanwhile."""
        me = threading.get_ident()
        with self._changed:
            self._clicks.add(me)
        try:
            yield
        finally:
            with self._changed:
                self._clicks.discard(me)
                self._changed.notify_all()

    def step(self) -> None:
        """Call between two steps of what takes long: waits until no page is drawn for others, a tenth of a second at most."""
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._clicks <= {me}, STAND_STILL)

    def _wait(self, ticket: _Ticket, tell: Tell | None) -> None:
        while True:
            with self._changed:
                if self._tickets.index(ticket) < self.n_places or (
                    self._changed.wait(LOOK_AGAIN) and self._tickets.index(ticket) < self.n_places
                ):
                    ticket.began = time.monotonic()
                    return
                ahead, seconds = self._tickets.index(ticket) - self.n_places + 1, self._seconds_before(ticket)
            if tell:
                tell(ahead, seconds)

    def _seconds_before(self, ticket: _Ticket) -> float | None:
        """Until a place is free, from what such work took before; None where that is not known."""
        left = 0.0
        for other in self._tickets[: self._tickets.index(ticket)]:
            usual = self._took.get(other.kind)
            if not usual:
                return None
            expected = sum(usual) / len(usual)
            left += max(expected - (time.monotonic() - other.began), 0.0) if other.began else expected
        return left / self.n_places


class _Ticket:
    """A place in the line: whose, for what, and since when it is at work (0 while it waits)."""

    def __init__(self, thread: int, kind: str) -> None:
        self.thread, self.kind, self.began = thread, kind, 0.0
