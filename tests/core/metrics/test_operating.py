"""From a rule, a number or a wished sensitivity to thresholds, also for collapsed runs and runs without validation."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_curve

from core.errors import InputError
from core.metrics.lineup import line_up
from core.metrics.operating import Match, available_points, thresholds_at
from core.metrics.panel import collapse, solo
from core.metrics.thresholds import choose_thresholds, threshold_for_sensitivity


def test_each_run_has_its_own_rule_and_a_number_is_for_all(scored_run):
    runs = [scored_run(seed=1), scored_run(seed=2)]
    panel = line_up(runs).panel
    assert thresholds_at(panel, runs) == {run.name: run.card["recommended"]["value"] for run in runs}
    assert thresholds_at(panel, runs, "sensitivity_95") == {run.name: run.card["thresholds"]["sensitivity_95"] for run in runs}
    assert set(thresholds_at(panel, runs, 0.3).values()) == {0.3} and set(thresholds_at(panel, runs, "half").values()) == {0.5}


@pytest.mark.parametrize("sensitivity", [0.5, 0.9, 0.95, 1.0])
def test_matching_gives_all_runs_the_same_sensitivity(scored_run, sensitivity):
    runs = [scored_run(seed=1), scored_run(0.5, seed=2)]
    panel = line_up(runs).panel
    cuts = thresholds_at(panel, runs, Match(sensitivity))
    for name, scores in zip(panel.names, panel.scores[..., 1], strict=True):
        found = (scores[panel.y_true == 1] >= cuts[name]).mean()
        assert sensitivity <= found < sensitivity + 1.5 / (panel.y_true == 1).sum()


@pytest.mark.parametrize("seed", range(5))
def test_the_threshold_of_a_sensitivity_is_that_of_the_roc_curve(seed):
    rng = np.random.default_rng(seed)
    y_true, y_score = np.r_[0, 1, rng.integers(0, 2, 80)], rng.random(82).round(seed % 2 + 1)
    fpr, tpr, cuts = roc_curve(y_true, y_score, drop_intermediate=False)
    first = np.flatnonzero(tpr >= 0.9)[0]
    cut = threshold_for_sensitivity(y_true, y_score, 0.9)
    assert (y_score[y_true == 1] >= cut).mean() == tpr[first] and (y_score[y_true == 0] >= cut).mean() == fpr[first]
    assert cut <= cuts[first]


def test_three_classes_have_no_threshold(scored_run):
    runs = [scored_run(seed=i, n_classes=3) for i in range(2)]
    assert set(thresholds_at(line_up(runs).panel, runs, 0.2).values()) == {None}


def test_a_collapsed_run_applies_the_rule_to_its_own_validation_scores(scored_run):
    two, three = scored_run(seed=1), scored_run(seed=2, n_classes=3)
    panel = line_up([two, three]).panel
    validation = collapse(solo(three, "val"))
    expected = choose_thresholds(validation.y_true, validation.scores[0, :, 1])
    assert thresholds_at(panel, [two, three])[three.name] == expected["youden"]
    assert thresholds_at(panel, [two, three], "sensitivity_95")[three.name] == expected["sensitivity_95"]
    assert thresholds_at(panel, [two, three], 0.25)[three.name] == 0.25
    assert thresholds_at(panel, [two, three], "half")[three.name] == 0.5


def test_a_run_without_validation_scores_lacks_the_rules_that_need_them(scored_run):
    own, brought = scored_run(seed=1), scored_run(seed=2, splits=("test",))
    brought.write_card({"thresholds": {"half": 0.5}, "recommended": {"rule": "given", "value": 0.4}})
    assert available_points([own]) == ("recommended", "half", "youden", "sensitivity_95")
    assert available_points([own, brought]) == ("recommended", "half")
    panel = line_up([own, brought]).panel
    assert thresholds_at(panel, [own, brought])[brought.name] == 0.4
    with pytest.raises(InputError, match=f"{brought.name}.*no threshold 'youden'"):
        thresholds_at(panel, [own, brought], "youden")


@pytest.mark.parametrize("sensitivity", [0, -0.1, 1.01, float("nan")])
def test_sensitivities_that_cannot_be_matched(sensitivity):
    with pytest.raises(InputError, match="above 0 and at most 1; received"):
        Match(sensitivity)


def test_no_case_to_find():
    with pytest.raises(InputError, match="there is none"):
        threshold_for_sensitivity(np.zeros(3, int), np.linspace(0, 1, 3), 0.9)
