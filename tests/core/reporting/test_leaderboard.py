"""A run's line: facts, metrics, and what it loses from validation to test."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score

from core.architectures import get_system
from core.errors import InputError
from core.metrics.evaluation import evaluate_run
from core.reporting.leaderboard import board_row, fault, published
from core.reporting.published_vs_measured import replication
from core.training.plan import plan


def split_of(run, split):
    table = run.predictions[run.predictions["split"] == split]
    return table["y_true"], table["p_PNEUMONIA"]


def test_metrics_and_gaps_against_scikit_learn(scored_run):
    run = scored_run()
    row, cut = board_row(run), run.card.recommended.value
    (y, p), (y_val, p_val) = split_of(run, "test"), split_of(run, "val")
    assert row["roc_auc"] == pytest.approx(roc_auc_score(y, p)) and row["val_roc_auc"] == pytest.approx(roc_auc_score(y_val, p_val))
    assert row["gap_roc_auc"] == pytest.approx(row["roc_auc"] - row["val_roc_auc"])
    assert row["gap_accuracy"] == pytest.approx(accuracy_score(y, p >= cut) - accuracy_score(y_val, p_val >= cut))
    for name in ("roc_auc", "accuracy", "gap_roc_auc", "gap_accuracy", "f1", "brier"):
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"]


@pytest.mark.long
def test_the_interval_of_a_gap_covers_no_gap_when_there_is_none(scored_run):
    rows = [board_row(scored_run(seed=seed)) for seed in range(30)]
    assert sum(row["gap_roc_auc_low"] <= 0 <= row["gap_roc_auc_high"] for row in rows) >= 26


def test_facts(scored_run):
    row = board_row(scored_run(recipe=plan("cnn1", settings={"cutmix": "0.5"}).recipe))
    assert (row["title"], row["parameters"], row["seconds"], row["milliseconds_per_image"]) == (
        "CNN_1, CutMix 0.5 · seed 0",
        1000,
        60.0,
        2.5,
    )
    assert row["n_test"] == 150 and row["rule"] == "half" and row["published_accuracy"] == pytest.approx(0.82)
    assert row["changed_settings"] == "CutMix 0.5"


def test_a_run_brought_from_elsewhere_has_its_own_title_and_no_gap(scored_run):
    run = scored_run(splits=("test",), system="imported", title="Mine")
    row = board_row(run, "half")
    assert row["title"] == "Mine" and published(run) == {} and row["published_accuracy"] is None
    assert "gap_roc_auc" not in row and row["parameters"] is None
    assert board_row(scored_run(system="imported"))["title"] == "imported"


def test_three_classes(scored_run):
    row = board_row(scored_run(n_classes=3))
    assert row["threshold"] is None and 0.5 < row["macro_f1"] <= 1 and np.isfinite(row["gap_roc_auc"]) and "recall_VIRAL_low" in row


def test_a_run_without_test_scores_is_an_error(scored_run):
    with pytest.raises(InputError, match="Its data set had no test images; judge the run on others"):
        board_row(scored_run(splits=("val",)))


def test_why_a_run_cannot_be_judged(scored_run):
    assert fault(scored_run()) is None
    untested = scored_run(splits=("val",))
    assert fault(untested) == (
        f"Its data set had no test images; judge the run on others: python -m core evaluate {untested.name} --recompute --data OTHER."
    )
    assert fault(scored_run(splits=("val",), system="imported")).endswith("judge the run on others."), "nobody can score with it here"
    broken = scored_run(seed=1)
    broken.write_card({"recommended": {"value": float("nan")}})
    assert "no threshold 'recommended'" in fault(broken)


def test_a_run_without_test_images_stops_no_other_from_being_counted(scored_run):
    recipe = get_system("three_conv_cnn").variant(2).recipe
    runs = [scored_run(seed=seed, system="three_conv_cnn", recipe=recipe, splits=splits, n=30)
            for seed, splits in enumerate((("val", "test"), ("val",)))]  # fmt: skip
    row = replication(runs).set_index("system").loc["three_conv_cnn"]
    assert row["n_runs"] == 1 and row["roc_auc"] == evaluate_run(runs[0]).metrics["roc_auc"].value
