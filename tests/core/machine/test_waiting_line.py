import threading

import pytest

from core.machine.waiting_line import WaitingLine


class Worker(threading.Thread):
    """Takes a place and holds it until it is let go."""

    def __init__(self, line, done, kind="map"):
        super().__init__(daemon=True)
        self.line, self.done, self.kind = line, done, kind
        self.told, self.works, self.go, self.asked = [], threading.Event(), threading.Event(), threading.Event()
        self.leaves = False
        self.start()

    def run(self):
        try:
            with self.line.place(self.kind, self.tell):
                self.works.set()
                self.go.wait(60)
                self.done.append(self)
        except InterruptedError:
            self.done.append(None)

    def tell(self, ahead, seconds):
        self.told.append((ahead, seconds))
        self.asked.set()
        if self.leaves:
            raise InterruptedError


def in_line(line, done, n):
    """Workers that came one after the other."""
    workers = []
    for number in range(n):
        workers.append(Worker(line, done))
        (workers[-1].works if number < line.n_places else workers[-1].asked).wait(60)
    return workers


@pytest.mark.parametrize("n_places", [1, 2])
def test_first_come_first_served_and_everybody_knows_their_place(n_places):
    line, done = WaitingLine(n_places), []
    workers = in_line(line, done, n_places + 2)
    assert [worker.works.is_set() for worker in workers] == [True] * n_places + [False, False]
    assert [worker.told[0] for worker in workers[n_places:]] == [(1, None), (2, None)], "no such work ended before: no time is known"
    for worker in workers:
        assert worker.works.wait(60)
        worker.go.set()
        worker.join(60)
    assert done == workers


def test_whoever_leaves_the_line_or_fails_at_work_holds_up_nobody():
    line, done = WaitingLine(), []
    first, second, third = in_line(line, done, 3)
    second.leaves = True  # as when its page runs anew
    second.join(60)
    first.go.set()
    assert third.works.wait(60)
    third.go.set()
    third.join(60)
    with pytest.raises(ZeroDivisionError), line.place("map"):
        raise ZeroDivisionError
    with line.place("map"):
        assert done == [None, first, third]


def test_time_left_is_what_such_work_took_before(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("core.machine.waiting_line.time.monotonic", lambda: now[0])
    line, done = WaitingLine(), []
    with line.place("map"):
        now[0] += 8
    at_work, waits = in_line(line, done, 2)
    now[0] += 3
    waits.asked.clear()
    assert waits.asked.wait(60) and waits.told[-1] == (1, 5.0), "8 s for a map, of which 3 went by"
    last = Worker(line, done)
    assert last.asked.wait(60) and last.told[0] == (2, 13.0)
    for worker in (at_work, waits, last):
        worker.go.set()
        worker.join(60)


def test_work_within_work_waits_for_nobody():
    line = WaitingLine()
    with line.place("map"), line.place("map"):
        pass


def test_a_step_waits_while_a_page_is_drawn_for_another_but_not_for_ever(monkeypatch):
    monkeypatch.setattr("core.machine.waiting_line.STAND_STILL", 60)
    line, drawn, stepped = WaitingLine(), threading.Event(), threading.Event()

    def work():
        with line.click(), line.place("map"):  # its own page stands in nobody's way
            line.step()
            stepped.set()

    with line.click():
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        assert not stepped.wait(0.2)
        drawn.set()
    assert stepped.wait(30)
    thread.join(60)
    monkeypatch.setattr("core.machine.waiting_line.STAND_STILL", 0.01)
    with line.click():
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
