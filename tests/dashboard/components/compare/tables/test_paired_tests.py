"""The table behind the sentences about differences."""

from types import SimpleNamespace

import numpy as np

from core.metrics.comparison import Difference
from dashboard.components.compare.tables.paired_tests import differences_table
from dashboard.components.compare.tables.sortable_numbers import as_text

COMPARISON = SimpleNamespace(panel=SimpleNamespace(names=("run-1", "run-2")), letters=["A", "B"])


def test_pairs_are_told_by_letter_with_signs_and_the_corrected_figures():
    corrected = {"low_adjusted": -0.031, "high_adjusted": 0.0061, "n_compared": 3}
    area = Difference("run-1", "run-2", "roc_auc", -0.0125, -0.03, 0.005, 0.2, "DeLong", 624, 0.4, **corrected)
    rate = Difference("run-1", "run-2", "recall_VIRAL", 0.1, 0.02, np.float64(0.18), 1e-7, "McNemar", 148, 2e-7, **corrected)
    table = differences_table([area, rate], COMPARISON)
    assert as_text(table).iloc[0].tolist() == ["[B] − [A]", "ROC AUC", "−0.013", "−0.031 to +0.006", "0.40", 624, "DeLong"]
    assert as_text(table).loc[1, ["Metric", "p"]].tolist() == ["Recall, viral", "< 0.001"]
    assert table["Difference"].tolist() == [-0.0125, 0.1] and table["p"].tolist() == [0.4, 2e-7], "sorted as numbers"
