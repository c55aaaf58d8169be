"""The cards of the Overview: what is known stands there at once, and the rest says how far it is where it will stand."""

import pytest

from dashboard import state


@pytest.fixture
def slowly(monkeypatch):
    """Measuring that shows its progress, and leaves it where it was shown."""
    import streamlit as st

    measured = state.dataset

    def measuring():
        st.progress(0.5, text="Measuring images: 30 of 60")
        return measured()

    monkeypatch.setattr(state, "dataset", measuring)


def test_the_progress_of_measuring_stands_in_the_card_and_gives_way_to_the_number(models_dir, open_page, page_text, slowly):
    app = open_page("overview")
    assert not app.exception
    said = page_text(app)
    assert "training films" in said and "Counting" not in said and not app.get("progress")
