"""What was used lately is offered again, as long as it is there."""

from __future__ import annotations

import pytest

from core.datasets.recent import MOST_KEPT, NAME, recent, remember


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_latest_comes_first_and_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert recent() == []
    for name in ("a", "b", "a"):
        remember(tmp_path / name)
    assert recent() == [str(tmp_path / "a"), str(tmp_path / "b")]


def test_what_is_gone_is_not_offered_and_comes_back_with_its_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    remember(disk)
    disk.rename(tmp_path / "unplugged")
    assert recent() == []
    (tmp_path / "unplugged").rename(disk)
    assert recent() == [str(disk)]


def test_only_some_are_kept(tmp_path):
    for number in range(MOST_KEPT + 3):
        (tmp_path / str(number)).mkdir()
        remember(tmp_path / str(number))
    assert len(recent()) == MOST_KEPT and recent()[0] == str(tmp_path / str(MOST_KEPT + 2))


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', '[1, null, "/no\\u0000where"]'])
def test_a_broken_list_is_an_empty_one(cache, tmp_path, content):
    cache.mkdir()
    (cache / NAME).write_text(content)
    assert recent() == []
    remember(tmp_path)
    assert recent() == [str(tmp_path)]
