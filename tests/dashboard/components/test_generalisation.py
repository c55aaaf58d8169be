"""The gap from validation to test: every run has a line of its own."""

from core.runs import list_runs
from dashboard.components.generalisation import gaps


def test_two_runs_of_one_seed_by_other_recipes_are_told_apart(make_run, tmp_path):
    for _ in range(2):
        make_run(tmp_path / "models")
    table = gaps(list_runs(tmp_path / "models")[0])
    assert table["run"].nunique() == table["label"].nunique() == 2
