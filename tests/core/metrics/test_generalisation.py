"""From validation to battery to test: figures against scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from core.metrics.generalisation import by_rule, generalisation, point_metrics
from core.runs.store import create_run
from core.training.plan import plan

NAMES = ("NORMAL", "PNEUMONIA")


def table(n, seed, skill=1.0, names=NAMES):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, len(names), n)
    logits = rng.normal(0, 1, (n, len(names))) + skill * np.eye(len(names))[y]
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return pd.DataFrame(
        {"sample_id": [f"x{i}" for i in range(n)], "y_true": y} | {f"p_{name}": scores[:, k] for k, name in enumerate(names)}
    )


def test_point_metrics_are_scikit_learns():
    found = table(200, 0)
    called = (found["p_PNEUMONIA"] >= 0.4).astype(int)
    measured = point_metrics(found, NAMES, 0.4)
    assert measured == pytest.approx(
        {
            "n_samples": 200,
            "roc_auc": metrics.roc_auc_score(found["y_true"], found["p_PNEUMONIA"]),
            "accuracy": metrics.accuracy_score(found["y_true"], called),
            "sensitivity": metrics.recall_score(found["y_true"], called),
            "specificity": metrics.recall_score(found["y_true"], called, pos_label=0),
        }
    )


def test_three_classes_have_macro_averages():
    names = ("NORMAL", "BACTERIAL", "VIRAL")
    found = table(300, 1, names=names)
    scores = found[[f"p_{name}" for name in names]].to_numpy()
    measured = point_metrics(found, names, None)
    assert measured["macro_f1"] == pytest.approx(metrics.f1_score(found["y_true"], scores.argmax(1), average="macro"))
    assert measured["roc_auc"] == pytest.approx(metrics.roc_auc_score(found["y_true"], scores, multi_class="ovr"))


def test_a_missing_class_has_no_area():
    found = table(50, 2).assign(y_true=1)
    measured = point_metrics(found, NAMES, 0.5)
    assert np.isnan(measured["roc_auc"]) and np.isnan(measured["specificity"])


@pytest.fixture
def run(tmp_path):
    run = create_run(plan("cnn1"), "data", tmp_path)
    run.write_predictions(
        pd.concat([table(60, 1, 3).assign(split="val"), table(80, 2, 1).assign(split="test", sample_id=lambda t: "t" + t["sample_id"])])
    )
    run.write_card({"recommended": {"rule": "half", "value": 0.5}})
    run.write_status("finished")
    return run


def test_rows_go_from_validation_to_test(run):
    assert generalisation(run).index.tolist() == ["validation", "test"]
    run.write_battery(pd.concat([table(60, 3, 2).assign(variant="blur"), table(60, 4, 0.5).assign(variant="noise")]))
    found = generalisation(run)
    assert found.index.tolist() == ["validation", "blur", "noise", "battery mean", "battery worst", "test"]
    assert found.loc["battery worst", "roc_auc"] == found.loc["noise", "roc_auc"] < found.loc["blur", "roc_auc"]
    assert found.loc["battery mean", "accuracy"] == pytest.approx(found.loc[["blur", "noise"], "accuracy"].mean())


def test_what_a_run_left_out_is_a_series_held_out_and_no_test(run):
    run.write_config(run.config.model_copy(update={"recipe": run.config.recipe.model_copy(update={"left_out": "series=IM"})}))
    groups = pd.Series(0, run.predictions["sample_id"].tolist())
    found = generalisation(run, groups)
    assert found.index.tolist() == ["validation", "worst group on validation", "series held out"]
    test = run.predictions.query("split == 'test'")
    assert found.loc["series held out", "roc_auc"] == pytest.approx(metrics.roc_auc_score(test["y_true"], test["p_PNEUMONIA"]))


def test_each_rule_of_the_card_is_judged_on_test_alone(run):
    assert by_rule(run).empty  # its card has no thresholds
    run.write_card({"thresholds": {"half": 0.5, "battery": 0.8}, "recommended": {"rule": "battery", "value": 0.8}})
    test, found = run.predictions.query("split == 'test'"), by_rule(run)
    for rule, cut in (("half", 0.5), ("battery", 0.8)):
        called = (test["p_PNEUMONIA"] >= cut).astype(int)
        assert found.loc[rule, ["threshold", "n_samples"]].tolist() == [cut, 80]
        assert found.loc[rule, "accuracy"] == metrics.accuracy_score(test["y_true"], called)
        assert found.loc[rule, "specificity"] == metrics.recall_score(test["y_true"], called, pos_label=0)
