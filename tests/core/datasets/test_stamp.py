"""A stamp changes whenever what it stands for does."""

from __future__ import annotations

import os
import shutil

import pytest

from core.datasets import open_dataset
from core.datasets import stamp as module
from core.datasets.stamp import names_files, stamp, stamp_of_files


def later(path) -> None:
    """One tick of any clock later than it was."""
    time = path.stat().st_mtime_ns + 10_000_000
    os.utime(path, ns=(time, time))


@pytest.mark.parametrize("change", ["added", "deeper", "replaced", "touched", "removed", "renamed", "link"])
def test_any_change_below_a_folder(lay, tmp_path, change):
    root = lay("a/b/train/NORMAL/x.jpeg", "a/b/train/NORMAL/y.jpeg", "a/b/train/PNEUMONIA/z.jpeg")
    elsewhere = lay("w.jpeg", root=tmp_path / "elsewhere") / "w.jpeg"
    (root / "a/b/train/NORMAL/link.jpeg").symlink_to(elsewhere)
    before = stamp(str(root))
    assert stamp(str(root)) == before
    file = root / "a/b/train/NORMAL/x.jpeg"
    if change in ("added", "deeper"):
        name = "new.jpeg" if change == "added" else "deep/new.jpeg"
        (file.parent / name).parent.mkdir(exist_ok=True)
        shutil.copy(file, file.parent / name)
    elif change == "replaced":
        file.write_bytes(file.read_bytes() + b"\0")
    elif change == "touched":
        later(file)
    elif change == "removed":
        file.unlink()
    elif change == "renamed":
        file.rename(file.with_name("other.jpeg"))
    else:
        elsewhere.write_bytes(b"another")
    assert stamp(str(root)) != before


def test_files_and_what_is_not_there(lay, tmp_path):
    root = lay("a.jpeg")
    table, files = tmp_path / "table.csv", [str(root / "a.jpeg"), str(root / "missing.jpeg")]
    table.write_text("path,class_name\n")
    before = stamp(str(table)), stamp_of_files(files)
    later(table)
    shutil.copy(root / "a.jpeg", root / "missing.jpeg")
    assert stamp(str(table)) != before[0] and stamp_of_files(files) != before[1]
    for odd in ("nothing here", "~no-such-person/x", "x" * 5000, "a\0b"):
        assert stamp(odd) == stamp(odd) and not names_files(odd)
    assert names_files(str(table)) and not names_files(str(root)) and not names_files("x.npz")


def test_circles_and_giant_trees_come_to_an_end(lay, monkeypatch):
    root = lay("a/b.jpeg", "a/c.jpeg", "d/e.jpeg")
    (root / "a" / "up").symlink_to(root)
    assert stamp(str(root)) == stamp(str(root))
    monkeypatch.setattr(module, "MOST_FILES", 1)
    before = stamp(str(root))
    shutil.copy(root / "a/b.jpeg", root / "a/new.jpeg")
    assert stamp(str(root)) != before  # the folder's own time tells
    monkeypatch.setattr(module, "MOST_ENTRIES", 1)
    assert stamp(str(root)) == stamp(str(root))


def test_an_image_overwritten_in_place_with_equal_size_and_time_is_seen(lay):
    folder = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg")
    film = folder / "train" / "NORMAL" / "a.jpeg"
    content, facts, before = film.read_bytes(), film.stat(), stamp(str(folder))
    known = open_dataset(str(folder)).samples.set_index("sample_id")["content_hash"]
    with film.open("r+b") as file:
        file.write(content[:-3] + b"\x00" + content[-2:])
    os.utime(film, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert (film.stat().st_size, film.stat().st_mtime_ns) == (facts.st_size, facts.st_mtime_ns)
    assert stamp(str(folder)) != before
    assert (open_dataset(str(folder)).samples.set_index("sample_id")["content_hash"] != known).tolist() == [True, False]
