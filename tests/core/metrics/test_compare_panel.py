"""Many pairs at once: McNemar against statsmodels, DeLong with whole patients, intervals that agree with their p-values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from core.metrics.alignment import line_up
from core.metrics.comparison import AREAS, MACRO_AREAS, compare_panel, compare_runs, pairs_of
from core.metrics.comparison_text import verdict
from core.metrics.operating_point import Match, thresholds_at
from core.metrics.statistics.clusters import patients_of
from core.metrics.statistics.delong import delong
from core.metrics.statistics.mcnemar import mcnemar


def areas_of(runs):
    """The differences of the areas between all pairs."""
    panel = line_up(runs).panel
    return [difference for difference in compare_panel(panel, thresholds_at(panel, runs)) if difference.metric == "roc_auc"]


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
        assert (one.low_adjusted, one.high_adjusted, one.n_compared, other.n_compared) == (one.low, one.high, 1, 3)


def test_of_images_that_are_each_a_patient_the_test_is_delongs(scored_run):
    """Obuchowski (1997) says of one image a patient what DeLong says, but for the n / (n − 1) of each class."""
    runs = [scored_run(0.8, seed=1), scored_run(2.0, seed=2)]
    panel = line_up(runs).panel
    alone = patients_of(pd.Series([f"{i}.png" for i in range(panel.n_samples)]))
    area = compare_panel(replace(panel, patients=alone), thresholds_at(panel, runs))[-1]
    areas, covariance = delong(panel.y_true, panel.scores[..., 1])
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert area.difference == pytest.approx(areas[1] - areas[0]) and area.test == AREAS
    assert (area.low_delong, area.high_delong) == pytest.approx((area.difference - 1.959964 * error, area.difference + 1.959964 * error))
    assert (area.low, area.high) == pytest.approx((area.low_delong, area.high_delong), abs=1e-3)
    assert np.log(area.p_value) == pytest.approx(np.log(area.p_delong), rel=0.05)


def test_only_areas_of_two_classes_have_what_delong_says_of_single_images(scored_run):
    assert all(difference.p_delong is None for difference in compare_runs(scored_run(0.8, seed=1), scored_run(2.0, seed=2))[:-1])
    area = compare_runs(scored_run(seed=1, n_classes=3), scored_run(seed=2, n_classes=3))[-1]
    assert area.p_delong is None and area.test == MACRO_AREAS


def test_no_p_value_stops_at_the_number_of_draws(scored_run):
    """Of 15 pairs, a large difference and a small one of the areas once had the same p: the least that 1,000 draws could tell, times 15."""
    runs = [scored_run(skill, seed=7 + i) for i, skill in enumerate((0.1, 0.5, 1.0, 1.5, 2.0, 4.0))]
    found = areas_of(runs)
    ordered = sorted(found, key=lambda difference: difference.p_value)
    assert len(found) == 15 and ordered[0].p_value < 1e-8 and ordered[0].p_adjusted == pytest.approx(15 * ordered[0].p_value)
    assert len({difference.p_value for difference in found}) == 15


@pytest.mark.parametrize("seed", range(3))
def test_a_corrected_interval_leaves_out_zero_just_where_the_corrected_p_is_small(scored_run, seed):
    skills = np.random.default_rng(seed).uniform(0.5, 1.6, 6)
    runs = [scored_run(skill, seed=10 * seed + i) for i, skill in enumerate(skills)]
    found = areas_of(runs)
    assert {difference.n_compared for difference in found} == {15}
    assert len({difference.p_adjusted < 0.05 for difference in found}) == 2, "an example of both"
    for one in found:
        assert (one.low_adjusted > 0 or one.high_adjusted < 0) == (one.p_adjusted < 0.05)
        assert one.low_adjusted <= one.low and one.high <= one.high_adjusted
    widest = min(found, key=lambda difference: difference.p_value)
    half = norm.isf(0.025 / 15) / norm.isf(0.025) * (widest.high - widest.low) / 2
    assert widest.high_adjusted - widest.difference == pytest.approx(half)


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
