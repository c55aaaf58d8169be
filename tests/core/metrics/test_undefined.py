"""Test sets that lack a class: which metrics go without a value, in a sentence."""

from __future__ import annotations

from math import isnan

import pandas as pd
import pytest

from core.metrics.evaluation import evaluate_run
from core.metrics.panel import panel_of, solo
from core.metrics.undefined import panel_note, undefined_note

ONE_PATIENT = "ROC AUC has no interval: all images of NORMAL are of one patient."
OF_BOTH = "precision, F1, ROC AUC and average precision"


@pytest.mark.parametrize(
    ("n_classes", "kinds", "note"),
    [
        (2, [0, 1, 2], ""),
        (
            2,
            [0, 0, 0],
            "Not defined: sensitivity, precision, F1, ROC AUC and average precision, for no image here is of the class PNEUMONIA.",
        ),
        (2, [1], f"Not defined: specificity, {OF_BOTH}, for no image here is of the class NORMAL."),
        (3, [0, 1, 1], "Not defined: recall of VIRAL, macro F1 and ROC AUC, for no image here is of the class VIRAL."),
        (
            3,
            [0],
            "Not defined: recall of BACTERIAL, recall of VIRAL, macro F1 and ROC AUC, for no image here is of the classes BACTERIAL or "
            "VIRAL.",
        ),
    ],
)
def test_what_is_lost_with_a_class(scored_run, n_classes, kinds, note):
    run = scored_run(n_classes=n_classes, kinds=kinds, splits=("test",))
    run.write_card({"recommended": {"value": 0.0}})  # all are called ill, so that a precision is defined
    evaluation = evaluate_run(run)
    assert undefined_note([evaluation]) == note
    assert panel_note(solo(run), {run.name: evaluation.threshold}) == (
        note or "ROC AUC has no interval: all images of NORMAL are of one patient."
    )


@pytest.mark.parametrize("kind", [0, 1])
def test_what_says_nothing_among_images_of_one_class_has_no_value(scored_run, kind):
    """Every call of the only class there is is right, so a precision of 1 would praise a coin."""
    metrics = evaluate_run(scored_run(kinds=[kind], splits=("test",)), threshold=0.0).metrics
    assert all(isnan(metrics[name].value) and isnan(metrics[name].low) for name in ("precision", "f1", "average_precision", "roc_auc"))
    assert metrics["accuracy"].value == float(kind == 1) and not isnan(metrics["brier"].value)


def test_images_of_one_patient_alone_say_why_intervals_are_missing():
    table = pd.DataFrame({"sample_id": list("abcd"), "y_true": [0, 1, 0, 1], "p_NORMAL": [0.6, 0.2, 0.4, 0.3]})
    panel = panel_of(
        table.assign(p_PNEUMONIA=1 - table["p_NORMAL"]),
        ("NORMAL", "PNEUMONIA"),
        facts=pd.DataFrame({"sample_id": list("abcd"), "patient_id": "one", "subtype": None}),
    )
    assert panel_note(panel, {"": 0.5}).startswith("All 4 images are of one patient, and nothing tells how other patients would differ")
