"""A browser sends all values of a page with each click: those that it had not heard of, or forgot, take nothing back."""

from time import monotonic

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state import SessionState
from streamlit.testing.v1 import AppTest

from dashboard.quick_clicks import values as outdated_values
from dashboard.quick_clicks.values import pass_over_outdated_values


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
        st.components.v2.component("chart", html="<p>a chart</p>")(key="chart", on_picked_change=lambda: None)
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


def test_what_is_picked_in_a_chart_does_not_undo_a_click(page, monkeypatch):
    page.button(key="no_class").click().run()
    bring = SessionState.set_widgets_from_proto
    picked = WidgetState(id=page.get("bidi_component")[0].proto.id, json_value='{"picked": ["train"]}')
    monkeypatch.setattr(
        SessionState, "set_widgets_from_proto", lambda state, brought: bring(state, WidgetStates(widgets=[*brought.widgets, picked]))
    )
    page.selectbox(key="class").set_value("ill").run()  # as the browser still has it
    assert values(page) == ("test", "all", "")
    page.selectbox(key="class").set_value("ill").run()  # what was picked stays so: nothing else is new
    assert values(page) == ("test", "ill", "")


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


def test_what_comes_a_while_after_is_a_persons_though_it_came_before(page, monkeypatch):
    page.button(key="no_class").click().run()
    monkeypatch.setattr(outdated_values, "monotonic", lambda: monotonic() + 11)
    page.selectbox(key="class").set_value("ill")
    page.button(key="no_split").click().run()
    assert values(page) == ("all", "ill", "")


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
        ("runs", ["three", "one"], ["three", "one"], True), ("runs", ["one", "two"], ["one", "two"], True),
        ("runs", ["one", "two"], ["three"], False), ("runs", ["one", "two"], ["one", "two", "three"], False),
        ("runs", ["one", "two"], [""], False), ("runs", [], [""], True), ("runs", [], ["three"], True),
        ("rate", 0.5, ["0.50"], True), ("rate", 0.5, ["0.25"], False), ("rate", 0.5, ["a quarter"], True), ("rate", 0.3, ["0.25"], True),
        ("shown", True, ["true"], True), ("shown", False, ["true"], False), ("shown", False, ["false"], True),
        ("name", "a b+c", ["a b+c"], True), ("name", "", ["a"], False), ("name", "", [""], True),
    ],
)  # fmt: skip
def test_a_default_that_the_link_denies_is_nobodys_choice(page, key, sent, linked, taken):
    """The link is read as browsers write it. It may be older than a value that is no default: a script that wrote into it was under way."""
    kind = {"runs": "multiselect", "rate": "number_input", "shown": "toggle", "name": "text_input"}[key]
    widget = lambda: getattr(page, kind)(key=key)  # noqa: E731 - of the latest run
    other = {"runs": ["two"], "rate": 0.75, "shown": True, "name": "before"}[key]
    widget().set_value(other).run()
    page.query_params[key] = linked
    widget().set_value(sent).run()
    assert not page.exception
    assert widget().value == (sent if taken else other)
