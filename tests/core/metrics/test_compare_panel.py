"""Many pairs at once: Holm and McNemar against statsmodels, DeLong beside the bootstrap, large test sets."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from core.metrics import panel, sampling
from core.metrics.comparison import MCNEMAR, adjusted, compare_panel, compare_runs, mcnemar, pairs_of
from core.metrics.delong import delong
from core.metrics.lineup import line_up
from core.metrics.operating import Match, thresholds_at
from core.metrics.sampling import INFLUENCES
from core.metrics.sentences import verdict


@pytest.mark.parametrize("seed", range(8))
def test_holm_is_that_of_statsmodels(seed):
    p_values = np.random.default_rng(seed).random(seed + 1) ** 3
    p_values[:2] = p_values[0]  # ties
    assert adjusted(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand_and_without_what_is_undefined():
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    found = adjusted([0.01, float("nan"), 0.5])
    assert found[[0, 2]] == pytest.approx([0.02, 0.5]) and np.isnan(found[1])
    assert adjusted([0.2]) == pytest.approx([0.2])


@pytest.mark.parametrize("seed", range(6))
def test_mcnemar_is_that_of_statsmodels(seed):
    a, b = np.random.default_rng(seed).random((2, 80)) < np.array([[0.8], [0.6]])
    table = [[(a & b).sum(), (a & ~b).sum()], [(~a & b).sum(), (~a & ~b).sum()]]
    assert mcnemar(a, b) == pytest.approx(statsmodels_mcnemar(table, exact=True).pvalue)
    assert mcnemar(a, a) == 1


def test_all_pairs_in_order_with_holm_for_each_metric(scored_run):
    runs = [scored_run(skill, seed=i) for i, skill in enumerate((0.3, 1.2, 2.5, 1.2))]
    panel = line_up(runs).panel
    found = compare_panel(panel, thresholds_at(panel, runs))
    assert [*pairs_of(found)] == [(panel.names[i], panel.names[j]) for i in range(4) for j in range(i + 1, 4)]
    for metric in ("accuracy", "specificity", "sensitivity", "roc_auc"):
        of_metric = [difference for difference in found if difference.metric == metric]
        expected = multipletests([difference.p_value for difference in of_metric], method="holm")[1]
        assert [difference.p_adjusted for difference in of_metric] == pytest.approx(expected)


def test_one_pair_of_many_is_the_pair_alone_but_for_the_correction(scored_run):
    runs = [scored_run(skill, seed=i) for i, skill in enumerate((0.5, 1.0, 2.0))]
    panel = line_up(runs).panel
    alone = compare_runs(runs[0], runs[2])
    among = pairs_of(compare_panel(panel, thresholds_at(panel, runs)))[runs[0].name, runs[2].name]
    for one, other in zip(alone, among, strict=True):
        assert (one.metric, one.test, one.n_samples) == (other.metric, other.test, other.n_samples)
        assert (one.difference, one.low, one.high, one.p_value) == pytest.approx((other.difference, other.low, other.high, other.p_value))
        assert one.p_adjusted == one.p_value <= other.p_adjusted


def test_delong_stands_beside_the_bootstrap(scored_run):
    runs = [scored_run(0.8, seed=1), scored_run(2.0, seed=2)]
    panel = line_up(runs).panel
    area = compare_runs(*runs)[-1]
    areas, covariance = delong(panel.y_true, panel.scores[..., 1])
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert area.difference == pytest.approx(areas[1] - areas[0])
    assert (area.low_delong, area.high_delong) == pytest.approx((area.difference - 1.959964 * error, area.difference + 1.959964 * error))
    assert (area.low, area.high) == pytest.approx((area.low_delong, area.high_delong), abs=0.02) and area.p_delong < 0.01
    assert all(difference.p_delong is None for difference in compare_runs(*runs)[:-1])
    assert compare_runs(scored_run(seed=1, n_classes=3), scored_run(seed=2, n_classes=3))[-1].p_delong is None


def test_large_test_sets_are_compared_without_draws(scored_run, monkeypatch):
    runs = [scored_run(0.8, seed=1), scored_run(2.0, seed=2)]
    small = compare_runs(*runs)
    monkeypatch.setattr(panel, "LARGE", 100)
    monkeypatch.setattr(sampling, "LARGE", 100)
    large = compare_runs(*runs)
    assert large[-1].test == INFLUENCES and large[0].test == MCNEMAR
    for one, other in zip(small, large, strict=True):
        assert (one.difference, one.low, one.high) == pytest.approx((other.difference, other.low, other.high), abs=0.02)


def test_at_matched_sensitivity_only_false_alarms_differ(scored_run):
    runs = [scored_run(0.8, seed=1), scored_run(2.0, seed=2)]
    found = {d.metric: d for d in compare_runs(*runs, threshold=Match(0.9))}
    assert found["sensitivity"].difference == 0 and found["specificity"].difference > 0.1
    said = verdict(list(found.values()), "A", "B")
    assert said.startswith("B finds as many pneumonias and raises") and "fewer false alarms than A" in said


def test_a_collapsed_run_is_compared_with_one_of_two_classes(scored_run):
    found = compare_runs(scored_run(seed=1), scored_run(seed=2, n_classes=3))
    assert [difference.metric for difference in found] == ["accuracy", "specificity", "sensitivity", "roc_auc"]
    assert found[0].n_samples == 150 and all(np.isfinite(difference.low) for difference in found)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("kinds", "lost"), [([0] * 6, "sensitivity"), ([1, 2] * 3, "specificity")])
def test_one_class_alone_leaves_its_rate_and_the_areas_without_a_test(scored_run, kinds, lost):
    runs = [scored_run(seed=i, kinds=kinds, splits=("test",)) for i in range(2)]
    for run in runs:
        run.write_card({})
    found = {difference.metric: difference for difference in compare_runs(*runs, threshold="half")}
    assert found[lost].n_samples == 0 and found[lost].n_different == 0
    for difference in (found[lost], found["roc_auc"]):
        assert np.isnan([difference.difference, difference.low, difference.high, difference.p_value, difference.p_adjusted]).all()
    assert np.isnan([found["roc_auc"].low_delong, found["roc_auc"].p_delong]).all() and np.isfinite(found["accuracy"].p_value)


def test_images_that_two_runs_call_differently_are_counted(scored_run):
    runs = [scored_run(0.3, seed=1), scored_run(0.3, seed=2)]
    panel = line_up(runs).panel
    a, b = (panel.scores[row, :, 1] >= 0.5 for row in (0, 1))
    found = {difference.metric: difference.n_different for difference in compare_runs(*runs, threshold=0.5)}
    assert found == {
        "accuracy": (a != b).sum(), "sensitivity": (a != b)[panel.y_true == 1].sum(), "specificity": (a != b)[panel.y_true == 0].sum(),
        "roc_auc": None,
    }  # fmt: skip


def test_two_images_make_no_area_more_than_chance(scored_run):
    runs = [scored_run(seed=i, kinds=[0, 1], splits=("test",)) for i in range(2)]
    area = compare_runs(*runs, threshold=0.5)[-1]
    assert np.isfinite(area.difference) and np.isnan([area.low, area.high, area.p_value]).all()
