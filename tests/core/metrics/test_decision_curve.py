"""Net benefit, cost and predictive values, by hand and against scikit-learn."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import confusion_matrix, precision_score

from core.errors import InputError
from core.metrics.decision_curve import cost_per_100, decision_curve, predictive_values
from core.metrics.evaluation import Evaluation
from core.metrics.statistics.intervals import wilson


def evaluation(tn, fp, fn, tp):
    """An evaluation with this confusion matrix, and of its metrics the two rates."""
    rates = {"sensitivity": wilson(tp, fn + tp), "specificity": wilson(tn, tn + fp)}
    return Evaluation(tn + fp + fn + tp, 0.5, ("NORMAL", "PNEUMONIA"), np.array([[tn, fp], [fn, tp]]), rates, {})


def random_scores(seed=0, n=200):
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, n)
    return y_true, np.clip(0.3 * y_true + 0.7 * rng.random(n), 0, 1)


def test_net_benefit_by_hand():
    """At 0.2 with 100 images, 30 true and 20 false calls: 30/100 − 20/100 · 0.2/0.8 = 0.25; all 40 cases treated: 0.4 − 0.6/4."""
    y_true, y_score = np.repeat([1, 1, 0, 0], [30, 10, 20, 40]), np.repeat([0.9, 0.1, 0.9, 0.1], [30, 10, 20, 40])
    found = decision_curve(y_true, y_score, n_steps=4).set_index("threshold").loc[0.2]
    assert found["net_benefit"] == pytest.approx(0.25) and found["treat_all"] == pytest.approx(0.25)


@pytest.mark.parametrize("seed", range(4))
def test_net_benefit_is_its_definition_at_every_threshold(seed):
    y_true, y_score = random_scores(seed)
    curve = decision_curve(y_true, y_score)
    assert len(curve) == 99 and curve["threshold"].is_monotonic_increasing
    for threshold, benefit, treat_all in curve.to_numpy():
        _, fp, _, tp = confusion_matrix(y_true, y_score >= threshold).ravel()
        odds = threshold / (1 - threshold)
        assert benefit == pytest.approx(tp / 200 - fp / 200 * odds)
        assert treat_all == pytest.approx(y_true.mean() - (1 - y_true.mean()) * odds)


def test_at_the_prevalence_of_the_images_it_is_the_same_curve():
    y_true, y_score = random_scores()
    pd.testing.assert_frame_equal(decision_curve(y_true, y_score), decision_curve(y_true, y_score, y_true.mean()))
    assert decision_curve(y_true, y_score, 0.05)["net_benefit"].max() < 0.05


def test_cost_by_hand():
    """Ten missed of 100 cases and 20 false alarms on 100 normal images, k = 5: (5 · 10 + 20) / 2 for 100 images."""
    found = evaluation(80, 20, 10, 90)
    assert cost_per_100(found, 5) == pytest.approx(35)
    assert cost_per_100(found, 1) == pytest.approx(15) and cost_per_100(found, 5, 0.1) == pytest.approx(100 * (5 * 0.1 * 0.1 + 0.2 * 0.9))


def test_predictive_values_by_hand():
    """Sensitivity 0.9, specificity 0.8, prevalence 0.1: PPV = 0.09 / 0.27, NPV = 0.72 / 0.73."""
    found = predictive_values(evaluation(80, 20, 10, 90), 0.1)
    assert found["ppv"].value == pytest.approx(0.09 / 0.27) and found["npv"].value == pytest.approx(0.72 / 0.73)


def test_predictive_values_at_the_prevalence_of_the_images_are_shares_of_calls():
    y_true, called = np.repeat([0, 0, 1, 1], [80, 20, 10, 90]), np.repeat([0, 1, 0, 1], [80, 20, 10, 90])
    found = predictive_values(evaluation(80, 20, 10, 90), 0.5)
    assert found["ppv"].value == pytest.approx(precision_score(y_true, called))
    assert found["npv"].value == pytest.approx(precision_score(y_true, called, pos_label=0))


@pytest.mark.parametrize("prevalence", [None, 0.5, 0.5004])
def test_the_predictive_value_at_the_images_own_prevalence_is_the_precision_with_its_interval(prevalence):
    measured = evaluation(80, 20, 10, 90)
    found = predictive_values(measured, prevalence)
    assert found == {"ppv": wilson(90, 110), "npv": wilson(80, 90)}
    assert predictive_values(measured, 0.51)["ppv"] != found["ppv"]


def test_intervals_are_the_logit_intervals_of_adjusted_counts():
    """Mercaldo et al. 2007: rates with half a z² added to each side, and the delta method on the logit."""
    z = norm.ppf(0.975)
    sensitivity, specificity = (90 + z**2 / 2) / (100 + z**2), (80 + z**2 / 2) / (100 + z**2)
    n, share = 100 + z**2, 0.1
    logit = np.log(sensitivity * share / ((1 - specificity) * (1 - share)))
    error = np.sqrt((1 - sensitivity) / sensitivity / n + specificity / (1 - specificity) / n)
    found = predictive_values(evaluation(80, 20, 10, 90), share)["ppv"]
    assert (found.low, found.high) == pytest.approx(tuple(1 / (1 + np.exp(-(logit + sign * z * error))) for sign in (-1, 1)))


def test_about_95_of_100_intervals_cover_the_truth():
    rng, covered = np.random.default_rng(0), 0
    truth = 0.85 * 0.2 / (0.85 * 0.2 + 0.1 * 0.8)
    for _ in range(300):
        tp, tn = rng.binomial(150, 0.85), rng.binomial(150, 0.9)
        found = predictive_values(evaluation(tn, 150 - tn, 150 - tp, tp), 0.2)["ppv"]
        covered += found.low <= truth <= found.high
    assert 273 <= covered <= 297


@pytest.mark.parametrize("counts", [(10, 0, 0, 10), (10, 0, 10, 0), (0, 10, 0, 10)])
def test_perfect_and_useless_runs_keep_ordered_intervals(counts):
    for estimate in predictive_values(evaluation(*counts), 0.3).values():
        if estimate.value == estimate.value:
            assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_one_class_alone_has_no_predictive_value():
    found = predictive_values(evaluation(5, 5, 0, 0), 0.3)
    assert np.isnan(found["ppv"].value) and np.isnan(cost_per_100(evaluation(5, 5, 0, 0), 3))


@pytest.mark.parametrize("prevalence", [0, 1, -0.1, 1.5, float("nan")])
def test_impossible_prevalences(prevalence):
    with pytest.raises(InputError, match="one in twenty; received"):
        predictive_values(evaluation(80, 20, 10, 90), prevalence)
    with pytest.raises(InputError, match="between 0 and 1, such as"):
        decision_curve(*random_scores(), prevalence)


@pytest.mark.parametrize(("k", "received"), [(-1, "-1"), (0, "0"), (2e6, "2e+06"), (float("nan"), "no number"), (float("inf"), "infinity")])
def test_impossible_costs(k, received):
    with pytest.raises(InputError, match=re.escape(f"more than 0 and at most 1,000,000 false alarms; received {received}.")):
        cost_per_100(evaluation(80, 20, 10, 90), k)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("prevalence", "ppv", "npv"), [(5e-324, 0, 1), (1e-12, 4.5e-12, 1), (1 - 1e-16, 1, 0)])
def test_prevalences_next_to_the_ends(prevalence, ppv, npv):
    found = predictive_values(evaluation(80, 20, 10, 90), prevalence)
    assert (found["ppv"].value, found["npv"].value) == pytest.approx((ppv, npv), rel=1e-6)
    assert all(0 <= estimate.low <= estimate.value <= estimate.high <= 1 for estimate in found.values())
