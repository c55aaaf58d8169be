import pytest
from streamlit.testing.v1 import AppTest

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
