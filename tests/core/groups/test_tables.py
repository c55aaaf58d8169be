"""Groups as tables to take away."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from core.groups import assignment, counted, group_table, open_groups, summarise


def test_every_image_has_its_group(tabled):
    dataset = tabled(40, extra={"view": ["AP", "PA"] * 20})
    grouping = open_groups(dataset, "view")
    table = assignment(dataset, grouping, {1: "from behind"})
    assert table.columns.tolist() == ["sample_id", "group", "group_name", "medoid_rank"]
    assert table["sample_id"].tolist() == dataset.samples["sample_id"].tolist()
    assert table["group"].tolist() == [1, 2] * 20 and table["group_name"].tolist() == ["AP", "from behind"] * 20
    assert table["medoid_rank"].dropna().between(1, 6).all() and table["medoid_rank"].isna().any()


def test_shares_have_wilsons_interval(tabled):
    dataset = tabled(40, extra={"view": ["AP", "AP", "AP", "PA"] * 10})
    grouping = open_groups(dataset, "view")
    samples = dataset.samples
    counts = counted(grouping.codes, samples["split"], samples["class_name"], dataset.class_names, grouping.k)
    table = group_table(counts, grouping, summarise(dataset, grouping), {})
    row = table.set_index(["group_name", "split", "class_name"]).loc[("AP", "train", "NORMAL")]
    assert (row["n"], row["n_group"]) == (16, 24)
    low, high = proportion_confint(16, 24, method="wilson")
    assert (row["share"], row["low"], row["high"]) == pytest.approx((16 / 24, low, high))
    assert len(table) == 2 * 2 * 2 and table["n"].sum() == 40
