"""Of several threads that Python runs one at a time, the one goes first for which least was computed lately.

Left to itself Python lets each thread compute for as long as the others: beside nine that always do, what takes a tenth of a second takes
one. Work that can wait says so at many points, and waits there for lighter work, as in the scheduling rule
"least attained service first" (Kleinrock, Queueing Systems, vol. 2, 1976, chapter 4): short work ends about as soon as it would alone,
and long work, which nobody expects at once, a little later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LATELY = 10.0  # seconds after which half of what was computed for somebody is forgotten
LOOK_AGAIN = 0.01  # seconds between two looks at whether lighter work is still there
WINDOW = 0.02  # seconds over which it is measured whether a thread computes
COMPUTES = 0.1  # part of that; what computes less waits for something else: a file, a lock, another process
LONGEST = 2.0  # seconds that one piece of work waits in all: it always goes on
CLOCK_OF = getattr(time, "pthread_getcpuclockid", None)  # Linux has it, macOS and Windows have not


def seconds_computed(thread: int) -> float:
    """Processor time of a living thread of this process, by its identity; always 0 where no system tells, so that nobody waits."""
    return time.clock_gettime(CLOCK_OF(thread)) if CLOCK_OF else 0.0


@dataclass
class _Work:
    """What a thread does for somebody."""

    whose: str
    before: float  # seconds computed lately for the same
    began: float  # on its clock
    seen: float  # on its clock, when it was last measured
    when: float  # that was
    computes: bool = True
    waits: bool = False
    waited: float = 0.0


class LightestFirst:
    """Who computes when; safe to be used by any number of threads.

    Parameters
    ----------
    computed : callable, optional
        Gives the processor time of a living thread, in seconds.
    now : callable, optional
        A clock, in seconds.
    """

    def __init__(self, computed: Callable[[int], float] = seconds_computed, now: Callable[[], float] = time.monotonic) -> None:
        self._computed, self._now = computed, now
        self._changed = threading.Condition()
        self._at: dict[int, _Work] = {}  # by thread
        self._lately: dict[str, tuple[float, float]] = {}  # seconds computed for somebody, and when that was known

    @contextmanager
    def work(self, whose: str) -> Iterator[None]:
        """The thread computes for somebody as long as the block lasts.

        Parameters
        ----------
        whose : str
            What several pieces of work for the same visitor have in common.
        """
        me = threading.get_ident()
        with self._changed:
            clock = self._computed(me)
            self._at[me] = _Work(whose, self._of(whose), clock, clock, self._now())
        try:
            yield
        finally:
            with self._changed:
                self._lately[whose] = self._weight(me), self._now()
                del self._at[me]
                self._changed.notify_all()

    def point(self) -> None:
        """Call often: waits while lighter work is there, two seconds in all at most. Nothing happens outside of `work`."""
        me = threading.get_ident()
        mine = self._at.get(me)
        if mine is None or len(self._at) == 1:
            return
        began = self._now()
        with self._changed:
            while mine.waited + self._now() - began < LONGEST and self._lighter_is_there(me):
                if not mine.waits:
                    mine.waits = True
                    self._changed.notify_all()  # nobody waits for one that waits
                self._changed.wait(LOOK_AGAIN)
            mine.waits = False
        mine.waited += self._now() - began

    def _lighter_is_there(self, me: int) -> bool:
        weight = self._weight(me)
        return any(self._weight(other) < weight for other in self._at if other != me and self._computes(other))

    def _computes(self, thread: int) -> bool:
        work, clock = self._at[thread], self._computed(thread)
        if work.waits:
            return False
        if (passed := self._now() - work.when) >= WINDOW:
            work.computes = clock - work.seen >= COMPUTES * passed
            work.seen, work.when = clock, self._now()
        return work.computes

    def _weight(self, thread: int) -> float:
        work = self._at[thread]
        return work.before + self._computed(thread) - work.began

    def _of(self, whose: str) -> float:
        """Seconds computed lately for somebody; who has next to none is forgotten."""
        now = self._now()
        faded = {name: seconds * 0.5 ** ((now - when) / LATELY) for name, (seconds, when) in self._lately.items()}
        self._lately = {name: (seconds, now) for name, seconds in faded.items() if seconds > 0.001}
        return faded.get(whose, 0.0)
