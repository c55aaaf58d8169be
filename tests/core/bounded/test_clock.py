"""A task may be given more time, once for all that it opens; nobody else is."""

from __future__ import annotations

import signal

import pytest

from core.bounded import Exceeded, Limits, Pool, clock
from core.images import reading
from tests.core.images.bombs import png_of


@pytest.fixture
def left():
    yield lambda: signal.getitimer(signal.ITIMER_PROF)[0]
    clock.stop()


def test_more_is_given_once_and_only_to_a_bounded_task(left):
    clock.give(300)
    assert left() == 0
    clock.start(1000)
    for seconds, most in ((300, 1300), (200, 1300), (500, 1500)):
        clock.give(seconds)
        assert most - 60 < left() <= most + 1  # the kernel counts in ticks
    clock.stop()
    clock.give(600)
    assert left() == 0
    clock.start(1000)
    clock.give(100)
    assert 1040 < left() <= 1101


def test_a_large_picture_is_given_the_time_that_it_takes():
    pool = Pool(1, Limits(memory=500 * 10**6, seconds=0.1))
    try:
        pool.run(reading.read_grey, png_of(16, 16, 6))  # a fresh process first imports what opens pictures
        assert pool.run(reading.read_grey, png_of(4000, 4000, 6)).size == 16_000_000
        with pytest.raises(Exceeded, match=r"more than 0.1 seconds"):  # what came before is not counted to this
            pool.run(sum, range(10**9))
    finally:
        pool.end()
