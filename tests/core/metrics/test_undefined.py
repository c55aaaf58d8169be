"""Test sets that lack a class: which metrics go without a value, in a sentence."""

from __future__ import annotations

import pytest

from core.metrics.evaluation import evaluate_run
from core.metrics.panel import solo
from core.metrics.undefined import panel_note, undefined_note


@pytest.mark.parametrize(
    ("n_classes", "kinds", "note"),
    [
        (2, [0, 1, 2], ""),
        (2, [0, 0, 0], "Not defined: sensitivity, F1, ROC AUC and average precision, for no image here is of the class PNEUMONIA."),
        (2, [1], "Not defined: specificity and ROC AUC, for no image here is of the class NORMAL."),
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
    assert panel_note(solo(run), {run.name: evaluation.threshold}) == note
