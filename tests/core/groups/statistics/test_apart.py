"""Standardised differences by hand and against statsmodels, and the words made of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.meta_analysis import effectsize_smd

from core.groups import open_groups, summarise
from core.groups.statistics.apart import NOTHING, differences, standardised_difference
from core.groups.statistics.described import Described


def test_by_hand_and_as_statsmodels_has_it():
    here, elsewhere = np.array([1.0, 2, 3, np.nan]), np.array([3.0, 4, 5, 8])
    variances = here[:3].var(ddof=1), elsewhere.var(ddof=1)
    assert standardised_difference(here, elsewhere) == pytest.approx((2 - 5) / np.sqrt(sum(variances) / 2))
    one, other = np.random.default_rng(0).normal([[0.8], [0]], 1, (2, 50))
    hedges, _ = effectsize_smd(one.mean(), one.std(ddof=1), 50, other.mean(), other.std(ddof=1), 50)
    assert standardised_difference(one, other) == pytest.approx(hedges / (1 - 3 / (4 * 98 - 1)), rel=1e-3)


def test_ends():
    assert standardised_difference(np.ones(3), np.ones(3)) == 0
    assert standardised_difference(np.ones(3), np.zeros(3)) == 9.9 == -standardised_difference(np.zeros(3), np.ones(3))
    assert np.isnan(standardised_difference(np.ones(1), np.zeros(3)))


def test_sentences_say_what_was_planted_and_nothing_else(tabled):
    group = np.arange(100) % 2
    noise = np.random.default_rng(0).normal(0, 1, 100)
    dataset = tabled(extra={"site": np.where(group, "A", "B"), "age": 50 + 20 * group + noise}, mean_intensity=100 + 5 * group + noise)
    parts = differences(dataset, open_groups(dataset, "site"))
    assert [part.words for part in parts[0]] == ["higher age", "brighter"]
    assert parts[0][1].sentence == "Brighter: mean grey level 105, 100 in the other groups, on average (standardised difference +5.4)."
    assert [part.words for part in parts[1]] == ["lower age", "darker"] and parts[0][0].d == pytest.approx(-parts[1][0].d)


def test_a_value_of_text_is_named_with_its_shares(tabled):
    dataset = tabled(extra={"site": ["A"] * 50 + ["B"] * 50, "view {x}": ["AP"] * 45 + ["PA"] * 55})
    summary = summarise(dataset, open_groups(dataset, "site"))
    first = next(part for part in summary.apart[0] if part.key == "view {x}")
    assert first.words == "mostly view {x} AP" and "90 % of its images, 0 % of those in the other groups" in first.sentence


def test_nothing_notable_is_said_so(tabled):
    dataset = tabled(400, extra={"coin": ["heads", "tails"] * 200})
    assert summarise(dataset, open_groups(dataset, "coin")).sentences(0) == [NOTHING]


def test_a_column_called_like_a_fact_of_ours_is_told_from_it(tabled):
    dataset = tabled(extra={"site": ["A", "B"] * 50, "size": [1.0, 5.0] * 50})
    assert summarise(dataset, open_groups(dataset, "site")).apart[1][0].words == "higher size (column)"


def test_numbers_that_would_read_alike_have_more_digits():
    contrast = Described("contrast", pd.Series([20.0, 20.3]))
    assert contrast.compared(20.04, 20.31) == "grey levels scatter by 20.0, by 20.3"
    assert contrast.compared(20.0, 25.0) == "grey levels scatter by 20, by 25"
    assert contrast.compared(20.0, 20.0) == "grey levels scatter by 20.00, by 20.00"


def test_groups_of_fewer_than_ten_images_are_not_described(tabled):
    """Of one or two images every fact is alike, and the difference as large as is shown."""
    age = np.concatenate([np.full(9, 20.0), np.full(10, 30.0), np.full(81, 60.0)])
    dataset = tabled(extra={"site": ["A"] * 9 + ["B"] * 10 + ["C"] * 81, "age": age})
    summary = summarise(dataset, open_groups(dataset, "site"))
    of = {name: summary.sentences(group) for group, name in enumerate(summary.names)}
    assert of["A"] == ["It holds 9 images, too few to say what sets it apart."] and not summary.apart[summary.names.index("A")]
    assert of["B"][0].startswith("Lower age: age 30.00, ")
    few = tabled(extra={"site": ["A"] * 95 + ["B"] * 5})
    large = summarise(few, open_groups(few, "site"))
    assert large.sentences(large.names.index("A")) == ["All other groups together hold 5 images, too few to compare it with."]
