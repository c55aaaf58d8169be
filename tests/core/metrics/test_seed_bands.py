"""The mean of seeds, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from core.metrics.curves import roc_points
from core.metrics.seed_bands import mean_history, mean_roc


def test_two_curves_worked_by_hand():
    perfect = pd.DataFrame({"fpr": [0.0, 0.0, 1.0], "tpr": [0.0, 1.0, 1.0], "threshold": [np.inf, 0.5, 0.1]})
    chance = pd.DataFrame({"fpr": [0.0, 1.0], "tpr": [0.0, 1.0], "threshold": [np.inf, 0.1]})
    mean = mean_roc([perfect, chance])
    middle = mean[np.isclose(mean["fpr"], 0.5)].iloc[0]
    assert middle.tolist() == pytest.approx([0.5, 0.75, 0.5, 1.0])
    assert mean.iloc[0].tolist() == [0, 0, 0, 0] and mean.iloc[-1].tolist() == [1, 1, 1, 1]


def test_the_area_of_the_mean_is_the_mean_of_the_areas():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    curves = [roc_points(y, rng.normal(y, 1.2)) for _ in range(3)]
    areas = [np.trapezoid(curve["tpr"], curve["fpr"]) for curve in curves]
    mean = mean_roc(curves)
    assert np.trapezoid(mean["tpr"], mean["fpr"]) == pytest.approx(np.mean(areas), abs=2e-3)
    assert (mean["tpr_low"] <= mean["tpr"] + 1e-12).all() and (mean["tpr"] <= mean["tpr_high"] + 1e-12).all()
    assert (mean["tpr"].diff().dropna() > -1e-12).all()
    assert mean_roc([pd.DataFrame(columns=["fpr", "tpr", "threshold"])]).empty and mean_roc([]).empty


def test_histories_of_different_length():
    long = pd.DataFrame({"epoch": [1, 2], "loss": [1.0, 0.5]})
    short = pd.DataFrame({"epoch": [1], "loss": [3.0]})
    table = mean_history([long, short, pd.DataFrame(columns=["epoch"])])
    assert table.to_dict("list") == {"epoch": [1, 2], "n_runs": [2, 1], "loss": [2.0, 0.5], "loss_low": [1.0, 0.5], "loss_high": [3.0, 0.5]}
    diverged = mean_history([long.assign(loss=[np.inf, 1.0]), short])
    assert diverged["loss"].tolist() == [3.0, 1.0] and mean_history([]).empty
