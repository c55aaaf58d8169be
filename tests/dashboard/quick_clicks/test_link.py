"""Of two quick clicks each stays in the link, whether the browser wrote it there or the server."""

from time import monotonic

import pytest
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from dashboard.quick_clicks import link
from dashboard.quick_clicks.link import keep_the_link_whole


@pytest.fixture
def page(monkeypatch):
    """A page with a chart whose click sets a filter; what a test sets is what the browser sends, its link too."""

    def script():
        import streamlit as st

        st.session_state.setdefault("look", "films")  # a first value that the link leaves out
        st.selectbox("Split", ["all", "train", "val"], key="split", bind="query-params")
        st.selectbox("Remedy", ["none", "focal", "mixup"], key="remedy", bind="query-params")
        st.selectbox("Look", ["table", "films"], index=None, key="look", bind="query-params")
        st.button("A cell", key="cell", on_click=lambda: st.session_state.update(split="val"))
        st.button("No split", key="no_split", on_click=lambda: st.session_state.update(split="all"))
        if st.button("A row", key="row"):
            st.query_params["film"] = "7"

    for owner, name in (
        (QueryParams, "populate_from_query_string"),
        (QueryParams, "_send_query_param_msg"),
        (SessionState, "on_script_finished"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    keep_the_link_whole()
    return AppTest.from_function(script, default_timeout=180).run()


@pytest.fixture
def sent(monkeypatch):
    """The links that the server sends, in their order."""
    links, send = [], QueryParams._send_query_param_msg
    monkeypatch.setattr(QueryParams, "_send_query_param_msg", lambda params: (send(params), links.append(plain(params._query_params))))
    return links


def came(page, **query) -> AppTest:
    """The page with the link that the browser's next message comes with."""
    page.query_params.clear()
    page.query_params.update(query)
    return page


def said(page) -> dict:
    assert not page.exception
    return plain(page.query_params)


def plain(query) -> dict:
    return {key: value[0] if isinstance(value, list) else value for key, value in dict(query).items()}


def test_a_choice_right_after_a_click_on_a_chart_leaves_both_in_the_link(page, sent):
    page.button(key="cell").click().run()
    assert said(page) == {"split": "val"}
    came(page, remedy="focal").selectbox(key="remedy").set_value("focal").run()
    assert said(page) == sent[-1] == {"split": "val", "remedy": "focal"}
    n_sent = len(sent)
    page.run()
    assert len(sent) == n_sent, "a link that the browser has is not sent again"


def test_a_default_chosen_right_after_stays_out_of_the_link(page, sent):
    came(page, remedy="focal").selectbox(key="remedy").set_value("focal").run()
    page.button(key="cell").click().run()
    assert sent[-1] == {"split": "val", "remedy": "focal"}
    came(page).selectbox(key="remedy").set_value("none").run()
    assert said(page) == sent[-1] == {"split": "val"}


def test_a_filter_let_go_of_does_not_come_back_with_the_next_choice(page, sent):
    came(page, split="val").selectbox(key="split").set_value("val").run()
    page.button(key="no_split").click().run()
    assert sent[-1] == {}
    came(page, split="val", remedy="focal").selectbox(key="remedy").set_value("focal").run()
    assert said(page) == {"remedy": "focal"}


def test_what_no_widget_holds_stays_too(page, sent):
    page.button(key="row").click().run()
    assert said(page) == {"film": "7"}
    came(page, remedy="focal").selectbox(key="remedy").set_value("focal").run()
    assert said(page) == sent[-1] == {"film": "7", "remedy": "focal"}


def test_what_was_lost_on_the_way_is_put_in_with_the_next_run(page, sent, monkeypatch):
    page.button(key="cell").click().run()
    came(page, remedy="focal").selectbox(key="remedy").set_value("focal").run()
    monkeypatch.setattr(link, "monotonic", lambda: monotonic() + 11)
    came(page, split="val").run()  # the first link reached the browser last
    assert said(page) == sent[-1] == {"split": "val", "remedy": "focal"}


def test_a_first_value_is_not_written_and_a_changed_one_is_not_written_over(page, sent):
    came(page, split="train").selectbox(key="split").set_value("train").run()
    came(page, split="val").selectbox(key="split").set_value("val").run()
    came(page).selectbox(key="split").set_value("all").run()
    assert said(page) == {} and not sent
    assert page.selectbox(key="look").value == "films"
