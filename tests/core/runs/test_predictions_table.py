"""Stored predictions with room for rounding."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.runs.predictions_table import check_predictions, within_unit

NAMES = ("NORMAL", "PNEUMONIA")


def table(scores) -> pd.DataFrame:
    scores = np.asarray(scores)
    return pd.DataFrame({"sample_id": list("ab"), "split": "test", "y_true": [0, 1], "p_NORMAL": 1 - scores, "p_PNEUMONIA": scores})


def test_what_rounding_led_out_is_put_back():
    assert within_unit(1.0000001) == 1 and within_unit(-1e-7) == 0 and within_unit(1.01) == 1.01 and np.isnan(within_unit(float("nan")))
    found = check_predictions(table(np.float32([1.0000001, 0.25])), NAMES, "x")
    assert found["p_PNEUMONIA"].tolist() == [1, 0.25] and found["p_NORMAL"].tolist() == [0, 0.75]
    sound = table([0.5, 0.25])
    assert check_predictions(sound, NAMES, "x") is sound


@pytest.mark.parametrize("score", [1.001, -0.001, float("nan"), float("inf")])
def test_what_rounding_does_not_explain_is_refused(score):
    with pytest.raises(InputError, match=r"x hold scores that are not probabilities in \[0, 1\]"):
        check_predictions(table([score, 0.5]), NAMES, "x")
