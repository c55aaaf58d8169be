"""The decision that docs/threshold tells is the one that its evidence gives."""

import re
from pathlib import Path

import pytest

from core.datasets.sources.shipped import open_shipped
from core.studies.threshold_rules import read_evidence, study

DOCS = Path(__file__).parents[4] / "docs" / "threshold"


TOLD = (DOCS / "decision.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evidence():
    return read_evidence(DOCS / "evidence.parquet")


@pytest.fixture(scope="module")
def whole():
    return read_evidence(DOCS / "evidence.parquet", DOCS / "later.parquet")


def parts_of(evidence):
    return evidence.groupby("system", observed=True)["part"].unique().map(lambda names: sorted(map(str, names)))


def test_the_evidence_is_of_training_images_alone_and_of_what_the_plan_asks_for(evidence):
    samples = open_shipped().samples.set_index("sample_id")
    assert set(samples.loc[evidence["sample_id"].unique(), "split"]) == {"train"}
    parts = parts_of(evidence)
    assert sum(len([name for name in names if name.startswith("fold")]) == 5 for names in parts) == 3
    assert all(sum("series" in name for name in parts[system]) == 2 for system in ("lens_mobilenet", "lens_scratch"))


def test_with_what_came_later_the_evidence_is_all_that_the_plan_asks_for(whole):
    samples = open_shipped().samples.set_index("sample_id")
    assert set(samples.loc[whole["sample_id"].unique(), "split"]) == {"train"}
    parts = parts_of(whole)
    assert set(parts.index) == {"lens_mobilenet", "lens_scratch", "cnn1", "three_conv_cnn"}
    wanted = [*(f"fold {number}" for number in range(5)), "series=IM", "series=NORMAL2-IM"]
    assert all(names == wanted for names in parts)


@pytest.mark.long
def test_the_rule_that_is_told_is_the_one_that_is_found(evidence):
    found = study(evidence, open_shipped())
    told = re.search(r"The rule moves to `(\w+)`.*the view stays the (\w+) frame", TOLD)
    assert told and told.groups() == (found.decided.rule, found.decided.view) == ("half", "whole")
    assert rows_of(TOLD.split("## The whole evidence")[0]) == good_of(found)


@pytest.mark.long
def test_what_the_whole_evidence_would_give_is_told(whole):
    found = study(whole, open_shipped())
    told = TOLD.split("## The whole evidence")[1]
    assert f"leave `{found.decided.rule}`" in told and found.decided.view == "whole"
    half = found.table.set_index(["rule", "view"]).loc[("half", "whole")]
    assert not half["as_good"] and f"{half['high']:.6f}".replace("-", "−") in told
    assert rows_of(told) == good_of(found)


def rows_of(text):
    return re.findall(r"^\| `(\w+)` \| (\w+) \| ([\d.]+) \|", text, re.MULTILINE)


def good_of(found):
    good = found.table[found.table["as_good"]]
    return [(rule, view, f"{m:.3f}") for rule, view, m in good[["rule", "view", "M"]].itertuples(index=False)]
