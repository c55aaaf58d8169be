"""Settings that differ between runs."""

from __future__ import annotations

from core.config import Recipe
from core.differing import differing_settings


def test_only_what_differs_is_a_row_and_what_is_not_known_a_dash(scored_run):
    one = scored_run(recipe=Recipe(cutmix=0.5, cosine=True), seed=1)
    other, imported = scored_run(recipe=Recipe(), seed=1), scored_run(system="imported")
    table = differing_settings({"A": one, "B": other, "C": imported}).set_index("Setting")
    assert table[["A", "B", "C"]].to_dict("index") == {
        "Cosine": {"A": "on", "B": "off", "C": "–"},
        "Cutmix": {"A": "0.5", "B": "0", "C": "–"},
    }
    assert "batches" in table.loc["Cutmix", "What it is"]


def test_like_runs_have_no_row(scored_run):
    assert differing_settings({"A": scored_run(), "B": scored_run()}).empty
