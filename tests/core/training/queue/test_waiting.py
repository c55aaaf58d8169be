"""Trainings wait their turn: order, removal, pause, dead processes. The trainer is a few lines of Python."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from core.config import Recipe, RunConfig
from core.errors import InputError
from core.files.locks import is_locked, locked
from core.runs.run import Run
from core.runs.store import create_run
from core.training.queue import order
from core.training.queue import runner as queue_runner
from core.training.queue import waiting as queue
from core.training.queue.trainer import LOCKS

CONFIG = RunConfig(system="cnn1", n_classes=2, class_names=("NORMAL", "PNEUMONIA"), image_size=64, recipe=Recipe())


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def queued(models, tmp_path):
    """``queued(3)``: so many new runs that wait, the next one first."""

    def make(n: int) -> list[Run]:
        runs = [create_run(CONFIG.model_copy(update={"seed": seed}), tmp_path / "data", models) for seed in range(n)]
        queue.add(runs)
        return runs

    return make


def names(runs) -> list[str]:
    return [run.name for run in runs]


def trainer(models, ending="finished"):
    """A command that notes when a training begins and ends, and claims its run and leaves the state as a real one would."""
    code = (
        "import fcntl, json, pathlib, sys\n"
        f"run, models = pathlib.Path(sys.argv[1]), pathlib.Path({str(models)!r})\n"
        f"lock = (models / {LOCKS!r} / f'{{run.name}}.lock').open('a')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "say = lambda what: (models / 'said.txt').open('a').write(f'{what} {run.name}\\n')\n"
        "say('begins')\n"
        f"ending = {ending!r}\n"
        "if ending == 'dies': sys.exit(1)\n"
        "(run / 'status.json').write_text(json.dumps({'state': ending}))\n"
        "say('ends')\n"
    )
    return lambda run: [sys.executable, "-S", "-c", code, str(run.path)]


def test_what_waits_keeps_its_order_and_outlives_everything_in_memory(models, queued):
    a, b, c = queued(3)
    assert names(queue.waiting_in(models)) == names([a, b, c])
    queue.move(c, -2)
    queue.move(a, +1)
    assert names(queue.waiting_in(models)) == names([c, b, a])
    queue.move(b, +9)
    assert names(queue.waiting_in(models)) == names([c, a, b])
    (models / ".queue" / "order.json").unlink()
    assert set(names(queue.waiting_in(models))) == set(names([a, b, c])), "the order is lost, no run is"
    (models / ".queue" / "order.json").write_text('{"order": "broken"}')
    assert len(queue.waiting_in(models)) == 3


def test_a_run_that_waits_long_has_not_failed(queued):
    (run,) = queued(1)
    long_ago = (datetime.now(UTC) - timedelta(hours=9)).isoformat()
    (run.path / "status.json").write_text(json.dumps(run.status.to_json() | {"heartbeat": long_ago}))
    assert run.state == "queued" and queue.is_waiting(run)
    (run.path / "status.json").write_text(json.dumps({"state": "queued", "heartbeat": long_ago}))
    assert run.state == "failed", "nobody would ever train it"


def test_removing_deletes_what_was_never_trained_and_stops_what_was(models, queued):
    new, old = queued(2)
    old.append_history({"epoch": 1, "loss": 1.0})
    for run in (new, old):
        queue.remove(run)
    assert not new.path.exists()
    assert (old.state, old.status.epoch) == ("stopped", 1)
    assert queue.waiting_in(models) == []


def test_a_run_at_work_is_not_removed_and_a_finished_one_cannot_wait(queued):
    working, finished = queued(2)
    working.write_status("running")
    queue.remove(working)
    assert working.path.exists() and queue.is_busy(working)
    finished.write_status("finished")
    with pytest.raises(InputError, match="is finished; only a new, stopped or failed run"):
        queue.add([finished])


def test_a_resumed_run_learns_where_its_images_are(models, queued, tmp_path):
    (run,) = queued(1)
    run.drop_checkpoint()
    run.write_status("stopped", reason="asked to stop")
    queue.add([run], str(tmp_path / "elsewhere"))
    assert run.data_path == str(tmp_path / "elsewhere")


def test_one_after_another_in_order(models, queued):
    a, b, c = queued(3)
    queue.move(c, -2)
    queue_runner.work(models, trainer(models))
    said = (models / "said.txt").read_text().split("\n")[:-1]
    assert said == [f"{what} {run.name}" for run in (c, a, b) for what in ("begins", "ends")]
    assert {run.state for run in (a, b, c)} == {"finished"} and queue.waiting_in(models) == []
    assert json.loads((models / ".queue" / "order.json").read_text())["order"] == []


def test_one_that_dies_before_it_begins_is_said_and_the_next_goes_on(models, queued):
    a, b = queued(2)
    commands = {a.name: trainer(models, "dies"), b.name: trainer(models)}
    queue_runner.work(models, lambda run: commands[run.name](run))
    assert a.state == "failed" and "its log says more" in a.status.reason
    assert b.state == "finished"


def test_one_stopped_before_it_begins_is_stopped_not_failed(models, queued):
    (run,) = queued(1)
    command = [sys.executable, "-S", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]
    queue_runner.work(models, lambda run: command)
    assert run.state == "stopped"


def test_a_paused_queue_starts_nothing(models, queued):
    (run,) = queued(1)
    order.pause(models, True)
    assert not queue_runner.start(models)
    queue_runner.work(models, trainer(models))
    assert queue.is_waiting(run) and order.is_paused(models)
    order.pause(models, False)
    queue_runner.work(models, trainer(models))
    assert run.state == "finished"


def test_the_queue_of_a_runner_that_died_goes_on_after_the_training_that_it_began(models, queued, monkeypatch):
    a, b = queued(2)
    orphan = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    identity = {"host": queue.platform.node(), "pid": orphan.pid, "process_started": psutil.Process(orphan.pid).create_time()}
    a.write_status("queued", waiting=True, **identity)
    assert not queue.is_waiting(a) and queue.is_busy(a)
    asked = threading.Event()
    monkeypatch.setattr(queue_runner.time, "sleep", lambda seconds: asked.set())
    runner = threading.Thread(target=queue_runner.work, args=(models, trainer(models)))
    runner.start()
    assert asked.wait(60), "the second waits for the first"
    assert queue.is_waiting(b)
    orphan.communicate(b"\n")
    runner.join(60)
    assert {a.state, b.state} == {"finished"}, "the first never began, so it takes its turn again"


def test_only_one_runner_works(models, queued):
    (run,) = queued(1)
    with locked(models / ".queue" / "runner.lock") as mine:
        assert mine and is_locked(models / ".queue" / "runner.lock")
        queue_runner.work(models, trainer(models), patience=0)
        assert queue.is_waiting(run) and not queue_runner.start(models)
    assert not is_locked(models / ".queue" / "runner.lock")


def test_a_lock_is_lost_with_its_process(tmp_path):
    code = (
        "import sys, pathlib\nfrom core.files.locks import locked\nwith locked(pathlib.Path(sys.argv[1])):\n print(1, flush=True)\n input()"
    )
    path = tmp_path / "a.lock"
    holder = subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdout.readline()
    assert is_locked(path)
    holder.kill()
    holder.wait()
    assert not is_locked(path)
