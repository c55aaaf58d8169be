"""Metrics by group: against scikit-learn on each part, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import recall_score, roc_auc_score

from core.metrics.alignment import line_up
from core.metrics.statistics.intervals import wilson
from core.metrics.subgroups.by_group import by_group, paired_by_group, worst_first


@pytest.fixture
def panel(scored_run):
    return line_up([scored_run(1.0, seed=1), scored_run(2.0, seed=2)]).panel


def test_each_group_has_the_figures_of_its_films_alone(panel):
    codes, cuts = np.arange(panel.n_samples) % 2, dict.fromkeys(panel.names, 0.5)
    for metric, reference in (("specificity", lambda y, s: recall_score(y, s >= 0.5, pos_label=0)), ("roc_auc", roc_auc_score)):
        found = by_group(panel, cuts, codes, metric).set_index(["group", "run"])
        for group in (0, 1):
            part = codes == group
            for row, name in enumerate(panel.names):
                assert found.loc[(group, name), "value"] == pytest.approx(reference(panel.y_true[part], panel.scores[row, part, 1]))
    part = (codes == 0) & (panel.y_true == 0)
    expected = wilson(int((panel.scores[0, part, 1] < 0.5).sum()), int(part.sum()))
    row = by_group(panel, cuts, codes, "specificity").iloc[0]
    assert (row["low"], row["high"], row["n"]) == (expected.low, expected.high, expected.n_samples)


def test_groups_of_fewer_than_ten_films_have_no_rate_and_come_last(panel):
    codes = np.where(np.arange(panel.n_samples) < 6, 0, 1)
    found = by_group(panel, dict.fromkeys(panel.names, 0.5), codes, "specificity")
    few = found[found["group"] == 0]
    assert (few["n"] == 6).all() and few[["value", "low", "high"]].isna().all(axis=None)
    assert worst_first(found, "specificity") == [1, 0]


def test_a_run_does_not_differ_from_itself_and_a_difference_is_that_of_the_values(panel):
    codes, cuts = np.arange(panel.n_samples) % 2, dict.fromkeys(panel.names, 0.5)
    a, b = panel.names
    values = by_group(panel, cuts, codes, "sensitivity").set_index(["run", "group"])["value"]
    found = paired_by_group(panel, cuts, codes, "sensitivity", (a, b)).set_index("group")
    assert found["difference"].to_dict() == pytest.approx((values[b] - values[a]).to_dict())
    assert ((found["low"] <= found["difference"]) & (found["difference"] <= found["high"])).all()
    same = paired_by_group(panel, cuts, codes, "sensitivity", (a, a))
    assert (same[["difference", "low", "high"]] == 0).all(axis=None)
