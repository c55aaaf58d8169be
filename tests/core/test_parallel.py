"""One map, in order, with progress: inline, on threads and on processes."""

from __future__ import annotations

import operator
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import parallel
from core.images.measuring import content_hash
from core.parallel import parallel_map

PROJECT = Path(__file__).parents[2]


def test_few_items_keep_their_order_and_report_progress():
    seen = []
    assert parallel_map(str, range(100), lambda done, total: seen.append((done, total))) == [str(i) for i in range(100)]
    assert seen == [(32, 100), (64, 100), (96, 100), (100, 100)]


def test_threads_go_no_further_than_a_few_items_ahead_of_whoever_takes_them(monkeypatch):
    """Opening a large folder stands still while the pages of others are drawn, which it could not if all were at work already."""
    monkeypatch.setattr(parallel, "cpu_count", lambda: 2)
    begun, at_32 = [], []

    def stop(done: int, total: int) -> None:
        at_32.append(len(begun))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        parallel_map(begun.append, range(1000), stop, threads=True)
    assert len(begun) <= 32 + 2 * parallel.AHEAD
    assert 32 <= at_32[0] <= 32 + 2 * parallel.AHEAD


def test_no_items():
    assert parallel_map(str, []) == []


def test_one_worker_needs_no_pool(monkeypatch):
    monkeypatch.setattr(parallel, "cpu_count", lambda: 1)
    assert parallel_map(lambda _: os.getpid(), range(300)) == [os.getpid()] * 300


def test_many_items_go_to_other_processes(monkeypatch):
    monkeypatch.setattr(parallel, "cpu_count", lambda: 2)
    seen = []
    contents = [str(i).encode() for i in range(300)]
    assert parallel_map(content_hash, contents, lambda done, total: seen.append(done)) == [content_hash(c) for c in contents]
    assert seen[-1] == 300 and seen == sorted(seen)
    assert os.getpid() not in parallel_map(operator.call, [os.getpid] * 300)


@pytest.mark.parametrize("n_items", [40, 300])
def test_an_error_of_the_function_reaches_the_caller(n_items, monkeypatch):
    monkeypatch.setattr(parallel, "cpu_count", lambda: 2)
    with pytest.raises(ValueError, match="invalid literal"):
        parallel_map(int, ["1"] * n_items + ["x"])


def test_workers_never_run_the_callers_main_module(tmp_path):
    """Under Streamlit the main module is the page: a pool that imported it would run the page in every worker."""
    script = tmp_path / "page.py"
    script.write_text(
        "print('PAGE')\n"
        "from core import parallel\n"
        "from core.images.measuring import content_hash\n"
        "parallel.cpu_count = lambda: 2\n"
        "print(len(parallel.parallel_map(content_hash, [b'x'] * 300)))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(PROJECT)})
    assert done.stdout.split() == ["PAGE", "300"], done.stderr
