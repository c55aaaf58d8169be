"""The table behind the sentences about differences."""

from types import SimpleNamespace

import numpy as np

from core.metrics.comparison import Difference
from dashboard.components.paired import differences_table

COMPARISON = SimpleNamespace(panel=SimpleNamespace(names=("run-1", "run-2")), letters=["A", "B"])


def test_pairs_are_told_by_letter_and_signed_intervals():
    area = Difference("run-1", "run-2", "roc_auc", -0.0125, -0.03, 0.005, 0.2, "bootstrap", 624, 0.4, -0.031, 0.006, 0.0004)
    rate = Difference("run-1", "run-2", "recall_VIRAL", 0.1, 0.02, np.float64(0.18), 0.01, "McNemar", 148, 0.02)
    table = differences_table([area, rate], COMPARISON)
    assert table.iloc[0].tolist() == [
        "B minus A", "ROC AUC", "−0.013", "−0.030 to +0.005", 0.2, 0.4, 624, "bootstrap", "−0.031 to +0.006, p < 0.001",
    ]  # fmt: skip
    assert table.loc[1, ["Metric", "95 % interval", "DeLong's test"]].tolist() == ["Recall, viral", "+0.020 to +0.180", ""]
