"""Predictive values with a run's rates: which run comes first, and of which data its rates are."""

from types import SimpleNamespace

import pytest

from dashboard.components.data.remedies.prevalence import of_other_data


@pytest.mark.parametrize(
    ("fingerprint", "said"),
    [("here", ""), ("elsewhere", " of other \\*films\\*. Those are not the images of this page")],
)
def test_rates_of_another_data_set_say_of_which(fingerprint, said):
    run = SimpleNamespace(config=SimpleNamespace(fingerprint=fingerprint, data_title="other *films*"))
    found = of_other_data(run, SimpleNamespace(fingerprint="here"))
    assert found.startswith(said) and bool(found) == bool(said)


def test_the_run_that_was_best_before_test_is_offered_first(models_dir, phantoms, open_page):
    app = open_page("data", data_source=str(phantoms))
    choice = app.selectbox(key="data_operating")
    assert choice.value == choice.options[0] == "CNN_1, 3 epochs · seed 1", "the newer one, seed 2, is little better than chance"
    said = [caption.value for caption in app.caption if caption.value.startswith("Sensitivity")]
    assert len(said) == 1 and "Those are not the images of this page" in said[0]
