"""The plain sentence of a pair, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.metrics.comparison import Difference
from core.metrics.comparison_text import by_size, p_text, verdict

NAN = float("nan")


def pair(found=12, alarms=9, p_found=0.3, p_alarms=0.4, area=0.01, p_area=0.2, low=-0.02, high=0.04, n_different=0, n_compared=1):
    def rate(metric, n, of, p):
        return Difference("x", "y", metric, n / of, -1, 1, p, "McNemar, exact", of, p, n_different=n_different)

    right = found - alarms
    rates = [rate("accuracy", right, 624, 0.5), rate("specificity", -alarms, 234, p_alarms), rate("sensitivity", found, 390, p_found)]
    given = {"low_adjusted": low, "high_adjusted": high, "n_compared": n_compared}
    return [*rates, Difference("x", "y", "roc_auc", area, -1, 1, p_area, "DeLong", 624, p_area, **given)]


AREA = " Difference in ROC AUC: +0.010 (95 % interval −0.020 to +0.040, p = 0.20), within chance."


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {},
            "B finds 12 more pneumonias and raises 9 more false alarms than A; with 624 images that is within chance "
            "(p = 0.30 and p = 0.40).",
        ),
        (
            {"found": 1, "alarms": -1, "p_found": 1, "p_alarms": 1},
            "B finds 1 more pneumonia and raises 1 fewer false alarm than A; with 624 images that is within chance (p = 1.00).",
        ),
        (
            {"p_found": 0.0001, "p_alarms": 0.04},
            "B finds 12 more pneumonias and raises 9 more false alarms than A; with 624 images that is more than chance "
            "(p < 0.001 and p = 0.04).",
        ),
        (
            {"p_found": 0.01},
            "B finds 12 more pneumonias and raises 9 more false alarms than A; with 624 images the pneumonias are more than chance "
            "(p = 0.01), the false alarms within it (p = 0.40).",
        ),
        (
            {"found": 5, "alarms": 0, "p_found": 0.06, "p_alarms": 1},
            "B finds 5 more pneumonias and raises as many false alarms as A; with 624 images that is within chance (p = 0.06).",
        ),
        (
            {"found": 0, "alarms": 0, "p_found": 1, "p_alarms": 1},
            "B finds as many pneumonias and raises as many false alarms as A; they give the same answer on each of these 624 images.",
        ),
    ],
)
def test_two_classes(given, expected):
    assert verdict(pair(**given), "A", "B") == expected + AREA


def test_like_totals_are_not_like_answers():
    """9 pneumonias for 9 others, and as many false alarms: McNemar's p is 1, and still 18 images differ."""
    said = verdict(pair(found=0, alarms=0, p_found=1, p_alarms=1, n_different=18), "A", "B")
    assert said == (
        "B finds as many pneumonias and raises as many false alarms as A; the totals are the same, but they call 18 of these 624 images "
        "differently, which is within chance (p = 1.00)." + AREA
    )


def test_an_area_without_an_interval_claims_nothing():
    said = verdict(pair(area=0.5, p_area=NAN, low=NAN, high=NAN), "A", "B")
    assert said.endswith("Their ROC AUC differs by +0.500: too few images to tell whether that is chance.")


def test_areas():
    assert verdict(pair(area=-0.02, p_area=0.004, low=-0.03, high=-0.01), "A", "B").endswith(
        "Difference in ROC AUC: −0.020 (95 % interval −0.030 to −0.010, p = 0.004), more than chance."
    )
    assert verdict(pair(area=0.0, p_area=1), "A", "B").endswith("Their ROC AUC is the same.")
    assert "Difference in ROC AUC: +0.0002 (" in verdict(pair(area=0.0002), "A", "B")
    assert verdict(pair(area=NAN, p_area=NAN), "A", "B").endswith(").")


def test_of_several_pairs_the_sentence_says_for_how_many_it_is_corrected():
    said = verdict(pair(area=-0.004, p_area=0.09, low=-0.008, high=0.001, n_compared=15), "A", "B")
    assert said.endswith("ROC AUC: −0.004 (95 % interval −0.008 to +0.001, p = 0.09), within chance. Corrected for 15 comparisons.")


def test_the_largest_difference_of_areas_comes_first():
    def of(a, b, **given):
        return [replace(one, a=a, b=b) for one in pair(**given)]

    found = [*of("x", "y", area=0.01), *of("x", "z", area=-0.09), *of("y", "z", area=NAN)]
    assert list(by_size(found)) == [("x", "z"), ("x", "y"), ("y", "z")]


def test_three_classes():
    rates = [
        Difference("x", "y", f"recall_{name}", n / of, -1, 1, p, "McNemar, exact", of, p)
        for name, n, of, p in (("NORMAL", 10, 234, 0.001), ("BACTERIAL", -3, 242, 0.6), ("VIRAL", 0, 148, 1))
    ]
    said = verdict([pair()[0], *rates, pair()[3]], "A", "B")
    assert said.startswith(
        "B recognises 10 more normal images, 3 fewer bacterial images and as many viral images as A; with 624 images the normal images "
        "are more than chance (p = 0.001), the bacterial images within it (p = 0.60)."
    )


def test_a_test_set_of_one_class_speaks_of_that_class():
    found = [d for d in pair() if d.metric != "specificity"]
    assert verdict(found, "A", "B").startswith("B finds 12 more pneumonias than A; with 624 images that is within chance (p = 0.30).")


@pytest.mark.parametrize(
    ("p_value", "expected"),
    [(0.0004, "p < 0.001"), (0.001, "p = 0.001"), (0.0312, "p = 0.031"), (0.0499, "p = 0.0499"), (0.31, "p = 0.31"), (NAN, "–")],
)
def test_p_values(p_value, expected):
    assert p_text(p_value) == expected
