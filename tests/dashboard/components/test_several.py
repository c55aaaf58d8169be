"""Several pictures and several runs: one run without a model stops no other."""

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.prediction import Prediction
from dashboard.components import several


@pytest.fixture
def row(monkeypatch):
    """``row("A", "B")``: the line of a picture that all runs but `B` score, and none called `B…` does."""

    def predict(run, picture):
        if run.startswith("B"):
            raise InputError("The run has no model file.")
        return Prediction({"NORMAL": 0.2, "PNEUMONIA": 0.8}, 0.5, "PNEUMONIA", (), None, True)

    monkeypatch.setattr(several, "decode", lambda picture: (np.zeros((4, 6)), None))
    monkeypatch.setattr(several, "predict", predict)
    picture = type("Picture", (), {"name": "film.png"})()
    return lambda *runs: several._row(picture, {run: run for run in runs})


def test_a_run_without_a_model_leaves_the_scores_of_the_others(row):
    found = row("A", "B", "C")
    assert (found["A: call"], found["C: call"], found["A: p(pneumonia)"]) == ("PNEUMONIA", "PNEUMONIA", pytest.approx(0.8))
    assert "B: call" not in found and found["error"] == "" and "B: The run has no model file." in found["checks"]
    assert several.tally(pd.DataFrame([found])) == "**1 files**, 1 scored"


def test_a_picture_that_no_run_scores_is_left_out_with_the_reason(row):
    found = row("B", "B2")
    assert found["error"] == "The run has no model file." and "B: call" not in found
