"""Where the process that computed something ended, the page offers to compute it again."""

import pytest
from streamlit.testing.v1 import AppTest


def page(ended: bool):
    import streamlit as st

    from core.bounded import HelperEnded
    from core.errors import InputError
    from dashboard.components.inspect.try_again import offer_again

    runs = st.session_state.setdefault("runs", 0) + 1
    st.session_state["runs"] = runs
    offer_again(HelperEnded("it ended") if ended else InputError("no such class"), "a_grad_cam")


@pytest.mark.parametrize("ended", [True, False])
def test_a_button_asks_again_where_that_can_help(ended):
    app = AppTest.from_function(page, kwargs={"ended": ended}, default_timeout=180).run()
    assert not app.exception
    assert [button.label for button in app.button] == ["Try again"] * ended
    if ended:
        app.button[0].click().run()
        assert app.session_state["runs"] == 2, "the page is drawn anew, and what failed is computed"
