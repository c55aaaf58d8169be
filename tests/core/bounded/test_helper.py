"""Long work beside a server: it tells how far it is, is let go or killed, and never fails in silence."""

import contextlib
import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core.bounded import HelperEnded, Helpers, helper
from core.errors import InputError


class Enough(Exception):
    pass


@pytest.fixture(scope="module")
def work():
    """A module that both processes find by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parent)
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        yield importlib.import_module("helped_work")


@pytest.fixture(scope="module")
def shared(work):
    helpers = Helpers()
    yield helpers
    helpers.end()


@pytest.fixture
def helpers(shared, monkeypatch):
    """One process for all tests, but for those that kill it; nobody waits long."""
    monkeypatch.setattr(helper, "LOOK_AGAIN", 0.02)
    monkeypatch.setattr(helper, "LETS_GO", 10.0)
    return shared


def number_of(helpers, work):
    return helpers.run(work.own_number, progress=lambda done, total: None)


def test_an_answer_with_every_step_told_in_a_process_that_gives_way(helpers, work, monkeypatch):
    told = []
    monkeypatch.setattr(helper, "NICENESS", 19)  # as it is but for the tests
    helpers.end()
    assert helpers.run(work.count, 4, progress=lambda done, total: told.append((done, total))) == 6
    assert [step for step in dict.fromkeys(told) if step[0]] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    number = number_of(helpers, work)
    assert number != os.getpid() and os.getpriority(os.PRIO_PROCESS, number) == 19
    assert os.getsid(number) == os.getsid(0), "in another session Linux would weigh it as much as the server"


def test_an_error_of_the_work_is_the_callers_and_the_process_stays(helpers, work):
    number = number_of(helpers, work)
    with pytest.raises(InputError, match="no such layer"):
        helpers.run(work.refuse, progress=lambda done, total: None)
    assert number_of(helpers, work) == number


def test_work_that_nobody_waits_for_ends_at_its_next_step_and_the_process_stays(helpers, work, tmp_path):
    number, seen = number_of(helpers, work), tmp_path / "steps"

    def stop(done, total):
        if done == 2:
            raise Enough

    with pytest.raises(Enough):
        helpers.run(work.note_steps, str(seen), 50, progress=stop)
    assert number_of(helpers, work) == number
    assert seen.read_text() == "0 1 ", "the third step was never begun"


def test_a_stop_between_two_steps_is_taken_at_once_and_a_stuck_process_is_killed(helpers, work, monkeypatch):
    monkeypatch.setattr(helper, "LETS_GO", 0.1)
    number = number_of(helpers, work)

    def stop(done, total):
        raise Enough

    with pytest.raises(Enough):
        helpers.run(work.stand_still, progress=stop)
    assert number_of(helpers, work) != number
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_work_that_makes_no_step_for_long_is_ended_and_said(helpers, work, monkeypatch):
    monkeypatch.setattr(helper, "STUCK", 0.1)
    with pytest.raises(HelperEnded, match="Nothing came of this"):
        helpers.run(work.stand_still, progress=lambda done, total: None)


def test_a_process_that_dies_is_said_and_the_next_work_gets_another(helpers, work):
    number = number_of(helpers, work)
    with pytest.raises(HelperEnded, match="ended, perhaps for want of memory; try again"):
        helpers.run(work.stand_still, progress=lambda done, total: os.kill(number, signal.SIGKILL))
    assert number_of(helpers, work) != number


def test_one_that_cannot_be_started_is_said(work, monkeypatch):
    monkeypatch.setattr(helper.subprocess, "Popen", lambda *args, **options: (_ for _ in ()).throw(BlockingIOError(11, "no room")))
    with pytest.raises(HelperEnded, match="No process can be started for this"):
        number_of(Helpers(), work)


def test_it_ends_when_whoever_started_it_is_killed(work):
    code = "import helped_work, time; from core.bounded import Helpers; run = Helpers().run; " \
        "print(run(helped_work.own_number, progress=lambda *_: None), flush=True); time.sleep(600)"  # fmt: skip
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(helper.__file__).parents[2])])
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path})
    number = int(server.stdout.readline())
    server.kill()
    server.communicate()
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(number).wait(60)


def test_it_ends_with_whoever_started_it(helpers, work):
    number = number_of(helpers, work)
    helpers.end()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
