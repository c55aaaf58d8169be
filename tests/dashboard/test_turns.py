from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import opening
from dashboard.components.data.audit import cards
from dashboard.turns import PAGES, waiting_text


@pytest.mark.parametrize(
    ("ahead", "seconds", "text"),
    [
        (1, None, "1st in line"), (2, 20.4, "2nd in line, about 20 s"), (3, 0.2, "3rd in line, about 1 s"),
        (11, 300, "11th in line, about 5 min"),
        (21, None, "21st in line"),
    ],
)  # fmt: skip
def test_the_place_in_line_in_words(ahead, seconds, text):
    assert waiting_text(ahead, seconds) == f"Others are served first: {text}"


def test_a_page_comes_to_a_point_at_every_element_and_every_look_at_its_session(monkeypatch):
    def page():
        import streamlit as st

        for number in range(5):
            st.session_state[f"{number}"] = number
            st.markdown(number)

    points = []
    monkeypatch.setattr(PAGES, "point", lambda: points.append(len(PAGES._at)))
    app = AppTest.from_function(page, default_timeout=180).run()
    assert not app.exception and len(points) >= 10 and set(points) >= {1}
    assert not PAGES._at, "the page stands"


@pytest.fixture
def turns(monkeypatch):
    """What takes its turn in the line, by its kind."""
    taken = []

    @contextmanager
    def take(kind, bar):
        taken.append(kind)
        yield

    for place in (opening, cards):
        monkeypatch.setattr(place, "turn", take)
    return taken


def test_a_large_folder_is_measured_in_turn_and_a_small_or_known_one_at_once(empty_models, phantoms, open_page, monkeypatch, turns):
    monkeypatch.setattr(opening, "LONG", 12)
    monkeypatch.setattr(cards, "LONG", float("inf"))
    assert not open_page("data", data_source=str(phantoms)).exception
    assert turns == ["opening of a data set"]
    opening.open_anew()
    assert not open_page("data", data_source=str(phantoms)).exception
    assert turns == ["opening of a data set"], "its images are known"


def test_an_audit_that_takes_long_takes_its_turn(empty_models, phantoms, open_page, monkeypatch, turns):
    monkeypatch.setattr(cards, "LONG", float("inf"))
    assert not open_page("data", data_source=str(phantoms)).exception
    assert turns == []
    monkeypatch.setattr(cards, "LONG", -1.0)
    assert not open_page("data", data_source=str(phantoms)).exception
    assert set(turns) == {"audit"}
