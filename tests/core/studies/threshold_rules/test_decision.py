"""The decision that docs/threshold tells is the one that its evidence gives."""

import re
from pathlib import Path

import pytest

from core.datasets.sources.shipped import open_shipped
from core.studies.threshold_rules import read_evidence, study

DOCS = Path(__file__).parents[4] / "docs" / "threshold"


@pytest.fixture(scope="module")
def evidence():
    return read_evidence(DOCS / "evidence.parquet")


def test_the_evidence_is_of_training_images_alone_and_of_what_the_plan_asks_for(evidence):
    samples = open_shipped().samples.set_index("sample_id")
    assert set(samples.loc[evidence["sample_id"].unique(), "split"]) == {"train"}
    parts = evidence.groupby("system", observed=True)["part"].unique().map(lambda names: sorted(map(str, names)))
    assert sum(len([name for name in names if name.startswith("fold")]) == 5 for names in parts) == 3
    assert all(sum("series" in name for name in parts[system]) == 2 for system in ("lens_mobilenet", "lens_scratch"))


@pytest.mark.long
def test_the_rule_that_is_told_is_the_one_that_is_found(evidence):
    found = study(evidence, open_shipped())
    told = re.search(r"The rule moves to `(\w+)`.*the view stays the (\w+) frame", (DOCS / "decision.md").read_text(encoding="utf-8"))
    assert told and told.groups() == (found.decided.rule, found.decided.view) == ("half", "whole")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([\d.]+) \|", (DOCS / "decision.md").read_text(encoding="utf-8"), re.MULTILINE)
    good = found.table[found.table["as_good"]]
    assert rows == [(rule, view, f"{m:.3f}") for rule, view, m in good[["rule", "view", "M"]].itertuples(index=False)]
