"""From a rule, a number or a wished sensitivity to thresholds, also for collapsed runs and runs without validation."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_curve

from core.errors import InputError
from core.metrics.alignment import line_up
from core.metrics.operating_point import Match, available_points, operate, thresholds_at
from core.metrics.panel import collapse, solo
from core.metrics.run_threshold import resolve_threshold
from core.metrics.thresholds import choose_thresholds, threshold_for_sensitivity


def test_each_run_has_its_own_rule_and_a_number_is_for_all(scored_run):
    runs = [scored_run(seed=1), scored_run(seed=2)]
    panel = line_up(runs).panel
    assert thresholds_at(panel, runs) == {run.name: run.card.recommended.value for run in runs}
    assert thresholds_at(panel, runs, "sensitivity_95") == {run.name: run.card.thresholds["sensitivity_95"] for run in runs}
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
    panel = line_up(runs).panel
    assert set(thresholds_at(panel, runs, 0.2).values()) == {None} and operate(panel, runs).notes == ()
    assert operate(panel, runs, 0.2).notes == ("With 3 classes the largest probability decides, so the threshold asked for is not used.",)
    with pytest.raises(InputError, match="from 0 to 1; received '7'"):
        thresholds_at(panel, runs, "7")


def test_a_collapsed_run_applies_the_rule_to_its_own_validation_scores(scored_run):
    two, three = scored_run(seed=1), scored_run(seed=2, n_classes=3)
    panel = line_up([two, three]).panel
    validation = collapse(solo(three, "val"))
    expected = choose_thresholds(validation.y_true, validation.scores[0, :, 1])
    assert thresholds_at(panel, [two, three])[three.name] == 0.5
    assert thresholds_at(panel, [two, three], "youden")[three.name] == expected["youden"]
    assert thresholds_at(panel, [two, three], "sensitivity_95")[three.name] == expected["sensitivity_95"]
    assert thresholds_at(panel, [two, three], 0.25)[three.name] == 0.25
    assert thresholds_at(panel, [two, three], "half")[three.name] == 0.5


def test_a_run_without_validation_scores_lacks_the_rules_that_need_them(scored_run):
    own, brought = scored_run(seed=1), scored_run(seed=2, splits=("test",))
    brought.write_card({"thresholds": {"half": 0.5}, "recommended": {"rule": "given", "value": 0.4}})
    panel, alone = line_up([own, brought]).panel, line_up([brought]).panel
    assert available_points(panel, [own, brought]) == ("recommended", "half", "youden", "sensitivity_95")
    assert available_points(alone, [brought]) == ("recommended", "half")
    assert thresholds_at(panel, [own, brought])[brought.name] == 0.4
    found = operate(panel, [own, brought], "youden")
    assert found.thresholds == {own.name: own.card.thresholds["youden"], brought.name: 0.4}
    assert len(found.notes) == 1 and brought.name in found.notes[0] and found.notes[0].endswith("its own, 0.400, is used.")
    with pytest.raises(InputError, match=f"{brought.name}.*no threshold 'youden'"):
        thresholds_at(alone, [brought], "youden")


@pytest.mark.parametrize(("given", "cut"), [(None, 0.5), (0.3, 0.3)])
def test_a_collapsed_run_without_validation_uses_what_it_was_given_else_a_half(scored_run, given, cut):
    two, three = scored_run(seed=1), scored_run(seed=2, n_classes=3, splits=("test",))
    if given:
        three.write_card({"recommended": {"rule": "given", "value": given}})
    panel = line_up([two, three]).panel
    assert thresholds_at(panel, [two, three], "half") == {two.name: 0.5, three.name: 0.5}
    assert thresholds_at(panel, [two, three], 0.7)[three.name] == 0.7
    found = operate(panel, [two, three])
    assert found.thresholds == {two.name: two.card.recommended.value, three.name: cut}
    assert [three.name in note and f"is at {cut:.3f}" in note for note in found.notes] == ([True] if given else [])
    assert operate(panel, [two, three], "youden").thresholds[three.name] == cut


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("-0", 0.0), ("1.0000001", 1.0), ("-1e-07", 0.0), ("0.30", 0.3), ("1e-300", 1e-300)],
)
def test_numbers_next_to_the_ends_are_rounded(scored_run, typed, meant):
    assert str(resolve_threshold(scored_run(), typed)) == str(meant)


@pytest.mark.parametrize("typed", ["nan", "inf", "-inf", "1.1", "-0.01", "half a", "", float("nan")])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_what_is_no_threshold_is_refused_for_any_number_of_classes(scored_run, typed, n_classes):
    with pytest.raises(InputError, match="number from 0 to 1; received '"):
        resolve_threshold(scored_run(n_classes=n_classes), typed)


@pytest.mark.parametrize("value", [None, "x", float("nan"), 7])
def test_a_card_with_a_broken_threshold_stops_no_other_run(scored_run, value):
    own, broken = scored_run(seed=1), scored_run(seed=2)
    broken.write_card({"thresholds": {}, "recommended": {"value": value}})
    found = operate(line_up([own, broken]).panel, [own, broken])
    assert found.thresholds == {own.name: own.card.recommended.value, broken.name: 0.5} and broken.name in found.notes[0]
    with pytest.raises(InputError, match=r"no threshold .recommended.|broken card\.json"):
        resolve_threshold(broken, "recommended")


def test_a_sensitivity_next_to_nothing_needs_one_case():
    y_true, y_score = np.array([0, 1, 1, 1]), np.array([0.1, 0.2, 0.6, 0.9])
    assert threshold_for_sensitivity(y_true, y_score, 1e-12) == pytest.approx(0.75), "the middle of the gap below the surest case"


@pytest.mark.parametrize("sensitivity", [0, -0.1, 1.01, float("nan")])
def test_sensitivities_that_cannot_be_matched(sensitivity):
    with pytest.raises(InputError, match="above 0 and at most 1; received"):
        Match(sensitivity)
    with pytest.raises(InputError) as refused:
        Match(sensitivity)
    assert "nan" not in str(refused.value)


def test_no_case_to_find():
    with pytest.raises(InputError, match="there is none"):
        threshold_for_sensitivity(np.zeros(3, int), np.linspace(0, 1, 3), 0.9)
