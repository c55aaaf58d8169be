"""How alike two maps are."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.saliency import explain
from core.saliency.checks import agreement_of_pairs, feature_agreement, rank_agreement, similarity
from core.saliency.checks.similarity import GRID, coarse

RAMP = np.linspace(0, 1, GRID * GRID, dtype=np.float32).reshape(GRID, GRID)
FLAT = np.zeros((GRID, GRID), np.float32)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (RAMP, RAMP, 1.0),
        (RAMP, RAMP**3, 1.0),  # the order counts, not the values
        (RAMP, 1 - RAMP, -1.0),
        (RAMP, FLAT, 0.0),  # an empty map shares nothing with another
        (FLAT, FLAT, 1.0),
    ],
)
def test_known_pairs(first, second, expected):
    assert similarity(first, second) == pytest.approx(expected)


def test_is_spearman_on_cell_means():
    rng = np.random.default_rng(0)
    first, second = (rng.random((4 * GRID, 4 * GRID), dtype=np.float32) for _ in range(2))
    means = [m.reshape(GRID, 4, GRID, 4).mean(axis=(1, 3)) for m in (first, second)]
    np.testing.assert_allclose(coarse(first), means[0], atol=1e-6)
    assert similarity(first, second) == pytest.approx(spearmanr(means[0], means[1], axis=None).statistic, abs=1e-5)


def test_every_pair_is_told_once(brightness_model, spot_image):
    explanations = {key: explain(brightness_model, spot_image, key, 1) for key in ("grad_cam", "layer_cam", "saliency")}
    table = agreement_of_pairs(explanations)
    assert list(zip(table["first"], table["second"], strict=True)) == [
        ("grad_cam", "layer_cam"), ("grad_cam", "saliency"), ("layer_cam", "saliency"),
    ]  # fmt: skip
    cam, gradients = (explanations[key].heatmap for key in ("grad_cam", "saliency"))
    measures = [measure(cam, gradients) for measure in (similarity, feature_agreement, rank_agreement)]
    assert table.loc[1, ["rank_correlation", "feature_agreement", "rank_agreement"]].tolist() == measures


def test_feature_agreement_is_the_share_of_strongest_cells_in_common():
    first, second = np.zeros((2, GRID, GRID), np.float32)
    first[:2, :] = second[1:3, :] = 1  # two rows each, of which one is common
    assert feature_agreement(first, second, 2 / GRID) == 0.5
    assert feature_agreement(first, first) == 1
    assert feature_agreement(first, np.zeros_like(first)) == 0


def test_rank_agreement_wants_the_very_same_rank():
    first, second = np.zeros((2, GRID, GRID), np.float32)
    first[0, :4], second[0, :4] = (4, 3, 2, 1), (4, 2, 3, 1)  # the same four cells; the middle two change places
    share = 4 / GRID**2
    assert feature_agreement(first, second, share) == 1 and rank_agreement(first, second, share) == 0.5
    assert rank_agreement(RAMP, RAMP**3) == 1 and rank_agreement(RAMP, FLAT) == 0 and rank_agreement(FLAT, FLAT) == 1
