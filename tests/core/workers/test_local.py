"""Workers of this machine: what they see of it, and what is said where there are none."""

from __future__ import annotations

import sys

import pytest
import worker_jobs as jobs

from core.errors import InputError
from core.workers import local, open_workers
from core.workers.seat import environment


def test_they_know_how_many_threads_and_which_gpus_are_theirs(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,5,6")
    assert local.shares(1) == ["4", "5", "6"] and local.shares(2) == ["4,5"] and local.shares(0) == []
    assert environment(3, "4,5")["OMP_NUM_THREADS"] == "3" and environment(3, "4,5")["CUDA_VISIBLE_DEVICES"] == "4,5"
    assert environment(3)["CUDA_VISIBLE_DEVICES"] == "4,5,6"


def test_a_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with open_workers() as workers, pytest.raises(InputError, match="needs 1 GPU, and this machine shows 0"):
        list(workers.map(jobs.square, [1], gpus=1))


def test_there_are_as_many_as_the_processors_allow_and_at_least_one(monkeypatch):
    monkeypatch.setattr(local, "cpu_count", lambda: 8)
    assert local.places(2, []) == 4 and local.places(16, []) == 1 and local.places(1, ["0", "1"]) == 2


@pytest.mark.parametrize("on", ["Ray", "spark", "", "localhost:10001"])
def test_another_word_is_refused(on):
    with pytest.raises(InputError, match="local, ray or ray://HOST:PORT"):
        open_workers(on)


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "core.workers.ray", raising=False)
    with pytest.raises(InputError, match="not installed; install it with: make cluster"):
        open_workers("ray")


def test_an_answer_that_cannot_be_sent_is_an_error_of_its_item():
    with open_workers(size=1) as workers:
        first, second = sorted(workers.map(jobs.unsendable, [1, 0]))
    assert "pickle" in str(first.error) and second.value == 0
