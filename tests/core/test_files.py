"""Files appear whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import InputError
from core.files import cache_dir, replacing, write_json


def test_replacing_keeps_the_old_file_until_the_block_ends(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with replacing(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_crash_in_the_block_leaves_nothing_but_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt), replacing(target) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_json_round_trip_makes_folders_and_keeps_unicode(tmp_path):
    file = tmp_path / "new" / "card.json"
    write_json(file, {"größe": [1, 2.5, None]})
    assert json.loads(file.read_text(encoding="utf-8")) == {"größe": [1, 2.5, None]}
    assert "größe" in file.read_text(encoding="utf-8")


def test_what_is_not_json_leaves_the_old_file(tmp_path):
    file = tmp_path / "card.json"
    write_json(file, {"a": 1})
    with pytest.raises(TypeError):
        write_json(file, {"a": object()})
    assert json.loads(file.read_text()) == {"a": 1}
    assert list(tmp_path.iterdir()) == [file]


def test_cache_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))
    assert cache_dir("pixels") == tmp_path / "cache" / "pixels"
    assert cache_dir("pixels").is_dir()
    monkeypatch.delenv("PNEUMOLENS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert Path(cache_dir("tables")).is_relative_to(tmp_path)


def test_a_cache_folder_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "file"))
    with pytest.raises(InputError, match=r"file/pixels' cannot be made .*; set PNEUMOLENS_CACHE"):
        cache_dir("pixels")
