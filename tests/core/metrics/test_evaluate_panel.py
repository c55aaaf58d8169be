"""Many runs at once are what each is alone, and two confusion matrices are told apart cell by cell."""

from __future__ import annotations

import pytest

from core.metrics import panel as panel_module
from core.metrics.alignment import line_up
from core.metrics.evaluation import evaluate_panel, evaluate_run
from core.metrics.operating_point import thresholds_at
from core.metrics.statistics import resampling as sampling


@pytest.mark.parametrize("n_classes", [2, 3])
def test_side_by_side_is_what_each_run_is_alone(scored_run, n_classes):
    runs = [scored_run(skill, seed=i, n_classes=n_classes) for i, skill in enumerate((0.4, 1.5))]
    panel = line_up(runs).panel
    for run, found in zip(runs, evaluate_panel(panel, thresholds_at(panel, runs)).values(), strict=True):
        assert found.to_json() == evaluate_run(run).to_json()


def test_another_threshold_changes_what_it_should_and_keeps_the_rest(scored_run):
    run = scored_run()
    panel = line_up([run]).panel
    low, high = (evaluate_panel(panel, {run.name: cut})[run.name] for cut in (0.2, 0.8))
    for name in ("roc_auc", "average_precision", "brier", "ece"):
        assert low.metrics[name] == high.metrics[name]
    assert low.metrics["sensitivity"].value > high.metrics["sensitivity"].value and low.metrics["f1"] != high.metrics["f1"]


@pytest.mark.parametrize("n_classes", [2, 3])
def test_large_test_sets_have_the_same_metrics_and_nearly_the_same_intervals(scored_run, monkeypatch, n_classes):
    run = scored_run(n_classes=n_classes, n=600)
    small = evaluate_run(run)
    for module in (panel_module, sampling):
        monkeypatch.setattr(module, "LARGE", 500)
    large = evaluate_run(run)
    for name, estimate in small.metrics.items():
        assert large.metrics[name].value == pytest.approx(estimate.value)
        if name != "ece":  # biased upwards in draws, as every bootstrap of it is
            assert (large.metrics[name].low, large.metrics[name].high) == pytest.approx((estimate.low, estimate.high), abs=0.01)
