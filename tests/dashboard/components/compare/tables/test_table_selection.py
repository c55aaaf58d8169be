"""When a table gets a new key because its selection is no longer what is wanted."""

import pytest
import streamlit as st

from dashboard.components.compare.tables.table_selection import selection_key


@pytest.fixture
def state(monkeypatch):
    """A session's state without a session."""
    found = {}
    monkeypatch.setattr(st, "session_state", found)
    return found


def test_a_table_keeps_its_key_while_it_shows_what_is_wanted(state):
    key = selection_key("board", "rows", [1, 0])
    assert selection_key("board", "rows", [0, 1]) == key
    state[key] = {"selection": {"rows": [0, 1, 2]}}
    assert selection_key("board", "rows", [2, 1, 0]) == key, "the reader's own tick is what is wanted now"


def test_a_choice_made_elsewhere_gives_a_new_key(state):
    first = selection_key("counts", "cells", [(1, "All wrong")])
    state[first] = {"selection": {"cells": [(1, "All wrong")]}}
    assert selection_key("counts", "cells", [(0, "All wrong")]) != first


def test_also_before_the_browser_has_answered(state):
    first = selection_key("counts", "cells", [(1, "All right")])
    second = selection_key("counts", "cells", [(0, "All right")])
    assert second != first
    assert selection_key("counts", "cells", [(0, "All right")]) == second
