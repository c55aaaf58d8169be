"""SIGTERM ends work that is shared out as Ctrl-C does, and what listened to it before does so again."""

from __future__ import annotations

import signal
import threading

import pytest

from core.workers.interruption import interrupted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_ctrl_c_inside_the_block_alone(number):
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), interrupted():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_another_thread_takes_no_signals():
    before, seen = signal.getsignal(signal.SIGTERM), []

    def work():
        with interrupted():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
