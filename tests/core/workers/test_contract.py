"""What every kind of workers does alike: one class of tests, once for processes of this machine and once for Ray."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
import worker_jobs as jobs

from core.errors import InputError
from core.workers import WorkerLost, open_workers


@pytest.fixture(scope="module", params=["local", pytest.param("ray", marks=pytest.mark.cluster)])
def workers(request) -> Iterator:
    if request.param == "ray":
        if find_spec("ray") is None:
            pytest.skip("Ray is not installed: make cluster")
        request.getfixturevalue("cluster")
    with open_workers(request.param, size=2) as opened:
        yield opened


def values(outcomes) -> list:
    return [outcome.value for outcome in sorted(outcomes)]


def test_each_item_is_done_once_and_counted(workers):
    seen = []
    outcomes = list(workers.map(jobs.square, [3, 4, 5], progress=lambda done, total: seen.append((done, total))))
    assert values(outcomes) == [9, 16, 25]
    assert [outcome.attempts for outcome in outcomes] == [1, 1, 1]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_no_items(workers):
    assert list(workers.map(jobs.square, [])) == []


def test_items_are_taken_only_when_a_worker_is_free(workers):
    taken = []
    outcomes = workers.map(jobs.square, (taken.append(i) or i for i in itertools.count()))
    assert {next(outcomes).index for _ in range(5)} <= set(range(7))
    assert len(taken) <= 7  # five done, and one for each of two workers
    outcomes.close()


def test_a_worker_starts_once_and_keeps_what_that_made(workers):
    outcomes = list(workers.map(jobs.with_state, range(6), start=jobs.empty))
    by_process = {}
    for process, place, number in values(outcomes):
        by_process.setdefault(process, []).append((place, number))
    assert os.getpid() not in by_process and len(by_process) <= 2
    assert all([place for place, _ in sorted(had)] == list(range(1, len(had) + 1)) for had in by_process.values())
    assert sorted(number for had in by_process.values() for _, number in had) == list(range(6))


def test_an_error_is_the_outcome_of_its_item_alone_and_is_not_tried_again(workers):
    outcomes = sorted(workers.map(jobs.refuse_odd, [0, 1, 2], retries=3))
    assert values(outcomes) == [0, None, 2]
    assert isinstance(outcomes[1].error, InputError) and str(outcomes[1].error) == "1 is odd" and outcomes[1].attempts == 1


def test_what_cannot_start_says_why(workers):
    with pytest.raises(InputError, match="there is no model"):
        list(workers.map(jobs.with_state, [1], start=jobs.cannot_start))


@pytest.mark.parametrize(("function", "start"), [(jobs.die_once, None), (jobs.die_once_with_state, jobs.empty)], ids=["task", "state"])
def test_what_a_killed_worker_had_is_done_by_another_and_nothing_else_is_done_twice(workers, tmp_path, function, start):
    outcomes = sorted(workers.map(function, [(tmp_path, i) for i in range(5)], start=start, retries=1))
    assert values(outcomes) == list(range(5))
    assert [outcome.attempts for outcome in outcomes] == [1, 1, 2, 1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0-0", "1-0", "2-0", "2-1", "3-0", "4-0"]


def test_an_item_that_kills_every_worker_is_given_up(workers):
    (outcome,) = workers.map(jobs.always_die, [1], retries=1)
    assert isinstance(outcome.error, WorkerLost) and outcome.attempts == 2
    assert "after 2 attempts" in str(outcome.error)


def test_what_is_at_work_may_tidy_up_when_it_is_cancelled(workers, tmp_path):
    outcomes = list(workers.map(jobs.tidy_up, [tmp_path], cancelled=lambda: (tmp_path / "began").exists()))
    assert outcomes == [] and (tmp_path / "tidied").exists()
