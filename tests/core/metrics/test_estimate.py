"""Wilson's interval against SciPy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from core.metrics.estimate import wilson

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
