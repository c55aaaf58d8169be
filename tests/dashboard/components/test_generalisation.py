"""The gap from validation to test: every run is told apart, and each of its thresholds judged."""

import pandas as pd

from core.metrics.evaluation import evaluate_run
from core.runs import list_runs
from dashboard.components.generalisation import _by_system, gaps, rules


def test_two_runs_of_one_seed_by_other_recipes_are_told_apart(make_run, tmp_path):
    for _ in range(2):
        make_run(tmp_path / "models")
    table = gaps(list_runs(tmp_path / "models")[0])
    assert table["run"].nunique() == table["label"].nunique() == 2


def test_each_rule_has_a_column_and_says_what_it_gives_on_test(make_run, tmp_path):
    make_run(tmp_path / "models")
    (run,) = list_runs(tmp_path / "models")[0]
    (row,) = rules([run], {run.name: "mine"}).to_dict("records")
    found = evaluate_run(run, threshold="half").metrics
    assert row["0.5"] == f"{found['accuracy'].value:.3f} ({found['sensitivity'].value:.3f} / {found['specificity'].value:.3f})"
    assert row["Run"] == "mine" and row["Test images"] == evaluate_run(run).n_samples
    assert rules([run], {}).empty  # a run that the section left out


def test_a_system_without_test_images_comes_last():
    rows = [("A", "A, seed 0", "validation", 0.9), ("B", "B, seed 0", "validation", 0.8), ("B", "B, seed 0", "test", 0.7)]
    table = pd.DataFrame(rows, columns=["system", "label", "images", "auc"])
    assert list(_by_system(table, "auc").items()) == [
        ("B", {"B, seed 0": {"validation": 0.8, "test": 0.7}}),
        ("A", {"A, seed 0": {"validation": 0.9}}),
    ]
