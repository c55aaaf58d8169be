"""The effect of remedies against numbers by hand and against a bootstrap written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from core.config import Recipe
from core.metrics.statistics.bootstrap import cluster_weights
from core.studies.remedy_effects import AUC, BALANCED, WORST, effects, what_helped
from core.studies.remedy_runs import find_study

N = 120
DATA, OTHER = "0" * 16, "1" * 16


@pytest.fixture
def trained(scored_run):
    """``trained(skill, seed, **settings)``: a finished run of a recipe, its seed recorded; the skill and the seed decide its scores."""

    def make(skill: float, seed: int, fingerprint: str = DATA, **settings):
        run = scored_run(skill, seed=10 * seed + int(10 * skill), n=N, recipe=Recipe(**settings), fingerprint=fingerprint)
        run.write_config(run.config.model_copy(update={"seed": seed}))
        return run

    return make


@pytest.fixture
def study(trained):
    """Two seeds each of none, a remedy that helps and one that does nothing."""
    runs = [trained(0.3, seed) for seed in (0, 1)] + [trained(3.0, seed, class_weights="balanced") for seed in (0, 1)]
    runs += [trained(0.3, seed, loss="focal") for seed in (0, 1)]
    return find_study(runs, DATA, 2)


def of(found, remedy, split, metric):
    return next(one for one in found[remedy] if (one.split, one.metric) == (split, metric))


def scores(run, split):
    table = run.predictions[run.predictions["split"] == split]
    return table["y_true"].to_numpy(), table["p_PNEUMONIA"].to_numpy()


def test_runs_are_found_that_differ_in_remedies_alone(trained):
    runs = [trained(1, 0), trained(1, 0, sampling="oversample"), trained(1, 1), trained(1, 0, loss="focal", epochs=3)]
    runs += [trained(1, 0, class_weights="balanced", loss="focal"), trained(1, 0, OTHER, loss="focal")]
    found = find_study(runs, DATA, 2)
    assert found.remedies == ["oversample", "threshold"], "another recipe, two remedies and other images are left out"
    assert found.seeds("oversample") == [0] and found.seeds("threshold") == [0, 1]
    assert [run.name for run in found.all_runs] == [runs[0].name, runs[1].name, runs[2].name]
    assert find_study([runs[0], runs[2]], DATA, 2) is None and find_study([], DATA, 2) is None


def test_differences_are_means_over_seeds(study):
    found = effects(study)
    balanced, area = of(found, "class_weights", "test", BALANCED), of(found, "class_weights", "test", AUC)
    pairs = study.pairs("class_weights")
    by_seed = [[balanced_accuracy_score(y, score >= 0.5) for y, score in (scores(run, "test") for run in pair)] for pair in pairs]
    assert balanced.by_seed == pytest.approx([b - a for a, b in by_seed])
    assert (balanced.without, balanced.with_) == pytest.approx(tuple(np.mean(by_seed, axis=0)))
    areas = [[roc_auc_score(*scores(run, "test")) for run in pair] for pair in pairs]
    assert area.difference.value == pytest.approx(np.diff(np.mean(areas, axis=0))[0])
    assert balanced.difference.n_samples == N and balanced.difference.low > 0 and area.difference.low > 0


def test_the_interval_is_that_of_patients_drawn_with_replacement(study):
    one = of(effects(study), "class_weights", "test", "NORMAL called right")
    runs = [run for pair in study.pairs("class_weights") for run in pair]
    tables = [run.predictions[run.predictions["split"] == "test"].sort_values("sample_id") for run in runs]
    well = (tables[0]["y_true"] == 0).to_numpy()
    right = np.array([(table["p_PNEUMONIA"] < 0.5).to_numpy() for table in tables])[:, well].astype(float)
    gain = (right[1] + right[3] - right[0] - right[2]) / 2
    from core.metrics.panel import solo

    weights = np.concatenate(list(cluster_weights(solo(runs[0]).patients)))[:, well]
    error = ((weights @ gain) / weights.sum(axis=1)).std()
    half = 2.394 * error  # three remedies: 0.05 / 3 in two tails
    assert (one.difference.low, one.difference.high) == pytest.approx((gain.mean() - half, gain.mean() + half), abs=1e-3)


def test_the_worst_group_is_the_worst_share_of_a_class_in_a_group(study):
    ids = study.all_runs[0].predictions["sample_id"]
    groups = {name: number % 2 for number, name in enumerate(sorted(ids.unique()))}
    one = of(effects(study, groups), "focal", "test", WORST)
    worst = []
    for runs in zip(*study.pairs("focal"), strict=True):
        tables = [run.predictions[run.predictions["split"] == "test"] for run in runs]
        right = np.mean([(t["p_PNEUMONIA"].ge(0.5) == t["y_true"].eq(1)).to_numpy() for t in tables], axis=0)
        cells = pd.Series(right).groupby([tables[0]["sample_id"].map(groups).to_numpy(), tables[0]["y_true"].to_numpy()])
        worst.append(cells.mean()[cells.size() >= 10].min())
    assert (one.without, one.with_) == pytest.approx(tuple(worst))


def test_moving_the_threshold_takes_the_one_chosen_on_validation(study):
    one = of(effects(study), "threshold", "test", BALANCED)
    run = study.runs["none"][0]
    y, score = scores(run, "test")
    moved = balanced_accuracy_score(y, score >= run.card.thresholds["youden"])
    assert one.by_seed[0] == pytest.approx(moved - balanced_accuracy_score(y, score >= 0.5))
    assert all(part.metric != AUC for part in effects(study)["threshold"]), "the area has no threshold"


def test_it_is_said_in_a_sentence_what_helped(study):
    names = {"class_weights": "class weights", "focal": "focal loss", "threshold": "threshold moving"}
    said = what_helped(effects(study), names)
    one = of(effects(study), "class_weights", "test", BALANCED).difference
    ends = f"{100 * one.value:+.1f}, {100 * one.low:+.1f} to {100 * one.high:+.1f}"
    assert said.startswith(f"Class weights ({ends})") and said.endswith("helped; the others made no difference beyond chance.")
    only = {"focal": effects(study)["focal"]}
    assert what_helped(only, names) == "No remedy made a difference beyond chance." and what_helped({}, names) == ""
