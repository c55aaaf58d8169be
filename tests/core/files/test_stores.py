"""Arrays in the cache are whole or not there."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from core.datasets.pixel_store import row_file
from core.errors import InputError
from core.files import stores
from core.files.stores import build, is_whole, stored, sweep

SHAPE = (4, 1000)


def fill(path):
    np.lib.format.open_memmap(path, mode="r+")[:] = 7


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "pixels" / "a.npy"
    build(path, np.uint8, SHAPE, fill)
    return path


def test_what_was_built_is_whole(store):
    assert is_whole(store) and np.load(store).sum() == 7 * 4000
    assert [path.name for path in store.parent.iterdir()] == ["a.npy"]


@pytest.mark.parametrize("damage", ["zeros after the header", "one bit", "cut", "no checksum", "half a checksum", "empty"])
def test_what_a_power_cut_leaves_is_seen_said_and_removed(store, damage, capsys):
    content = bytearray(store.read_bytes())
    if damage == "zeros after the header":
        store.write_bytes(bytes(content[:128]) + bytes(len(content) - 128))
    elif damage == "one bit":
        content[-1] ^= 1
        store.write_bytes(content)
    elif damage == "cut":
        store.write_bytes(content[:500])
    elif damage == "empty":
        store.write_bytes(b"")
    else:
        sum_file = store.parents[1] / "sums" / "pixels-a.npy.sum"
        sum_file.write_text("" if damage == "half a checksum" else "4", encoding="ascii")
        if damage == "no checksum":
            sum_file.unlink()
    assert not is_whole(store)
    assert list(store.parent.iterdir()) == []
    build(store, np.uint8, SHAPE, fill)
    assert is_whole(store)


def test_an_untouched_store_is_read_once_a_process(store, monkeypatch):
    assert is_whole(store)
    monkeypatch.setattr(stores, "sum_of", lambda path: pytest.fail("read again"))
    assert is_whole(store)


def test_a_disk_without_room_is_said_before_anything_is_mapped(tmp_path, monkeypatch):
    def full(number, offset, length):
        assert (offset, length) == (0, 128 + 4000)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(stores.os, "posix_fallocate", full)
    with pytest.raises(InputError, match="no room is left on its disk"):
        build(tmp_path / "pixels" / "a.npy", np.uint8, SHAPE, lambda path: pytest.fail("mapped"))
    assert list((tmp_path / "pixels").iterdir()) == []


def test_every_byte_has_its_place_before_it_is_filled(tmp_path):
    stores.allocate(tmp_path / "a.npy", np.uint8, (1000, 1000))
    assert (tmp_path / "a.npy").stat().st_blocks * 512 >= 1_000_000


def test_what_a_killed_process_left_behind_is_swept_after_a_day(tmp_path):
    old, new, other = tmp_path / ".a.npy.x1", tmp_path / ".a.npy.x2", tmp_path / "folder"
    for place in (old, new, other):
        place.mkdir()
        (place / "a.npy").write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.npy.x2", "folder"]


def made(path, fill=fill, most=10**6):
    return stored(path, np.uint8, SHAPE, fill, "These images", most)


def test_one_makes_an_array_while_another_waits_for_it(tmp_path, monkeypatch):
    path, begun, waits, fills = tmp_path / "pixels" / "a.npy", Event(), Event(), []
    monkeypatch.setattr(stores, "notice", lambda sentence: waits.set() if "being made by another process" in sentence else None)

    def slowly(place):
        fills.append(place)
        begun.set()
        assert waits.wait(60)
        fill(place)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(made, path, slowly)
        assert begun.wait(60)
        second = pool.submit(made, path, slowly)
        assert first.result() == second.result() == path
    assert len(fills) == 1 and np.load(path).sum() == 7 * 4000


def test_what_was_used_longest_ago_makes_room(tmp_path):
    old, used, new = (tmp_path / "pixels" / f"{name}.npy" for name in ("old", "used", "new"))
    for seconds, path in enumerate((used, old)):
        made(path)
        os.utime(tmp_path / "sums" / f"pixels-{path.name}.sum", (seconds, seconds))
    made(used)  # made first, asked for last
    size = used.stat().st_size
    made(new, most=2 * size)
    assert used.exists() and new.exists() and not old.exists()
    assert not (tmp_path / "sums" / "pixels-old.npy.sum").exists()


def test_rows_of_what_was_removed_for_room_can_still_be_read(tmp_path):
    mapped = np.load(made(tmp_path / "pixels" / "a.npy"), mmap_mode="r")
    stores.drop(tmp_path / "pixels" / "a.npy")
    assert row_file(mapped)[np.array([1])].tolist() == [[7] * 1000]
