"""Charts wait for the rest of the page where a browser listens."""

import sys
import threading

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from dashboard.components import after_paint as later
from dashboard.components.after_paint import PAINTED


def page():
    import streamlit as st

    from dashboard.components.after_paint import painted

    @st.fragment
    def chart():
        if painted("the chart"):
            st.write("chart")

    chart()


def shown(app):
    return [text.value for text in app.markdown], [html.proto.body for html in app.get("html")]


@pytest.fixture
def browser(monkeypatch):
    monkeypatch.setattr(ContextProxy, "headers", {"Host": "here"})


def test_a_chart_waits_for_the_browser_and_says_so(browser):
    texts, (waiting,) = shown(AppTest.from_function(page).run())
    assert not texts
    assert "role='status'" in waiting
    assert "Drawing the chart" in waiting


def picture():
    from dashboard.components.after_paint import painted

    painted("the chart", lambda: "<img alt='a picture'>")


def test_a_picture_takes_the_place_of_the_line(browser):
    assert shown(AppTest.from_function(picture).run()) == ([], ["<img alt='a picture'>"])


def test_a_chart_comes_at_once_when_the_session_has_seen_one(browser):
    app = AppTest.from_function(page)
    app.session_state[PAINTED] = True
    assert shown(app.run()) == (["chart"], [])


def test_without_a_browser_there_is_nothing_to_wait_for():
    assert shown(AppTest.from_function(page).run()) == (["chart"], [])


def told():
    import streamlit as st

    from dashboard.components import after_paint as later

    st.button("painted", on_click=later._note)


def test_what_the_next_page_needs_is_loaded_while_the_reader_looks(monkeypatch):
    monkeypatch.setattr(later, "NEXT", "colorsys")
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    before = set(threading.enumerate())
    app = AppTest.from_function(told).run().button[0].click().run()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert app.session_state[PAINTED] and "colorsys" in sys.modules
