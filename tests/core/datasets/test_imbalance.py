"""Imbalance and its remedies, by hand, by scikit-learn and by what training itself draws."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from core.datasets.imbalance import (
    balanced_weights,
    effective_number,
    focal_factor,
    loss_shares,
    moved_threshold,
    predictive_values,
    ratio,
    ratio_text,
    shown_per_epoch,
)
from core.training.input.class_sampling import draw

COUNTS = np.array([1073, 3100])


@pytest.mark.parametrize(
    ("counts", "text"), [([1073, 3100], "2.9 : 1"), ([5, 5], "1.0 : 1"), ([7], "–"), ([7, 0], "–"), ([], "–"), ([10, 5, 2], "5.0 : 1")]
)
def test_a_ratio_takes_two_classes(counts, text):
    """A single class was shown as 1.0 : 1."""
    assert ratio_text(np.array(counts)) == text
    assert np.isnan(ratio(np.array(counts))) == (text == "–")


def test_the_effective_number_is_a_geometric_sum():
    for beta in (0.0, 0.9, 0.999):
        by_hand = [sum(beta**i for i in range(n)) for n in (1, 10, 300)]
        assert effective_number(np.array([1, 10, 300]), beta) == pytest.approx(by_hand)


def test_weights_are_those_of_scikit_learn():
    y = np.repeat([0, 1, 2], [5, 20, 75])
    expected = compute_class_weight("balanced", classes=np.arange(3), y=y)
    assert balanced_weights(np.bincount(y)) == pytest.approx(expected)
    assert balanced_weights(np.array([0, 4])).tolist() == [0, 0.5]


@pytest.mark.parametrize(("remedy", "sampling"), [("none", "natural"), ("oversample", "oversample"), ("undersample", "undersample")])
@pytest.mark.parametrize("counts", [[7, 31], [5, 0, 12], [4]])
def test_an_epoch_is_what_training_draws(remedy, sampling, counts):
    y = np.repeat(np.arange(len(counts)), counts)
    shown = np.bincount(y[draw(y, sampling, np.random.default_rng(0))], minlength=len(counts))
    assert shown_per_epoch(np.array(counts), remedy).tolist() == shown.tolist()


@pytest.mark.parametrize("remedy", ["class_weights", "oversample", "undersample"])
def test_three_remedies_imply_equal_priors(remedy):
    assert loss_shares(COUNTS, remedy) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("remedy", ["none", "focal", "threshold"])
def test_the_others_keep_the_natural_prior(remedy):
    assert loss_shares(COUNTS, remedy) == pytest.approx(COUNTS / COUNTS.sum())


def test_the_focal_factor():
    assert focal_factor([0.5, 0.9], 2.0) == pytest.approx([0.25, 0.01])
    assert focal_factor(0.3, 0.0) == 1


def test_the_moved_threshold_undoes_the_change_of_prior():
    """A score at the threshold, its odds multiplied by the change of the prior odds, is one half."""
    for train, expected in ((0.74, 0.62), (0.74, 0.05), (0.5, 0.9)):
        score = moved_threshold(train, expected)
        odds = score / (1 - score) * (expected / (1 - expected)) / (train / (1 - train))
        assert odds == pytest.approx(1)
    assert moved_threshold(0.3, 0.3) == pytest.approx(0.5)


def test_predictive_values_of_a_thousand_patients():
    ppv, npv = predictive_values(0.9, 0.8, 0.05)  # of 1,000: 45 of 50 found, 190 of 950 called, 760 cleared, 5 missed
    assert ppv == pytest.approx(45 / (45 + 190)) and npv == pytest.approx(760 / 765)


def test_predictive_values_at_the_ends():
    assert np.isnan(predictive_values(0.0, 1.0, 0.5)[0]) and np.isnan(predictive_values(1.0, 0.0, 0.5)[1])
    assert predictive_values(0.9, 0.8, 1.0)[0] == 1
