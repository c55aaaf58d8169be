"""The gap from validation to test: every run has a line of its own."""

from core.runs import list_runs
from dashboard.components.generalisation import gaps, rules


def test_two_runs_of_one_seed_by_other_recipes_are_told_apart(make_run, tmp_path):
    for _ in range(2):
        make_run(tmp_path / "models")
    table = gaps(list_runs(tmp_path / "models")[0])
    assert table["run"].nunique() == table["label"].nunique() == 2


def test_each_threshold_of_a_run_has_a_line_with_its_rates(make_run, tmp_path):
    make_run(tmp_path / "models")
    (run,) = list_runs(tmp_path / "models")[0]
    table = rules([run], {run.name: "mine"})
    assert set(table["Run"]) == {"mine"} and len(table) == len(run.card["thresholds"]) > 0
    assert table["Accuracy"].between(0, 1).all() and (table["Images"] == table["Images"].iloc[0]).all()
