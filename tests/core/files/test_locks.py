"""Whether a lock is held is told of any folder, also of one that is somebody else's."""

import os

import pytest

from core.files.locks import is_locked, locked


def test_a_lock_is_seen_while_it_is_held_and_not_before_or_after(tmp_path):
    place = tmp_path / "a.lock"
    assert not is_locked(place) and not place.exists()
    with locked(place) as mine:
        assert mine and is_locked(place)
    assert not is_locked(place)


def test_looking_takes_the_lock_from_nobody_who_looks_too(tmp_path):
    place = tmp_path / "a.lock"
    place.touch()
    with place.open("rb") as file:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_SH)  # another visitor looks at this moment
        assert not is_locked(place)


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.mkdir(), lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "folder", "device"]
)
def test_what_is_no_file_is_held_by_nobody(tmp_path, make):
    make(tmp_path / "a.lock")
    assert not is_locked(tmp_path / "a.lock")


def test_a_lock_in_a_folder_that_can_only_be_read_is_held_by_nobody(tmp_path, monkeypatch):
    place = tmp_path / "a.lock"
    place.touch()
    opened = os.open

    def read_only(path, flags, *more, **named):
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", read_only)
    assert not is_locked(place)
