"""Two runs on the same images: McNemar by hand, signs that turn with the order, and pairs that are refused."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from sklearn.metrics import roc_auc_score

from core.config import Recipe, RunConfig
from core.errors import InputError
from core.metrics.comparison import AREAS, MCNEMAR, compare_runs, pair
from core.runs.store import create_run

BINARY = ("NORMAL", "PNEUMONIA")


@pytest.fixture
def make(tmp_path):
    counter = itertools.count()

    def make(p, y, class_names=BINARY, ids=None, card=None):
        """A run with the scores `p`, of class 1 or of every class."""
        config = RunConfig(system="cnn1", n_classes=len(class_names), class_names=class_names, image_size=64, recipe=Recipe())
        run = create_run(config, tmp_path, tmp_path / str(next(counter)))
        p = np.asarray(p, dtype=float)
        scores = np.stack([1 - p, p], axis=1) if p.ndim == 1 else p
        ids = [f"test/X/person{i // 2}_virus_{i}.jpeg" for i in range(len(y))] if ids is None else ids
        table = pd.DataFrame({"sample_id": ids, "split": "test", "y_true": y})
        run.write_predictions(table.assign(**{f"p_{name}": scores[:, i] for i, name in enumerate(class_names)}))
        run.write_card(card or {})
        return run

    return make


def random_pair(make, seed=0, n=120):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    better, worse = (np.clip(k * y + (1 - k) * rng.random(n), 0, 1) for k in (0.45, 0.2))
    return y, worse, better, make(worse, y), make(better, y)


def test_mcnemar_by_hand(make):
    """Of 20 images a alone is right on 2 and b alone on 9: two-sided exact p = 2 · P(X ≤ 2 | 11, ½) = 134/2048."""
    y = np.ones(20, int)
    a = np.r_[np.full(2, 0.9), np.full(9, 0.1), np.full(6, 0.9), np.full(3, 0.1)]
    b = np.r_[np.full(2, 0.1), np.full(9, 0.9), np.full(6, 0.9), np.full(3, 0.1)]
    found = {d.metric: d for d in compare_runs(make(a, y), make(b, y), threshold=0.5)}
    assert found["accuracy"].difference == found["sensitivity"].difference == pytest.approx(7 / 20)
    assert found["accuracy"].p_value == found["sensitivity"].p_value == pytest.approx(134 / 2048)
    assert 2 * binom.cdf(2, 11, 0.5) == pytest.approx(134 / 2048)
    assert found["accuracy"].test == MCNEMAR and found["sensitivity"].n_samples == 20
    assert found["specificity"].n_samples == 0 and np.isnan([found["specificity"].difference, found["specificity"].p_value]).all()
    assert np.isnan(found["roc_auc"].difference) and np.isnan(found["roc_auc"].p_value)


def test_differences_against_scikit_learn(make):
    y, worse, better, a, b = random_pair(make)
    found = {d.metric: d for d in compare_runs(a, b, threshold=0.5)}
    assert list(found) == ["accuracy", "specificity", "sensitivity", "roc_auc"]
    assert found["roc_auc"].difference == pytest.approx(roc_auc_score(y, better) - roc_auc_score(y, worse))
    right = [(p >= 0.5) == y for p in (worse, better)]
    assert found["accuracy"].difference == pytest.approx(right[1].mean() - right[0].mean())
    assert found["specificity"].difference == pytest.approx(right[1][y == 0].mean() - right[0][y == 0].mean())
    for difference in found.values():
        assert difference.low <= difference.difference <= difference.high
    assert found["roc_auc"].test == AREAS and found["roc_auc"].p_value < 0.01 and found["roc_auc"].low > 0


def test_the_other_way_round_only_the_sign_turns(make):
    *_, a, b = random_pair(make, seed=3)
    for one, other in zip(compare_runs(a, b, threshold=0.5), compare_runs(b, a, threshold=0.5), strict=True):
        assert (one.a, one.b) == (other.b, other.a)
        assert one.difference == pytest.approx(-other.difference) and one.p_value == pytest.approx(other.p_value)
        assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_a_run_against_its_equal(make):
    y, worse, *_ = random_pair(make)
    for difference in compare_runs(make(worse, y), make(worse, y), threshold=0.5):
        assert (difference.difference, difference.low, difference.high, difference.p_value) == (0, 0, 0, 1)


@pytest.mark.long
def test_under_no_difference_few_p_values_are_small(make):
    small = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        y = rng.integers(0, 2, 60)
        one, other = (np.clip(0.3 * y + 0.7 * rng.random(60), 0, 1) for _ in range(2))
        small += compare_runs(make(one, y), make(other, y), threshold=0.5)[-1].p_value < 0.05
    assert small <= 6  # 2 expected


def test_each_run_stands_at_its_own_operating_point(make):
    y = np.array([0, 0, 1, 1] * 5)
    p = np.array([0.1, 0.2, 0.3, 0.4] * 5)
    low = {"recommended": {"value": 0.25}, "thresholds": {"youden": 0.25}}
    a, b = make(p, y, card=low), make(p, y)
    found = {d.metric: d.difference for d in compare_runs(a, b)}
    assert found == pytest.approx({"accuracy": -0.5, "specificity": 0, "sensitivity": -1, "roc_auc": 0})


def test_three_classes(make):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 90)
    names = ("NORMAL", "BACTERIAL", "VIRAL")
    scores = [s / s.sum(axis=1, keepdims=True) for s in (rng.random((90, 3)), rng.random((90, 3)) + np.eye(3)[y])]
    found = {d.metric: d for d in compare_runs(*(make(s, y, names) for s in scores))}
    assert list(found) == ["accuracy", "recall_NORMAL", "recall_BACTERIAL", "recall_VIRAL", "roc_auc"]
    areas = [roc_auc_score(y, s, multi_class="ovr") for s in scores]
    assert found["roc_auc"].difference == pytest.approx(areas[1] - areas[0])
    assert found["recall_VIRAL"].n_samples == (y == 2).sum()


def test_pairs_are_in_the_same_order_whatever_the_files(make):
    y = np.array([0, 1, 0, 1])
    ids = ["d", "b", "c", "a"]
    panel = pair(make([0.1, 0.2, 0.3, 0.4], y, ids=ids), make([0.4, 0.3, 0.2, 0.1], y[::-1], ids=ids[::-1]))
    assert panel.sample_ids.tolist() == ["a", "b", "c", "d"] and panel.y_true.tolist() == [1, 1, 0, 0]
    assert panel.scores[:, :, 1].tolist() == [[0.4, 0.2, 0.3, 0.1]] * 2


def test_labels_stored_in_another_width_are_the_same_labels(make):
    p = [0.1, 0.9]
    assert pair(make(p, np.array([0, 1], np.int32)), make(p, np.array([0, 1], np.int64))).n_samples == 2


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"class_names": ("NORMAL", "COVID")}, "have different classes"),
        ({"ids": ["a", "c"]}, "scored on different test images"),
        ({"y": [1, 0]}, "disagree on the true labels"),
    ],
)
def test_what_cannot_be_paired(make, other, expected):
    plain = {"p": [0.2, 0.8], "y": [0, 1], "ids": ["a", "b"]}
    with pytest.raises(InputError, match=expected) as refusal:
        pair(make(**plain), make(**plain | other))
    assert str(refusal.value).count(". ") == 0


def test_more_images_on_one_side(make):
    with pytest.raises(InputError, match="different test images"):
        pair(make([0.2, 0.8], [0, 1]), make([0.2, 0.8, 0.5], [0, 1, 1]))


def test_a_split_without_predictions(make):
    with pytest.raises(InputError, match="no predictions for the split 'val'"):
        compare_runs(make([0.2, 0.8], [0, 1]), make([0.2, 0.8], [0, 1]), "val")
