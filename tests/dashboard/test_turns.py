from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.testing.v1 import AppTest

from dashboard import opening, turns
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


def test_a_click_within_a_part_of_the_page_ends_what_is_computed_for_it():
    """The whole page was drawn, so all of it is drawn again, as it is now to be."""

    def page():
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx
        from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

        from dashboard.turns import giving_way

        told = st.session_state.setdefault("told", [])

        @st.fragment
        def work():
            tell = giving_way(lambda done, total: told.append(done))
            for step in range(4):
                if step == 2 and len(told) == 2:
                    get_script_run_ctx().script_requests.request_rerun(RerunData(fragment_id="of a button here"))
                tell(step, 4)

        work()
        st.markdown("the rest of the page")

    app = AppTest.from_function(page, default_timeout=180).run()
    assert not app.exception
    assert app.session_state["told"] == [0, 1, 0, 1, 2, 3]
    assert [one.value for one in app.markdown] == ["the rest of the page"]


@pytest.mark.parametrize(
    ("running", "asked", "again"),
    [
        (["results"], RerunData(fragment_id="results"), ["results"]),
        (["results"], RerunData(fragment_id="gallery"), ["gallery", "results"]),  # what the second draws after this is missing
        (["results"], RerunData(), []),
        (None, RerunData(fragment_id="gallery"), []),
    ],
)  # fmt: skip
def test_what_was_under_way_is_drawn_again_with_what_was_asked_for(running, asked, again, monkeypatch):
    requests = ScriptRequests()
    requests.request_rerun(RerunData(fragment_id="of a clock", is_auto_rerun=True))
    monkeypatch.setattr(turns, "get_script_run_ctx", lambda **_: SimpleNamespace(script_requests=requests, fragment_ids_this_run=running))
    turns.give_way_to_click()  # a clock is no click
    requests = ScriptRequests()
    requests.request_rerun(asked)
    with pytest.raises(RerunException) as ended:
        turns.give_way_to_click()
    assert ended.value.rerun_data.fragment_id_queue == again and ended.value.rerun_data.fragment_id is None
    turns.give_way_to_click()  # it was heard


@pytest.fixture
def taken(monkeypatch):
    """What takes its turn in the line, by its kind."""
    kinds = []

    @contextmanager
    def take(kind, bar):
        kinds.append(kind)
        yield

    for place in (opening, cards):
        monkeypatch.setattr(place, "turn", take)
    return kinds


def test_a_large_folder_is_measured_in_turn_and_a_small_or_known_one_at_once(empty_models, phantoms, open_page, monkeypatch, taken):
    monkeypatch.setattr(opening, "LONG", 12)
    monkeypatch.setattr(cards, "LONG", float("inf"))
    assert not open_page("data", data_source=str(phantoms)).exception
    assert taken == ["opening of a data set"]
    opening.open_anew()
    assert not open_page("data", data_source=str(phantoms)).exception
    assert taken == ["opening of a data set"], "its images are known"


def test_an_audit_that_takes_long_takes_its_turn(empty_models, phantoms, open_page, monkeypatch, taken):
    monkeypatch.setattr(cards, "LONG", float("inf"))
    assert not open_page("data", data_source=str(phantoms)).exception
    assert taken == []
    monkeypatch.setattr(cards, "LONG", -1.0)
    assert not open_page("data", data_source=str(phantoms)).exception
    assert set(taken) == {"audit"}
