import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from core.figures.det import det_figure, deviate

POINTS = pd.DataFrame({"fpr": [0.0, 0.1587, 1.0], "fnr": [1.0, 0.5, 0.0], "threshold": [np.inf, 0.5, 0.0]})


def test_rates_are_drawn_as_normal_deviates():
    drawn = det_figure({"A": POINTS}, {"A": "#111111"}).data[0]
    assert (drawn.x[1], drawn.y[1]) == pytest.approx((-1, 0), abs=1e-3)
    assert np.isfinite(drawn.x).all()
    assert np.isfinite(drawn.y).all()
    assert list(drawn.customdata[0]) == [1, 0, 1], "hover tells the rates and a threshold that can be shown"


def test_the_operating_point_is_marked():
    rates = {"A": {"sensitivity": 0.9, "specificity": 0.8, "precision": 0.7, "threshold": 0.4}}
    figure = det_figure({"A": POINTS}, {"A": "#111111"}, rates)
    assert (figure.data[1].x[0], figure.data[1].y[0]) == pytest.approx((norm.ppf(0.2), norm.ppf(0.1)))
    assert figure.layout.xaxis.ticktext[0] == "0.1 %"


def test_deviates_stay_finite_at_both_ends():
    assert deviate([0, 1]).tolist() == pytest.approx([-deviate(1), deviate(1)])
