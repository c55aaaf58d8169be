"""One sentence on groups: the most different ones, and only where they are large enough."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.groups import Grouping, headline
from core.groups.statistics.headline import share_text
from core.groups.statistics.summary import counted
from core.metrics.statistics.intervals import Estimate

TIED, LOOSE = Estimate(0.7, 0.6, 0.8, 90), Estimate(0.1, 0.0, 0.2, 90)


@pytest.fixture
def three():
    """Groups of 40, 40 and 10 training images, of which 0, 30 and 10 are NORMAL."""
    codes = np.repeat([0, 1, 2], [40, 40, 10])
    names = pd.Series(np.where(np.isin(np.arange(90), [*range(40, 70), *range(80, 90)]), "NORMAL", "PNEUMONIA"))
    grouping = Grouping("appearance", "Appearance", ("Group 1", "Group 2", "Group 3"), codes, np.zeros(90, int), "")
    return grouping, counted(codes, pd.Series(["train"] * 90), names, ("NORMAL", "PNEUMONIA"), 3)


def test_the_most_different_groups_of_enough_images_are_named(three):
    grouping, counts = three
    assert headline(counts, grouping, TIED) == (
        "Of the groups of 20 images or more, Group 1 holds 0 % NORMAL on train, validation included (n = 40), Group 2 75 % (n = 40): "
        "the look of a film gives its class away."
    )
    named = headline(counts, grouping, TIED, {1: "old machine"})
    assert "the group “old machine” 75 %" in named
    assert "does not give the class away (Cramér's V 0.10 (0.00–0.20); 0 is no tie)" in headline(counts, grouping, LOOSE)


def test_of_a_fact_its_title_gives_the_class_away(three):
    grouping, counts = three
    by_fact = Grouping("view", "View", ("AP", "PA", "L"), grouping.codes, grouping.ranks, "")
    assert headline(counts, by_fact, TIED).startswith(
        "Of the groups of 20 images or more, the group AP holds 0 % NORMAL on train, validation included (n = 40), the group PA 75 %"
    )
    assert headline(counts, by_fact, TIED).endswith("View alone gives the class away.")


def test_what_cannot_be_said_is_said(three):
    grouping, counts = three
    small = counts.assign(n=counts["n"] // 10)
    assert "too small to say" in headline(small, grouping, TIED) and "20 images on train" in headline(small, grouping, TIED)
    assert "too small" in headline(counts, grouping, Estimate(np.nan, np.nan, np.nan, 90))
    assert "one class" in headline(counts[counts["class_name"] == "NORMAL"], grouping, TIED)
    alone = Grouping("appearance", "Appearance", ("Group 1",), np.zeros(90, int), np.zeros(90, int), "")
    assert "one group" in headline(counts, alone, TIED)


def test_of_three_classes_the_one_that_differs_most_is_spoken_of():
    codes, rng = np.repeat([0, 1], 60), np.tile(["a", "b", "c"], 40)
    names = pd.Series(np.where(np.arange(120) < 50, "b", rng))
    grouping = Grouping("appearance", "Appearance", ("Group 1", "Group 2"), codes, np.zeros(120, int), "")
    said = headline(counted(codes, pd.Series(["train"] * 120), names, ("a", "b", "c"), 2), grouping, TIED)
    assert said.startswith("Group 2 holds 33 % b on train, validation included (n = 60), Group 1 ")


def test_where_validation_is_counted_apart_train_is_train_alone():
    codes = np.tile(np.repeat([0, 1], 30), 2)
    names = pd.Series(np.where(codes, "NORMAL", "PNEUMONIA"))
    grouping = Grouping("appearance", "Appearance", ("Group 1", "Group 2"), codes, np.zeros(120, int), "")
    counts = counted(codes, pd.Series(np.repeat(["train", "val"], 60)), names, ("NORMAL", "PNEUMONIA"), 2)
    assert headline(counts, grouping, TIED).startswith("Group 1 holds 0 % NORMAL on train (n = 30), Group 2 100 % (n = 30)")


@pytest.mark.parametrize(("n", "whole", "text"), [(0, 0, "–"), (1, 1, "1 of 1"), (4, 9, "4 of 9"), (4, 10, "40 %"), (1, 200, "0.5 %")])
def test_a_share_of_few_images_is_told_as_their_number(n, whole, text):
    assert share_text(n, whole) == text


def test_groups_that_hold_the_same_are_two_groups():
    codes, names = np.repeat([0, 1], 40), pd.Series(["NORMAL", "PNEUMONIA"] * 40)
    grouping = Grouping("view", "View", ("AP", "PA"), codes, np.zeros(80, int), "")
    counts = counted(codes, pd.Series(["train"] * 80), names, ("NORMAL", "PNEUMONIA"), 2)
    said = headline(counts, grouping, LOOSE)
    assert "The group AP holds 50 % NORMAL" in said and "the group PA 50 %" in said
