"""Threads here compute when the test says so: the clocks are its own, and a thread is looked at only where it waits or is done."""

import threading

import pytest

from core.machine.lightest_first import COMPUTES, LATELY, LONGEST, WINDOW, LightestFirst

PATIENCE = 60


class Clocks:
    """Time, and the processor time of each thread."""

    def __init__(self):
        self.now, self.computed = 100.0, {}

    def of(self, thread):
        return self.computed.get(thread, 0.0)


class Thread(threading.Thread):
    """Works for somebody: computes so many seconds and comes to a point, as often as it is told."""

    def __init__(self, first, clocks, whose):
        super().__init__(daemon=True)
        self.first, self.clocks, self.whose = first, clocks, whose
        self.told, self.there, self.passed = threading.Semaphore(0), threading.Event(), threading.Semaphore(0)
        self.ends = False
        self.start()
        assert self.there.wait(PATIENCE)

    def run(self):
        with self.first.work(self.whose):
            self.there.set()
            while self.told.acquire(timeout=PATIENCE) and not self.ends:
                self.first.point()
                self.passed.release()

    def compute(self, seconds):
        self.clocks.computed[self.ident] = self.clocks.of(self.ident) + seconds

    def come_to_a_point(self):
        self.told.release()

    def passes(self):
        return self.passed.acquire(timeout=PATIENCE)

    def waits(self):
        """Whether it stands at its point, after a while in which it could have passed."""
        return not self.passed.acquire(timeout=0.1)

    def end(self):
        self.ends = True
        self.told.release()
        self.join(PATIENCE)


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def first(clocks):
    return LightestFirst(clocks.of, lambda: clocks.now)


def test_who_computed_more_waits_until_the_lighter_work_is_done(first, clocks):
    heavy, light = Thread(first, clocks, "a"), Thread(first, clocks, "b")
    heavy.compute(0.5)
    light.compute(0.1)
    heavy.come_to_a_point()
    light.come_to_a_point()
    assert light.passes() and heavy.waits()
    light.end()
    assert heavy.passes()
    heavy.end()


def test_the_one_that_became_heavier_waits_next(first, clocks):
    one, other = Thread(first, clocks, "a"), Thread(first, clocks, "b")
    one.compute(0.2)
    other.compute(0.1)
    one.come_to_a_point()
    assert one.waits()
    other.compute(0.3)
    assert one.passes(), "the other has computed 0.4 s by now"
    one.compute(0.05)
    other.come_to_a_point()
    assert other.waits()
    one.end()
    assert other.passes()
    other.end()


def test_nobody_waits_for_one_that_waits_for_something_else(first, clocks):
    heavy, light = Thread(first, clocks, "a"), Thread(first, clocks, "b")
    heavy.compute(0.5)
    light.compute(0.1)
    clocks.now += 2 * WINDOW
    heavy.come_to_a_point()
    assert heavy.waits()
    light.compute(COMPUTES * WINDOW)
    clocks.now += 2 * WINDOW  # in which the light one only looked whether something came
    assert heavy.passes()
    heavy.come_to_a_point()
    assert heavy.passes(), "and does not wait anew at every point"
    light.compute(WINDOW)
    clocks.now += 2 * WINDOW
    heavy.come_to_a_point()
    assert heavy.waits(), "until the light one goes on"
    light.end()
    heavy.end()


def test_work_goes_on_however_much_lighter_work_there_is(first, clocks):
    heavy, light = Thread(first, clocks, "a"), Thread(first, clocks, "b")
    heavy.compute(5)
    light.compute(0.1)
    heavy.come_to_a_point()
    assert heavy.waits()
    light.compute(LONGEST)
    clocks.now += LONGEST
    assert heavy.passes()
    heavy.come_to_a_point()
    assert heavy.passes(), "it has waited as long as it has to, in all"
    for thread in (heavy, light):
        thread.end()


def test_what_was_computed_before_counts_and_fades(first, clocks):
    before = Thread(first, clocks, "a")
    before.compute(0.8)
    before.end()
    again, new = Thread(first, clocks, "a"), Thread(first, clocks, "b")
    new.compute(0.3)
    again.come_to_a_point()
    assert again.waits()
    new.end()
    assert again.passes()
    again.end()
    clocks.now += 4 * LATELY  # 0.8 s fade to 0.05 s
    again, new = Thread(first, clocks, "a"), Thread(first, clocks, "c")
    new.compute(0.3)
    again.come_to_a_point()
    assert again.passes()
    for thread in (again, new):
        thread.end()


def test_a_point_outside_of_any_work_holds_up_nobody(first):
    first.point()
    with first.work("a"):
        first.point()
    with pytest.raises(ZeroDivisionError), first.work("a"):
        raise ZeroDivisionError
    with first.work("a"):
        first.point()


def test_the_clock_of_a_thread_is_its_own():
    from core.machine.lightest_first import seconds_computed

    idle = threading.Event()
    thread = threading.Thread(target=idle.wait, daemon=True)
    thread.start()
    began = seconds_computed(thread.ident), seconds_computed(threading.get_ident())
    while seconds_computed(threading.get_ident()) < began[1] + 0.01:
        pass
    assert seconds_computed(thread.ident) - began[0] < 0.005
    idle.set()
    thread.join(PATIENCE)
