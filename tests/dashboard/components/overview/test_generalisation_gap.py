"""The gap from validation to test: every run is told apart, and each of its thresholds judged."""

import pandas as pd

from core.metrics.evaluation import evaluate_run
from core.runs.store import list_runs
from core.training.plan import plan
from dashboard.components.overview.generalisation_gap import _by_group, gaps, rules


def test_runs_of_one_seed_are_told_apart_by_recipe_and_else_by_id(make_run, tmp_path, monkeypatch):
    for day, settings in enumerate(({}, {}, {"cutmix": "0.5", "epochs": "3"}), start=1):
        make_run(tmp_path / "models", recipe=plan("cnn1", 2, settings).recipe, created=f"2026-01-0{day}T00:00:00+00:00")
    runs = list_runs(tmp_path / "models")[0]
    monkeypatch.setenv("PNEUMOLENS_MODELS", str(tmp_path / "models"))
    table = gaps(runs)
    newest, *twins = table["name"].unique()
    assert newest == "CNN_1, 3 epochs, CutMix 0.5 · seed 0" and twins == [f"CNN_1 · seed 0 ({run.name[-6:]})" for run in runs[1:]]
    assert table["group"].unique().tolist() == ["CNN_1, 3 epochs, CutMix 0.5", "CNN_1"]


def test_a_series_held_out_stands_on_the_line_of_the_recipe_that_left_it_out(make_run, tmp_path, monkeypatch):
    for settings in ({}, {"left_out": "series=IM", "validation_seed": "0"}):
        make_run(tmp_path / "models", recipe=plan("cnn1", 2, settings).recipe)
    monkeypatch.setenv("PNEUMOLENS_MODELS", str(tmp_path / "models"))
    table = gaps(list_runs(tmp_path / "models")[0])
    assert table["group"].unique().tolist() == ["CNN_1"]
    held_out = table[table["images"] == "series held out"]
    assert len(held_out) == 1 and held_out["name"].iloc[0] != table.loc[table["images"] == "test", "name"].iloc[0]


def test_each_rule_has_a_column_and_says_what_it_gives_on_test(make_run, tmp_path):
    make_run(tmp_path / "models", recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe)
    (run,) = list_runs(tmp_path / "models")[0]
    (row,) = rules([run], {run.name: "mine"}).to_dict("records")
    found = evaluate_run(run, threshold="half").metrics
    assert row["0.5"] == f"{found['accuracy'].value:.3f} ({found['sensitivity'].value:.3f} / {found['specificity'].value:.3f})"
    assert row["Run"] == "mine" and row["Test images"] == evaluate_run(run).n_samples
    assert rules([run], {}).empty  # a run that the section left out


def test_a_system_without_test_images_comes_last():
    rows = [("A", "A, seed 0", "validation", 0.9), ("B", "B, seed 0", "validation", 0.8), ("B", "B, seed 0", "test", 0.7)]
    table = pd.DataFrame(rows, columns=["group", "name", "images", "auc"])
    assert list(_by_group(table, "auc").items()) == [
        ("B", {"B, seed 0": {"validation": 0.8, "test": 0.7}}),
        ("A", {"A, seed 0": {"validation": 0.9}}),
    ]
