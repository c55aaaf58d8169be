import threading

import pytest

from core.runs.store import models_dir as folder_of_runs
from dashboard import opening, state
from dashboard.once import SharedLook, look_again, looking_once, once_a_run


@pytest.fixture
def looks():
    """A function that looks somewhere, and how often it was asked to."""
    calls = []

    @once_a_run
    def look(place, split="test"):
        calls.append((place, split))
        if place == "nowhere":
            raise OSError
        return len(calls)

    look.calls = calls
    return look


def test_a_page_looks_once_and_the_next_one_anew(looks):
    for expected in (1, 2):
        with looking_once():
            assert [looks("a"), looks("a"), looks("a")] == [expected] * 3
    assert looks("a") == 3 and looks("a") == 4, "outside of a page nothing is kept"


def test_other_places_are_looked_at_by_themselves(looks):
    with looking_once():
        assert [looks("a"), looks("b"), looks("a", split="val"), looks("b")] == [1, 2, 3, 2]


def test_what_the_page_changed_itself_is_looked_at_again(looks):
    look_again()  # nothing is drawn: nothing to forget
    with looking_once():
        assert looks("a") == 1
        look_again()
        assert [looks("a"), looks("a")] == [2, 2]


def test_a_failure_is_not_kept(looks):
    with looking_once():
        for _ in range(2):
            with pytest.raises(OSError):
                looks("nowhere")
    assert len(looks.calls) == 2


def test_nothing_of_one_page_is_shown_on_another_drawn_meanwhile(looks):
    found = []
    with looking_once():
        assert looks("a") == 1
        thread = threading.Thread(target=lambda: found.append(looks("a")))
        thread.start()
        thread.join(60)
        assert found == [2] and looks("a") == 1


class Page(threading.Thread):
    """Is drawn from now on, and asks when it is told to."""

    def __init__(self, look):
        super().__init__(daemon=True)
        self.look, self.began, self.asks, self.found = look, threading.Event(), threading.Event(), None
        self.start()
        assert self.began.wait(60)

    def run(self):
        with looking_once():
            self.began.set()
            self.asks.wait(60)
            self.found = self.look("data")

    def answer(self):
        self.asks.set()
        self.join(60)
        return self.found


def test_a_look_serves_the_pages_that_were_being_drawn_and_none_that_came_later():
    looks = []
    look = SharedLook(lambda place: looks.append(place) or len(looks))
    first, second = Page(look), Page(look)
    assert first.answer() == 1
    later = Page(look)
    assert second.answer() == 1, "the other's look began while this page was drawn"
    assert later.answer() == 2, "the files may have changed since"
    assert look("data") == 3 and look("data") == 4


def test_a_look_that_fails_serves_nobody():
    outcomes = [OSError, None]

    def look(place):
        if outcome := outcomes.pop(0):
            raise outcome
        return "there"

    shared = SharedLook(look)
    with looking_once():
        with pytest.raises(OSError):
            shared("data")
        assert shared("data") == "there"
        outcomes.append(None)
        look_again()
        assert shared("data") == "there" and not outcomes


def test_every_page_looks_at_its_runs_and_its_data_set_once(models_dir, phantoms, open_page, monkeypatch):
    looks = []
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    monkeypatch.setattr(opening, "_stamp_of", SharedLook(lambda place: looks.append(place) or "stamp"))
    monkeypatch.setattr(state, "models_dir", lambda: looks.append("runs") or folder_of_runs())
    for page in ("overview", "data", "compare"):
        looks.clear()
        assert not open_page(page).exception
        assert looks.count("runs") == 1 and looks.count(str(phantoms)) <= 1, page
