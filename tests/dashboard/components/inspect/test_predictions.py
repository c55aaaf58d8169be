"""Verdicts in words: the call, whether it is steady, the calibrated value as people count, and whom the models know."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from core.inference.prediction import Prediction
from core.input_checks import Finding
from dashboard.components.inspect import predictions
from dashboard.components.inspect.predictions import in_words, is_borderline, known_for, verdict

SAID = Prediction({"NORMAL": 0.3, "PNEUMONIA": 0.7}, 0.6, "PNEUMONIA", (), {"NORMAL": 0.34, "PNEUMONIA": 0.66}, True)


def seen(*scores):
    return replace(SAID, views=tuple((1 - score, score) for score in (0.7, *scores)))


def test_a_steady_verdict_is_the_class_and_its_numbers():
    first, numbers = verdict(seen(0.65, 0.8)).split("  \n")
    assert first == "**PNEUMONIA**"
    assert "p(PNEUMONIA) = 0.700 (0.650–0.800 over 10 flips and shifts), threshold 0.600." in numbers
    assert "Calibrated 0.660: of 100 validation films scored like this, about 66 would show PNEUMONIA." in numbers


def test_a_verdict_that_a_shift_changes_is_borderline():
    assert verdict(seen(0.55)).startswith("**PNEUMONIA**, borderline: changes when the film is shifted")
    assert not is_borderline(SAID), "nothing is known before the copies are scored"
    assert not is_borderline(seen(0.6)), "at the threshold the verdict is the same"


def test_an_unreliable_answer_is_no_class_in_bold():
    doubted = seen(0.65).with_findings([Finding("outlines", "warn", "Unlike.")])
    assert verdict(doubted).startswith("**Not reliable here** (its answer would be PNEUMONIA)")
    assert "of 100 validation films" not in verdict(doubted), "they are not like it"
    assert "**PNEUMONIA**" not in verdict(doubted)


def test_no_calibrated_value_is_drawn_of_an_unreliable_answer(monkeypatch):
    drawn = []
    monkeypatch.setattr(predictions.st, "plotly_chart", lambda figure, **more: drawn.append(figure))
    doubted = seen(0.65).with_findings([Finding("outlines", "warn", "Unlike.")])
    predictions._figure({"A": seen(0.65), "B": doubted})
    (diamonds,) = [trace for trace in drawn[0].data if trace.name == "calibrated"]
    assert list(diamonds.x) == [0.66]


def test_of_three_classes_a_verdict_is_borderline_where_another_class_leads_once():
    scores = {"NORMAL": 0.2, "BACTERIAL": 0.5, "VIRAL": 0.3}
    said = Prediction(scores, None, "BACTERIAL", (), None, True, views=((0.2, 0.5, 0.3), (0.1, 0.4, 0.5)))
    assert is_borderline(said) and "the largest of all classes" in verdict(said)
    assert not is_borderline(replace(said, views=said.views[:1]))


@pytest.mark.parametrize(("value", "count"), [(0.001, "fewer than 1 would"), (0.999, "more than 99 would"), (0.5, "about 50 would")])
def test_calibrated_values_are_counted(value, count):
    assert count in in_words(replace(SAID, calibrated={"NORMAL": 1 - value, "PNEUMONIA": value}))


def test_a_run_without_validation_scores_says_so():
    assert in_words(replace(SAID, calibrated=None)) == "Not calibrated: the run has no validation scores."


def test_whom_the_models_know_is_said_once_where_it_is_the_same():
    def run(system):
        return SimpleNamespace(
            name=system,
            config=SimpleNamespace(system=system, data_title="mine"),
            split=pd.DataFrame({"sample_id": ["a"], "split": "train"}),
        )

    (alone,) = known_for({"A": run("cnn1")})
    (same,) = known_for({"A": run("cnn1"), "B": run("cnn1")})
    assert alone.startswith("This model was trained on") and same.startswith("Each of these models was trained on")
    first, second = known_for({"A": run("cnn1"), "B": run("imported")})
    assert first.startswith("A: It was trained on")
    assert second.startswith("B: It came from elsewhere")
