"""The table that is read and the one that is computed with."""

import math

import numpy as np

from core.metrics.evaluation import Estimate, Evaluation
from dashboard.components.compare.tables.metrics_table import (
    best_cells,
    metric_cells,
    metrics_html,
    metrics_numbers,
    metrics_table,
    title_of,
)


def evaluation(precision, n_called):
    metrics = {"sensitivity": Estimate(0.5, 0.4, 0.6, 390), "precision": Estimate(precision, 0.1, 0.9, n_called)}
    return Evaluation(624, 0.7, ("NORMAL", "PNEUMONIA"), np.zeros((2, 2), int), metrics, {"VIRAL": Estimate(0.25, 0.1, 0.4, 148)})


def test_rows_are_metrics_with_intervals_and_the_number_each_rests_on():
    table = metrics_table({"A": evaluation(0.75, 400), "B": evaluation(math.nan, 0)}).set_index("Metric")
    assert table.loc["Sensitivity", ["A", "n"]].tolist() == ["0.500 (0.400–0.600)", "390"]
    assert table.loc["Precision", ["A", "B", "n"]].tolist() == ["0.750 (0.100–0.900)", "–", "0–400"]


def test_numbers_have_a_line_for_each_run_and_metric_unrounded():
    rows = metrics_numbers({"A": evaluation(0.75, 400)}, {"A": "cnn1-x"}).to_dict("records")
    assert [row["metric"] for row in rows] == ["sensitivity", "precision", "recall_viral"]
    assert rows[2] == {
        "run": "cnn1-x", "threshold": 0.7, "metric": "recall_viral", "value": 0.25, "low": 0.1, "high": 0.4, "n_samples": 148,
    }  # fmt: skip


def test_metrics_have_titles_and_recalls_their_class():
    assert (title_of("roc_auc"), title_of("recall_VIRAL"), title_of("kappa")) == ("ROC AUC", "Recall, viral", "kappa")


def test_the_table_as_html_has_a_cell_for_each_run_and_metric():
    html = metrics_html({"A <b>": evaluation(0.75, 400), "B": evaluation(math.nan, 0)}, 'data-sweep="x"')
    assert '<th scope="col">A &lt;b&gt;</th>' in html and 'data-sweep="x"' in html
    assert '<span data-cell="0.precision">0.750 (0.100–0.900)</span>' in html and '<span data-cell="1.precision">–</span>' in html


def test_the_best_of_each_row_is_marked_in_words_as_far_as_its_digits_tell():
    def scored(sensitivity, brier):
        metrics = {"sensitivity": Estimate(sensitivity, 0, 1, 390), "brier": Estimate(brier, 0, 1, 624)}
        return Evaluation(624, 0.7, ("NORMAL", "PNEUMONIA"), np.zeros((2, 2), int), metrics, {})

    cells = best_cells([scored(0.9001, 0.1), scored(0.9002, 0.2), scored(math.nan, 0.3)])
    assert [cells[f"{number}.brier.best"] for number in range(3)] == ["best", "", ""], "lower is better"
    assert [cells[f"{number}.sensitivity.best"] for number in range(3)] == ["", "", ""], "they read the same"
    assert best_cells([scored(0.9, 0.1)]) == {"0.sensitivity.best": "", "0.brier.best": ""}


def test_an_interval_that_is_still_to_come_is_dots():
    pending = Evaluation(4, 0.5, ("NORMAL", "PNEUMONIA"), np.zeros((2, 2), int), {"f1": Estimate(0.5, math.nan, math.nan, 4)}, {})
    assert metric_cells([pending], to_come=True) == {"0.f1": "0.500 (…)"}
    assert metric_cells([pending]) == {"0.f1": "0.500 (–)"}, "the answer itself: too few images for an interval"
