"""A browser sends all values of a page with each click: those that it had not heard of, or forgot, take nothing back."""

import pytest
from streamlit.runtime.state import SessionState
from streamlit.testing.v1 import AppTest

from dashboard.outdated_values import pass_over_outdated_values


@pytest.fixture
def page(monkeypatch):
    """A page whose buttons let go of a choice each; what a test sets is what the browser sends."""

    def script():
        import streamlit as st

        let_go = lambda key: st.session_state.update({key: "all"})  # noqa: E731
        told = st.session_state.setdefault("told", [])
        st.selectbox("Split", ["all", "train", "test"], key="split", bind="query-params")
        st.selectbox("Class", ["all", "ill"], key="class", on_change=lambda: told.append("class"))
        st.text_input("Name", key="name", bind="query-params")
        st.multiselect("Runs", ["one", "two", "three"], default=["one", "two"], key="runs", bind="query-params")
        st.number_input("Rate", 0.0, 1.0, 0.5, key="rate", bind="query-params")
        st.toggle("Shown", key="shown", bind="query-params")
        st.button("No split", key="no_split", on_click=let_go, args=("split",))
        st.button("No class", key="no_class", on_click=let_go, args=("class",))

    monkeypatch.setattr(SessionState, "set_widgets_from_proto", SessionState.set_widgets_from_proto)
    pass_over_outdated_values()
    page = AppTest.from_function(script, default_timeout=180).run()
    page.selectbox(key="split").set_value("test")
    page.selectbox(key="class").set_value("ill").run()
    assert values(page) == ("test", "ill", "")
    return page


def values(page):
    assert not page.exception
    return page.selectbox(key="split").value, page.selectbox(key="class").value, page.text_input(key="name").value


def test_the_second_of_two_quick_clicks_does_not_undo_the_first(page):
    page.button(key="no_class").click().run()
    page.selectbox(key="class").set_value("ill")  # as the browser still has it
    page.button(key="no_split").click().run()
    assert values(page) == ("all", "all", "")
    assert page.session_state["told"] == ["class"], "nobody chose it a second time"
    page.selectbox(key="class").set_value("ill")  # nor does the one after it
    page.selectbox(key="split").set_value("test")
    page.text_input(key="name").set_value("person1").run()
    assert values(page) == ("all", "all", "person1")


def test_what_was_let_go_of_can_be_chosen_again(page):
    page.button(key="no_class").click().run()
    page.selectbox(key="class").set_value("ill").run()
    assert values(page) == ("test", "ill", "")
    assert page.session_state["told"] == ["class", "class"]


def test_a_text_and_the_click_that_ends_it_arrive_together(page):
    page.text_input(key="name").set_value("person1")
    page.button(key="no_split").click().run()
    assert values(page) == ("all", "ill", "person1")
    page.text_input(key="name").set_value("")
    page.button(key="no_class").click().run()
    assert values(page) == ("all", "all", "")


@pytest.mark.parametrize(("linked", "then"), [("test", "test"), ("train", "train"), (None, "train")])
def test_a_choice_that_the_browser_forgot_stays_as_the_link_has_it(page, linked, then):
    """A person's choice stands in the link at once, so that one which the link denies is nobody's."""
    page.query_params.pop("split", None)
    if linked:
        page.query_params["split"] = linked
    page.selectbox(key="split").set_value("train" if linked != "test" else "all").run()
    assert values(page)[0] == then


@pytest.mark.parametrize(
    ("key", "sent", "linked", "taken"),
    [
        ("runs", ["three", "one"], ["three", "one"], True), ("runs", [], [""], True), ("runs", [], ["three"], False),
        ("runs", ["one"], ["one", "three"], False),
        ("rate", 1e-7, ["1e-7"], True), ("rate", 0.5, ["0.25"], False), ("rate", 0.25, ["a quarter"], True),
        ("shown", True, ["true"], True), ("shown", False, ["true"], False), ("name", "a b+c", ["a b+c"], True), ("name", "", ["a"], False),
    ],
)  # fmt: skip
def test_what_a_browser_writes_into_the_link_is_read_as_it_writes_it(page, key, sent, linked, taken):
    kind = {"runs": "multiselect", "rate": "number_input", "shown": "toggle", "name": "text_input"}[key]
    widget = lambda: getattr(page, kind)(key=key)  # noqa: E731 - of the latest run
    other = {"runs": ["two"], "rate": 0.75, "shown": True, "name": "before"}[key] if not taken else widget().value
    widget().set_value(other).run()
    page.query_params[key] = linked
    widget().set_value(sent).run()
    assert not page.exception
    assert widget().value == (sent if taken else other)
