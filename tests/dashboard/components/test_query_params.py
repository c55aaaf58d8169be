"""Links: what they say wins, aliases are understood, dynamic defaults are written into them."""

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from dashboard.components.query_params import preset, unknown_values

    st.text(str(unknown_values("runs", ["a", "b", "c"])))
    preset("point", ["Recommended", "0.5"], "Recommended", {"half": "0.5"})
    point = st.segmented_control("Point", ["Recommended", "0.5"], key="point", required=True, bind="query-params")
    preset("runs", ["a", "b", "c"], ["a", "b"])
    runs = st.multiselect("Runs", ["a", "b", "c"], key="runs", bind="query-params")
    st.text(f"{point} {runs}")


@pytest.mark.parametrize(
    ("link", "point", "runs"),
    [
        ({}, "Recommended", ["a", "b"]),
        ({"point": "0.5", "runs": "c"}, "0.5", ["c"]),
        ({"point": "half"}, "0.5", ["a", "b"]),
        ({"point": "junk", "runs": ["c", "zzz"]}, "Recommended", ["c"]),
        ({"runs": "zzz"}, "Recommended", ["a", "b"]),
    ],
)
def test_a_link_decides_where_it_can(link, point, runs):
    app = AppTest.from_function(page)
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert app.text[-1].value == f"{point} {runs}"


def test_todays_default_runs_are_written_into_the_link():
    app = AppTest.from_function(page).run()
    assert app.query_params["runs"] == ["a", "b"]


def test_what_a_link_names_in_vain_is_known():
    app = AppTest.from_function(page)
    app.query_params["runs"] = ["c", "gone"]
    assert app.run().text[0].value == "['gone']"


def test_a_persons_choice_survives_the_next_run():
    app = AppTest.from_function(page).run()
    app.multiselect(key="runs").set_value(["c"]).run()
    assert app.run().text[-1].value == "Recommended ['c']"


def kept_page():
    import streamlit as st

    from dashboard.components.query_params import keep_in_link, preset, whole_link

    preset("runs", ["a", "b", "c"], ["a", "b"])
    keep_in_link("runs", st.multiselect("Runs", ["a", "b", "c"], key="runs"), default=["c"])
    st.text(str(whole_link().get("runs")))


def test_a_choice_that_is_no_default_is_kept_in_the_link():
    app = AppTest.from_function(kept_page).run()
    assert app.text[0].value == "['a', 'b']"
    assert app.multiselect(key="runs").set_value([]).run().text[0].value == "['']"
    assert app.multiselect(key="runs").set_value(["c"]).run().text[0].value == "None"


def page_of_a_filter():
    import streamlit as st

    from dashboard.components.query_params import preset

    names = ["B"] if st.checkbox("Only B", key="only") else ["A", "B", "C"]
    for key, follows in (("following", True), ("staying", False)):
        preset(key, names, names[0], follows=follows)
        st.selectbox(key, names, key=key, bind="query-params")


def test_what_nobody_chose_follows_the_default():
    """A filter leaves one class; let go of, the page is again what its link opens."""
    app = AppTest.from_function(page_of_a_filter).run()
    app.checkbox(key="only").set_value(True).run()
    assert [app.selectbox(key=key).value for key in ("following", "staying")] == ["B", "B"]
    app.checkbox(key="only").set_value(False).run()
    assert [app.selectbox(key=key).value for key in ("following", "staying")] == ["A", "B"]


def test_what_an_earlier_default_was_is_no_choice():
    """As the second of two quick clicks brings it, from a browser that had not heard of the first."""
    app = AppTest.from_function(page_of_a_filter).run()
    app.checkbox(key="only").set_value(True).run()
    app.checkbox(key="only").set_value(False).run()
    assert app.selectbox(key="following").set_value("B").run().selectbox(key="following").value == "A"


@pytest.mark.parametrize("chosen", ["B", "C"])
def test_what_was_chosen_stays(chosen):
    app = AppTest.from_function(page_of_a_filter).run()
    app.selectbox(key="following").set_value(chosen).run()
    assert app.run().selectbox(key="following").value == chosen


def test_what_the_link_says_stays():
    app = AppTest.from_function(page_of_a_filter)
    app.query_params["following"] = "B"
    assert app.run().run().selectbox(key="following").value == "B"
