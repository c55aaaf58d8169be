"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from core import files
from core.errors import InputError
from core.files import cache_dir, replacing, write_json
from core.files.notices import notices


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


def test_a_temporary_folder_takes_the_place_of_a_cache_that_cannot_be_made_and_it_is_said_once(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "file"))
    folder = cache_dir("pixels")
    assert cache_dir("pixels") == folder and folder.is_dir() and not folder.is_relative_to(tmp_path)
    (said,) = capsys.readouterr().err.splitlines()
    assert (
        said.startswith(f"The cache folder '{tmp_path}/file' cannot be written to (a part of it is a file") and "PNEUMOLENS_CACHE" in said
    )
    assert said in notices()


def test_a_folder_that_cannot_be_written_to_is_named_without_the_temporary_file(tmp_path, monkeypatch):
    def refused(*arguments, dir, prefix, **more):
        raise PermissionError(errno.EACCES, "Permission denied", f"{dir}/{prefix}x7")

    monkeypatch.setattr(files.tempfile, "mkdtemp", refused)
    with pytest.raises(InputError) as said, replacing(tmp_path / "a.txt"):
        pass
    assert str(said.value) == f"The folder '{tmp_path}' cannot be written to (permission denied); name another one."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "no room is left on its disk"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "your share of its disk"),
        (OSError(errno.EROFS, "Read-only file system"), "it is read-only"),
        (OSError("1000 requested and 10 written"), "perhaps no room is left"),
    ],
)
def test_a_disk_that_fills_up_on_the_way_is_said_and_the_old_file_stays(error, words, tmp_path):
    target = tmp_path / "a.npy"
    target.write_text("old")
    with pytest.raises(InputError, match=words), replacing(target):
        raise error
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


def test_an_error_about_another_file_passes(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a" / "b.txt"):
        Path("/nowhere/at/all").read_text()


def test_a_parent_that_is_a_file_a_folder_in_the_way_and_a_name_too_long(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "full").mkdir(parents=True)
    for path, words in (("file/x.txt", "a file"), ("folder", "is a folder, not a file"), ("n" * 300, "too long for a file")):
        with pytest.raises(InputError, match=words), replacing(tmp_path / path) as temporary:
            temporary.write_text("x")


def test_a_long_name_is_written(tmp_path):
    with replacing(tmp_path / ("n" * 250)) as temporary:
        temporary.write_text("x")
    assert (tmp_path / ("n" * 250)).read_text() == "x"


def test_where_not_even_a_temporary_folder_can_be_made_a_cache_is_empty_and_keeps_nothing(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(files.tempfile, "mkdtemp", lambda **names: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    files._substitute.cache_clear()
    folder = files.cache_dir("tables")
    assert not folder.exists()
    files.keep(folder / "a.json", lambda path: path.write_text("1"), "It is not kept.")
    assert "It is not kept. " in capsys.readouterr().err
