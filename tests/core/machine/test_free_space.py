"""Free memory under the limits of control groups, and free disk."""

from __future__ import annotations

from collections import namedtuple

import psutil
import pytest

from core.errors import InputError
from core.machine import free_space as room
from core.machine.free_space import free_memory, require_disk, require_memory, size_text


@pytest.fixture
def group(tmp_path, monkeypatch):
    """``group("a/b", limit=…, used=…, cached=…)`` lays a control group; this process is in ``a/b``."""
    monkeypatch.setattr(room, "CGROUPS", tmp_path)
    monkeypatch.setattr(room, "_membership", lambda: "/a/b")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: namedtuple("Memory", "available")(50_000))

    def lay(name, limit, used=0, cached=0, old=False):
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file") if old else None
        most, usage, cache = names or ("memory.max", "memory.current", "inactive_file")
        (folder / most).write_text(f"{limit}\n")
        (folder / usage).write_text(f"{used}\n")
        (folder / "memory.stat").write_text(f"anon 1\n{cache} {cached}\n")

    return lay


def test_without_limits_the_machine_decides(group):
    group("a/b", "max", 10)
    assert free_memory() == 50_000


def test_the_strictest_group_decides_and_caches_count_as_free(group):
    group("a", 9_000, 4_000, 1_000)
    group("a/b", 8_000, 1_000)
    assert free_memory() == 6_000


def test_groups_of_the_first_version_are_understood(group):
    group("memory/a/b", 7_000, 3_000, 500, old=True)
    assert free_memory() == 4_500


def test_over_the_limit_nothing_is_free(group):
    group("a/b", 5, 10)
    assert free_memory() == 0


def test_what_does_not_fit_is_refused_with_both_numbers(monkeypatch):
    monkeypatch.setattr(room, "free_memory", lambda: 2_000_000_000)
    require_memory(1.9e9, "This", "do that")
    with pytest.raises(InputError, match=r"^This needs about 3.5 GB of memory, and 2.0 GB are free; do that.$"):
        require_memory(3.5e9, "This", "do that")


def test_a_disk_without_room_is_named_by_the_folder_that_is_there(tmp_path):
    require_disk(tmp_path / "not" / "yet", 1000, "This", "do that")
    with pytest.raises(InputError, match=rf"^This needs about .* GB on the disk of '{tmp_path}', and .* are free; do that\.$"):
        require_disk(tmp_path / "not" / "yet", 1e18, "This", "do that")


def test_sizes_in_words():
    assert [size_text(n) for n in (12e6, 3.44e9, 1.8e13)] == ["12 MB", "3.4 GB", "18,000.0 GB"]
