"""The tables of docs/results.md: written from the runs, never by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.architectures import get_system
from core.metrics.evaluation import evaluate_run
from core.reporting.goals import MOBILE, SCRATCH, goals
from core.reporting.marked_text import read_marked
from core.reporting.published_vs_measured import replication
from core.reporting.readme_tables import MARKED, gaps, measured, results_markdown, rules
from core.runs.store import list_runs

PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def shipped():
    return [run for run in list_runs(PROJECT / "models")[0] if run.state == "finished"]


def test_the_page_of_results_shows_what_the_shipped_runs_measured(shipped):
    _, written, _ = read_marked(PROJECT / "docs" / "results.md", MARKED)
    assert written.removeprefix("\n") == results_markdown(shipped), (
        "the tables are stale; run: python -m core results --write docs/results.md"
    )


def test_every_system_has_its_row_and_what_was_not_trained_a_dash(shipped):
    table = measured(replication(shipped), shipped).set_index("System")
    assert len(table) >= 13 and table.loc["VGG16, flat head, 2 classes", "AUC"] == "–"
    assert table.loc["VGG16, flat head, 2 classes", "Published"] == "Accuracy 0.800"


def test_the_gap_is_the_mean_over_the_runs_of_a_system_by_its_own_recipe(scored_run):
    recipe = get_system("three_conv_cnn").variant(2).recipe
    runs = [scored_run(3.0, seed=seed, system="three_conv_cnn", n=60, recipe=recipe) for seed in (0, 1)]
    runs.append(scored_run(0.0, system="three_conv_cnn", n=60))
    row = gaps(runs).iloc[0]
    assert row["System"] == "Three-conv CNN, 2 classes" and row["Runs"] == 2 and row["AUC, battery mean"] == "–"
    assert 0.9 < float(row["AUC, test"]) <= 1


def test_a_series_held_out_stands_beside_the_system_trained_in_the_same_way(scored_run):
    recipe = get_system("three_conv_cnn").variant(2).recipe
    runs = [scored_run(3.0, system="three_conv_cnn", n=60, recipe=recipe)]
    assert "AUC, series held out" not in gaps(runs)
    elsewhere = recipe.model_copy(update={"left_out": "series=IM", "validation_seed": 0})
    other = elsewhere.model_copy(update={"epochs": 99})
    runs += [scored_run(0.0, seed=1, system="three_conv_cnn", n=60, recipe=one) for one in (elsewhere, other)]
    row = gaps(runs).iloc[0]
    wanted = roc_auc_score(
        runs[1].predictions.query("split == 'test'")["y_true"], runs[1].predictions.query("split == 'test'")["p_PNEUMONIA"]
    )
    assert float(row["AUC, series held out"]) == pytest.approx(wanted, abs=5e-4)
    assert row["Runs"] == 1 and float(row["AUC, test"]) > 0.9 and len(gaps(runs)) == 1


def test_goals_are_the_mean_of_a_systems_seeds_and_say_plainly_what_was_not_reached(scored_run):
    runs = [scored_run(skill, seed=seed, system="lens_mobilenet", n=90) for seed, skill in ((0, 9.0), (1, 0.5))]
    found = goals({MOBILE: runs, SCRATCH: runs[:1]}, runs).set_index(["System", "Figure"])
    accuracy = np.mean([evaluate_run(run).metrics["accuracy"].value for run in runs])
    assert found.loc[(MOBILE, "Accuracy"), ["Measured", "Reached"]].tolist() == [f"{accuracy:.3f}", "no"]
    assert found.loc[(SCRATCH, "Accuracy"), ["Goal", "Measured", "Reached"]].tolist() == ["≥ 0.94", "1.000", "yes"]
    assert len(found) == 5, "no line where nothing was measured"


def test_each_rule_has_its_rates_and_a_rule_without_a_threshold_a_dash(scored_run):
    recipe = get_system("three_conv_cnn").variant(2).recipe
    runs = [scored_run(3.0, seed=seed, system="three_conv_cnn", n=60, recipe=recipe) for seed in (0, 1)]
    for run, cut in zip(runs, (0.0, 1.1), strict=True):  # all called ill, none
        run.write_card({"thresholds": {"half": cut}, "recommended": {"rule": "half", "value": cut}})
    row = rules(runs).iloc[0]
    assert row["Runs"] == 2 and row["0.5"].endswith("(0.500 / 0.500)") and row["Youden on altered validation images"] == "–"
