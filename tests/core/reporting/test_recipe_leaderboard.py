"""The leaderboard of groups: means over seeds, ordered by what was known before test, and settings beside seeds."""

from __future__ import annotations

import numpy as np
import pytest

from core.metrics.evaluation import evaluate_run
from core.metrics.generalisation import generalisation
from core.reporting.recipe_leaderboard import group_board, spread
from core.runs.identity import group_runs
from core.training.plan import plan


def seeded(scored_run, seed, **more):
    run = scored_run(seed=seed, **more)
    run.write_config(run.config.model_copy(update={"seed": seed}))
    return run


@pytest.fixture
def runs(scored_run):
    mixed = plan("cnn1", settings={"cutmix": "0.5"}).recipe
    return [seeded(scored_run, 0), seeded(scored_run, 1), seeded(scored_run, 2, skill=0.7, recipe=mixed)]


def test_a_line_is_the_mean_of_its_seeds(runs):
    board, broken = group_board(group_runs(runs))
    row = board[board["n_runs"] == 2].iloc[0]
    areas = [evaluate_run(run).metrics["roc_auc"] for run in runs[:2]]
    assert row["roc_auc"] == pytest.approx(np.mean([one.value for one in areas])) and row["seeds"] == (0, 1) and not broken
    assert row["roc_auc_sd"] == pytest.approx(np.std([one.value for one in areas], ddof=1))
    assert row["roc_auc_low"] == pytest.approx(np.mean([one.low for one in areas]))


def test_the_order_is_that_before_test(runs):
    board, _ = group_board(group_runs(runs))
    before = [np.mean([generalisation(run).loc["validation", "roc_auc"] for run in part]) for part in (runs[:2], runs[2:])]
    assert board["before"].tolist() == pytest.approx(before) and before[0] > before[1]
    assert (board["before_on"] == "validation").all()


def test_a_battery_counts_before_plain_validation(runs):
    table = runs[2].predictions.query("split == 'val'").assign(variant="noise").drop(columns="split")
    runs[2].write_battery(table)
    board, _ = group_board(group_runs(runs))
    assert board["before_on"].tolist() == ["battery mean", "validation"] and board.iloc[0]["runs"] == (runs[2].name,)


def test_settings_beside_seeds(runs):
    board, _ = group_board(group_runs(runs))
    areas = {run.name: evaluate_run(run).metrics["roc_auc"].value for run in runs}
    found = spread(board, areas, board.iloc[0])
    values = list(areas.values())
    assert (found.n_variants, found.n_seeds) == (2, 2)
    assert found.within == pytest.approx(abs(values[0] - values[1]))
    assert found.between == pytest.approx(abs(np.mean(values[:2]) - values[2]))
    alone, _ = group_board(group_runs(runs[:2]))
    assert spread(alone, areas, alone.iloc[0]) is None


def test_one_run_that_cannot_be_judged_stops_no_other(runs, scored_run):
    bad = scored_run(splits=("val",))
    board, broken = group_board(group_runs([*runs, bad]))
    assert len(board) == 2 and "has no test scores" in broken[bad.name]
    assert group_board([])[0].empty
