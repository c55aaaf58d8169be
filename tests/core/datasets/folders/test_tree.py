"""Everything below a folder, whatever it is."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from core.datasets.folders import refusals, tree
from core.datasets.folders.refusals import ARCHIVE, EMPTY, HIDDEN, MASKS, NO_FILE, NO_IMAGE, NO_TARGET, OTHER_FORMAT, TOO_DEEP
from core.datasets.folders.tree import walk
from core.errors import InputError


def listed(top: Path) -> dict[str, str]:
    found = walk(top)
    rows = [*found.locked, *found.closed, *(row for folder in found.folders for row in folder.others)]
    return {path.removeprefix(f"{top}/"): reason for path, reason in rows}


def images(top: Path) -> list[str]:
    return ["/".join((*folder.parts, entry.name)) for folder in walk(top).folders for entry in folder.images]


def test_kinds_of_files(lay):
    top = lay("a.jpeg", "b/c.png")
    jpeg = (top / "a.jpeg").read_bytes()
    dicom = b"\0" * 128 + b"DICM" + b"\0" * 40
    contents = {"d": jpeg, "e.tmp": jpeg, "f.dicom": b"", "g": dicom, "IMG0001": dicom, "h.zip": b"PK", "i.nii.gz": b"\x1f\x8b"}
    contents |= {"j.gif": b"GIF89a", "k": b"", "l.txt": b"", "m.md": b"# hello"}
    for name, content in contents.items():
        (top / name).write_bytes(content)
    assert images(top) == ["IMG0001", "a.jpeg", "d", "e.tmp", "f.dicom", "g", "b/c.png"]
    assert listed(top) == {"h.zip": ARCHIVE, "i.nii.gz": ARCHIVE, "j.gif": OTHER_FORMAT, "k": EMPTY, "l.txt": NO_IMAGE, "m.md": NO_IMAGE}


def test_what_desktops_leave_behind_needs_no_word(lay):
    top = lay("a.jpeg")
    for name in (".DS_Store", "._a.jpeg", "Thumbs.db", "desktop.ini"):
        (top / name).write_bytes(b"x")
    assert images(top) == ["a.jpeg"] and listed(top) == {}


def test_what_is_hidden_is_listed(lay):
    top = lay("a.jpeg", ".b.jpeg", ".hidden/c.jpeg", ".hidden/d.jpeg")
    (top / ".notes").write_bytes(b"x")
    assert images(top) == ["a.jpeg"]
    assert listed(top) == {".b.jpeg": HIDDEN, ".hidden/": f"2 files: {HIDDEN}"}


def test_pipes_and_sockets_are_not_opened(lay):
    with tempfile.TemporaryDirectory(dir="/tmp") as short:  # the name of a socket has a hundred letters at most
        top = lay("a.jpeg", root=Path(short))
        os.mkfifo(top / "pipe.jpeg")
        os.mkfifo(top / "pipe")
        with socket.socket(socket.AF_UNIX) as plug:
            plug.bind(str(top / "socket"))
            (top / "dead").symlink_to(top / "nothing")
            (top / "circle").symlink_to(top / "circle")
            found = listed(top)
    assert [found.pop(name) for name in ("pipe.jpeg", "pipe", "socket", "dead")] == [NO_FILE] * 3 + [NO_TARGET]
    assert set(found) == {"circle"}


def test_links_are_followed_but_not_in_a_circle(lay, tmp_path):
    top, other = lay("a/b.jpeg"), lay("c.jpeg", root=tmp_path / "other")
    (top / "a" / "up").symlink_to(top)
    (top / "a" / "itself").symlink_to(top / "a")
    (other / "back").symlink_to(top)
    (top / "other").symlink_to(other)
    assert images(top) == ["a/b.jpeg", "other/c.jpeg"] and listed(top) == {}


def test_masks_are_counted_and_not_looked_into(lay):
    top = lay("a.jpeg", "masks/x/b.png", "Lung Mask/c.png", "lung_masks/d.png", "masked/e.png", "masks2/f.png")
    assert images(top) == ["a.jpeg", "masked/e.png", "masks2/f.png"]
    assert listed(top) == {"masks/": f"1 file: {MASKS}", "Lung Mask/": f"1 file: {MASKS}", "lung_masks/": f"1 file: {MASKS}"}


def test_depth_and_number_are_bounded(lay, monkeypatch):
    deep = "/".join(str(number) for number in range(refusals.MAX_DEPTH))
    top = lay(f"{deep}/a.jpeg", f"{deep}/too/b.jpeg", f"{deep}/too/deep/c.jpeg")
    assert images(top) == [f"{deep}/a.jpeg"] and listed(top) == {f"{deep}/too/": f"2 files: {TOO_DEEP}"}
    monkeypatch.setattr(tree, "MAX_FILES", 0)
    with pytest.raises(InputError, match=r"More than 0 files lie in 'set'; give the folder of the data set itself"):
        walk(top)
