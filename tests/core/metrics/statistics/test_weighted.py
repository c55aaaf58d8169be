"""Every weighted statistic equals scikit-learn, with ties, for ones and for whole-number weights (a sample drawn twice)."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as oracle

from core.metrics.statistics import weighted


def binary(seed: int, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores with many ties, some exactly 0 and 1."""
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, n)
    y_score = np.clip(np.round(0.25 * y_true + rng.random(n) * 0.9, seed % 3 + 1), 0, 1)
    return y_true, y_score


def multiclass(seed: int, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 3, n)
    scores = rng.random((n, 3)).round(1) + 0.5 * np.eye(3)[y_true] + 0.01
    return y_true, scores / scores.sum(axis=1, keepdims=True)


def weightings(seed: int, n: int = 200) -> np.ndarray:
    """Ones, and two random draws in which many samples count zero times: (3, n)."""
    rng = np.random.default_rng(seed + 1000)
    return np.stack([np.ones(n), rng.integers(0, 4, n), rng.multinomial(n, np.full(n, 1 / n))]).astype(float)


def ece_by_hand(y_true, y_score, sample_weight):
    """Naeini et al. 2015, bin by bin."""
    total = 0.0
    for k in range(10):
        inside = (y_score >= k / 10) & ((y_score < (k + 1) / 10) | (k == 9))
        if sample_weight[inside].sum():
            gap = np.average(y_true[inside], weights=sample_weight[inside]) - np.average(y_score[inside], weights=sample_weight[inside])
            total += abs(gap) * sample_weight[inside].sum()
    return total / sample_weight.sum()


BINARY = {
    "roc_auc": (weighted.roc_auc, oracle.roc_auc_score),
    "average_precision": (weighted.average_precision, oracle.average_precision_score),
    "brier": (weighted.brier, oracle.brier_score_loss),
    "ece": (weighted.ece, ece_by_hand),
}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", BINARY)
def test_scores_of_two_classes(name, seed):
    ours, theirs = BINARY[name]
    y_true, y_score = binary(seed)
    if name == "ece":  # scores on a bin's edge belong to the bin above; away from edges no rounding can decide
        y_score = np.clip(y_score + 0.003, 0, 1)
    weights = weightings(seed)
    assert ours(y_true, y_score)(weights) == pytest.approx([theirs(y_true, y_score, sample_weight=w) for w in weights], abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_f1_and_means(seed):
    y_true, y_score = binary(seed)
    y_pred = (y_score >= 0.5).astype(int)
    weights = weightings(seed)
    assert weighted.f1(y_true, y_pred)(weights) == pytest.approx([oracle.f1_score(y_true, y_pred, sample_weight=w) for w in weights])
    right = (y_true == y_pred).astype(float)
    assert weighted.mean(right)(weights) == pytest.approx([oracle.accuracy_score(y_true, y_pred, sample_weight=w) for w in weights])
    recall = weighted.mean(right, y_true == 1)(weights)
    assert recall == pytest.approx([oracle.recall_score(y_true, y_pred, sample_weight=w) for w in weights])


@pytest.mark.parametrize("seed", range(8))
def test_more_than_two_classes(seed):
    y_true, scores = multiclass(seed)
    y_pred, weights = scores.argmax(axis=1), weightings(seed)
    expected = [oracle.f1_score(y_true, y_pred, average="macro", sample_weight=w) for w in weights]
    assert weighted.macro_f1(y_true, y_pred, 3)(weights) == pytest.approx(expected)
    area = [np.mean([oracle.roc_auc_score(y_true == c, scores[:, c], sample_weight=w) for c in range(3)]) for w in weights]
    assert weighted.macro_roc_auc(y_true, scores)(weights) == pytest.approx(area)
    assert area[0] == pytest.approx(oracle.roc_auc_score(y_true, scores, multi_class="ovr", average="macro"))


def test_goldens_by_hand():
    y_true, y_score = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    ones = np.ones((1, 4))
    assert weighted.roc_auc(y_true, y_score)(ones)[0] == 0.75  # 3 of the 4 pairs are in order
    assert weighted.average_precision(y_true, y_score)(ones)[0] == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert weighted.brier(y_true, y_score)(ones)[0] == pytest.approx((0.01 + 0.16 + 0.4225 + 0.04) / 4)
    assert weighted.ece(y_true, y_score)(ones)[0] == pytest.approx((0.1 + 0.4 + 0.65 + 0.2) / 4)
    assert weighted.roc_auc(y_true, np.full(4, 0.5))(ones)[0] == 0.5


def test_drawing_a_sample_twice_is_the_same_as_having_it_twice():
    y_true, y_score = binary(3)
    counts = weightings(3)[1].astype(int)
    for statistic in (weighted.roc_auc, weighted.average_precision, weighted.brier, weighted.ece):
        repeated = statistic(y_true.repeat(counts), y_score.repeat(counts))(np.ones((1, counts.sum())))
        assert statistic(y_true, y_score)(counts[None].astype(float)) == pytest.approx(repeated)


def test_one_class_leaves_areas_undefined_and_the_rest_defined():
    y_true, y_score, ones = np.zeros(5, int), np.linspace(0, 1, 5), np.ones((1, 5))
    assert np.isnan(weighted.roc_auc(y_true, y_score)(ones))[0]
    assert np.isnan(weighted.average_precision(y_true, y_score)(ones))[0]
    assert np.isnan([weighted.f1(y_true, called)(ones)[0] for called in (y_true, 1 - y_true)]).all()
    assert np.isnan(weighted.macro_f1(y_true, 1 - y_true, 2)(ones))[0] and weighted.f1(1 - y_true, y_true)(ones)[0] == 0
    assert weighted.ece(y_true, y_score)(ones)[0] == pytest.approx(0.5)
    assert np.isnan(weighted.mean(y_score, y_true == 1)(ones))[0]


def test_weights_that_leave_out_a_class_are_undefined_alone():
    y_true, y_score = np.array([0, 0, 1]), np.array([0.2, 0.6, 0.4])
    values = weighted.roc_auc(y_true, y_score)(np.array([[1.0, 1, 1], [1, 1, 0], [0, 2, 1]]))
    assert values[0] == 0.5 and np.isnan(values[1]) and values[2] == 0
