"""The worst group by hand."""

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from core.metrics.subgroups.worst import worst_groups

NAMES = ("NORMAL", "PNEUMONIA")
TABLE = pd.DataFrame(  # group 0: 3 of 4 normals right, 2 of 2 ill; group 1: 1 of 4 and 1 of 4; group 2: no normal right, but only 1
    {"y_true": [0] * 4 + [1] * 2 + [0] * 4 + [1] * 4 + [0]}
    | {"p_PNEUMONIA": [0.1, 0.2, 0.3, 0.9, 0.8, 0.7, 0.1, 0.9, 0.9, 0.9, 0.9, 0.1, 0.2, 0.3, 0.9]}
).assign(sample_id=lambda table: [f"x{row}" for row in table.index], p_NORMAL=lambda table: 1 - table["p_PNEUMONIA"])
GROUPS = pd.Series([0] * 6 + [1] * 8 + [2], TABLE["sample_id"].tolist())


def test_the_lowest_rate_among_groups_that_hold_enough_of_the_class():
    found = worst_groups(TABLE, GROUPS, NAMES, 0.5, fewest=4)
    assert found["specificity"].to_json() == pytest.approx(
        {"group": 2, "n_groups": 2, "value": 0.25, "n": 4}
        | dict(zip(("low", "high"), proportion_confint(1, 4, method="wilson"), strict=True))
    )
    assert (found["sensitivity"].group, found["sensitivity"].n_groups, found["sensitivity"].rate.value) == (1, 1, 0.25)
    assert worst_groups(TABLE, GROUPS, NAMES, 0.5, fewest=1)["specificity"].rate.value == 0


def test_nothing_is_said_without_groups_or_where_none_holds_enough():
    assert worst_groups(TABLE, None, NAMES, 0.5) == {}
    assert worst_groups(TABLE, GROUPS, NAMES, 0.5, fewest=5) == {}
    assert worst_groups(TABLE, GROUPS[:0], NAMES, 0.5, fewest=1) == {}, "images of another set"


def test_more_classes_have_the_recall_of_each():
    names = ("NORMAL", "BACTERIAL", "VIRAL")
    table = pd.DataFrame({"sample_id": list("abcd"), "y_true": [0, 1, 2, 2]}).assign(p_NORMAL=0.2, p_BACTERIAL=0.5, p_VIRAL=0.3)
    found = worst_groups(table, pd.Series([0, 0, 0, 1], list("abcd")), names, None, fewest=1)
    assert {name: (one.group, one.rate.value) for name, one in found.items()} == {
        "recall_NORMAL": (0, 0.0), "recall_BACTERIAL": (0, 1.0), "recall_VIRAL": (0, 0.0),
    }  # fmt: skip
