"""Wilson's interval against SciPy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from core.metrics.statistics.intervals import Estimate, in_figures, interval_text, wilson, with_interval

COUNTS = [(0, 10), (1, 10), (5, 10), (10, 10), (390, 390), (233, 234), (3, 7), (62_311, 100_000), (0, 1), (1, 1)]


@pytest.mark.parametrize(("successes", "total"), COUNTS)
def test_wilson(successes, total):
    found, scipys = wilson(successes, total), binomtest(successes, total).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((scipys.low, scipys.high), abs=1e-12)
    assert (found.low, found.high) == pytest.approx(proportion_confint(successes, total, method="wilson"), abs=1e-12)
    assert found.low <= found.value == successes / total <= found.high and found.n_samples == total


def test_counts_of_numpy_make_plain_numbers():
    found = wilson(np.int64(3), np.int64(7))
    assert type(found.value) is type(found.low) is float and type(found.n_samples) is int


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(0.9123, 0.885, 0.934, 624), "0.912 (0.885–0.934)"),
        (Estimate(NAN, NAN, NAN, 0), "–"),
        (Estimate(NAN, 0.1, 0.9, 5), "–"),
        (Estimate(1.0, NAN, NAN, 4), "1.000 (–)"),
        (Estimate(np.float64(0.5), 0.25, INF, 4), "0.500 (–)"),
    ],
)
def test_a_dash_stands_for_what_is_not_defined(estimate, text):
    assert with_interval(estimate) == text


def test_numbers_have_a_true_minus_sign():
    assert (in_figures(-0.0871, "+.3f"), in_figures(None), in_figures(-INF)) == ("−0.087", "–", "–")
    assert interval_text(-0.11, 0.06, "+.2f", " to ") == "−0.11 to +0.06" and interval_text(0.1, NAN) == "–"
