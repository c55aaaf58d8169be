"""What is measured is kept for the content of a run's files, and for no other."""

from __future__ import annotations

import pytest

from core.metrics.kept import kept


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))


def test_it_is_computed_once_for_a_content(scored_run, tmp_path):
    run, asked = scored_run(), []

    def compute():
        asked.append(1)
        return {"value": 0.1 + 0.2, "none": None, "nan": float("nan")}

    first = kept(run, "x", compute)
    again = kept(run, "x", compute)
    assert again["value"] == first["value"] == 0.1 + 0.2 and again["none"] is None and again["nan"] != again["nan"] and len(asked) == 1
    kept(run, "y", compute)
    assert len(asked) == 2
    run.write_card(run.card.to_json() | {"seconds": 3.0})
    kept(run, "x", compute)
    assert len(asked) == 3


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
def test_what_lies_broken_in_the_cache_is_made_again(scored_run, tmp_path, content):
    run = scored_run()
    kept(run, "x", lambda: {"value": 1})
    for file in (tmp_path / "cache" / "measured").iterdir():
        file.write_text(content)
    assert kept(run, "x", lambda: {"value": 2}) == {"value": 2}
