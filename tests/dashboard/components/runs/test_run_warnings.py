"""What is odd about a run stands beside its figures, on every page that shows them."""

import pytest

from core.runs.identity import names_of
from core.runs.store import list_runs
from dashboard.components.markdown import plain

ODD = "All 90 test images have the same scores (NORMAL 0, PNEUMONIA 1): they tell nothing apart."


@pytest.fixture
def odd(models_dir):
    run = list_runs(models_dir)[0][0]
    run.write_card(run.card.to_json() | {"warnings": [ODD]})
    return run


@pytest.mark.parametrize("name", ["overview", "compare", "train"])
def test_a_warning_is_shown(name, odd, open_page):
    page = open_page(name)
    assert not page.exception
    (said,) = [warning.value for warning in page.warning if "same scores" in warning.value]
    assert plain(ODD) in said and (name == "train" or plain(names_of([odd])[odd.name]) in said)


def test_without_warnings_nothing_is_shown(models_dir, open_page):
    assert not open_page("overview").warning
