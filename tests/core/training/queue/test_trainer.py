"""A run is trained once at a time, and only its own process is ever asked to stop. The trainers are a few lines of Python."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import psutil
import pytest

from core.config import Recipe, RunConfig
from core.errors import InputError
from core.files import locks
from core.runs.run import Run
from core.runs.store import create_run
from core.training.queue import runner as queue_runner
from core.training.queue import waiting as queue
from core.training.queue.trainer import claim, claimed, is_claimed, process_of
from dashboard import jobs

CONFIG = RunConfig(system="cnn1", n_classes=2, class_names=("NORMAL", "PNEUMONIA"), image_size=64, recipe=Recipe())
CLAIM = (
    "import sys, pathlib\nfrom core.runs.run import Run\n"
    "from core.training.queue.trainer import claimed\nwith claimed(Run(pathlib.Path({path!r}))):\n  {do}"
)


@pytest.fixture
def run(tmp_path):
    return create_run(CONFIG, tmp_path / "data", tmp_path / "models")


@pytest.fixture
def start():
    """``start(code, *words)``: a process whose command line ends in those words; it is gone after the test."""
    begun = []

    def begin(code, *words):
        process = subprocess.Popen([sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        begun.append(process)
        assert process.stdout.readline() == "up\n"
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()


WAIT = "print('up', flush=True); input()"


def says_it_is_trained_by(run, pid, state="running", started=None):
    started = psutil.Process(pid).create_time() if started is None else started
    run.write_status(state, host=platform.node(), pid=pid, process_started=started)


def test_the_process_that_trains_a_run_is_known(run, start):
    trainer = start(CLAIM.format(path=str(run.path), do=WAIT), "-m", "core", "train", "cnn1")
    says_it_is_trained_by(run, trainer.pid)
    assert process_of(run).pid == trainer.pid
    assert jobs.stop(run) and trainer.wait(60) < 0


def test_one_about_to_train_a_run_is_known_by_the_run_in_its_command(run, start):
    trainer = start(WAIT, "-m", "core", "train", "--resume", str(run.path))
    says_it_is_trained_by(run, trainer.pid, "queued")
    assert process_of(run).pid == trainer.pid


@pytest.mark.parametrize(
    "words",
    [
        (),  # a stranger
        ("-m", "core", "train", "--resume", "another-run"),
        ("-m", "core", "train", "cnn1"),  # a training, of a run that nobody holds
        ("train", "--resume", "{run}"),
    ],
)
@pytest.mark.parametrize("state", ["queued", "running"])
def test_no_other_process_is_asked_to_stop(run, start, words, state):
    other = start(WAIT, *(word.format(run=run.name) for word in words))
    says_it_is_trained_by(run, other.pid, state)
    assert process_of(run) is None and not jobs.stop(run)
    assert other.poll() is None


def test_a_folder_from_elsewhere_names_no_process_here(run, start, tmp_path):
    trainer = start(CLAIM.format(path=str(run.path), do=WAIT), "-m", "core", "train", "cnn1")
    foreign = create_run(CONFIG, tmp_path / "data", tmp_path / "models")
    says_it_is_trained_by(foreign, trainer.pid)
    assert not jobs.stop(foreign) and trainer.poll() is None


PIDS = {
    "own": os.getpid(),
    "parent": os.getppid(),
    "init": 1,
    "zero": 0,
    "all": -1,
    "large": 2**40,
    "text": "12",
    "none": None,
    "yes": True,
}


@pytest.mark.parametrize("pid", PIDS.values(), ids=PIDS)
def test_no_number_in_a_file_is_believed(run, pid):
    run.write_status("queued", waiting=False, host=platform.node(), pid=pid, process_started=0)
    assert process_of(run) is None and not jobs.stop(run)


def test_a_number_given_anew_is_another_process(run, start):
    trainer = start(CLAIM.format(path=str(run.path), do=WAIT), "-m", "core", "train", "cnn1")
    says_it_is_trained_by(run, trainer.pid, started=psutil.Process(trainer.pid).create_time() - 60)
    assert process_of(run) is None


def test_a_run_is_trained_by_one_process_at_a_time(run, start):
    assert not is_claimed(run)
    trainer = start(CLAIM.format(path=str(run.path), do=WAIT))
    assert is_claimed(run)
    with pytest.raises(InputError, match="is being trained by another process"), claimed(run):
        pass
    trainer.kill()
    trainer.wait()
    with claimed(run):
        assert is_claimed(run)


def test_resume_from_a_stale_tab_leaves_a_training_alone(run):
    run.write_status("stopped", reason="asked to stop")
    queue.add([run])
    before = run.status
    queue.add([run])
    assert run.status == before, "it waits once"
    run.write_status("stopped", reason="asked to stop")
    with claimed(run), pytest.raises(InputError, match="is running"):  # its process has not said so yet
        queue.add([run])
    assert run.state == "stopped"
    says_it_is_trained_by(run, os.getpid(), "queued")
    with pytest.raises(InputError, match="is running"):
        queue.add([run])


def test_training_twice_trains_once(run):
    from core.training.train import train

    run.write_status("stopped", reason="asked to stop")
    with claimed(run), pytest.raises(InputError, match="is being trained by another process"):
        train(run)
    assert run.status.reason == "asked to stop", "the second says nothing of the first"


def test_every_change_of_state_is_made_by_who_holds_the_lock(run, monkeypatch):
    held, write = [], Run.write_status

    def watched(self, state, **fields):
        held.append((state, is_claimed(self)))
        write(self, state, **fields)

    monkeypatch.setattr(Run, "write_status", watched)
    queue.add([run])
    queue_runner.work(run.path.parent, lambda run: [sys.executable, "-c", ""])  # ends before it says anything
    run.append_history({"epoch": 1})
    queue.add([run])
    queue.remove(run)
    assert [state for state, _ in held] == ["queued", "queued", "failed", "queued", "stopped"] and all(mine for _, mine in held)


def test_what_a_training_says_is_not_said_over(run, start):
    """A tab that still shows the run as stopped, or as waiting, while its training has begun."""
    run.write_status("queued", waiting=True)
    says = f"Run(pathlib.Path({str(run.path)!r})).write_status('running'); "
    trainer = start(CLAIM.format(path=str(run.path), do=says + WAIT))
    said = (run.path / "status.json").read_bytes()
    with pytest.raises(InputError, match="is running"):
        queue.add([run])
    queue.remove(run)
    assert run.state == "running" and (run.path / "status.json").read_bytes() == said and trainer.poll() is None


def test_who_only_looks_keeps_no_training_from_starting(run, monkeypatch):
    looking = claim(run)
    looking.__enter__()
    monkeypatch.setattr(locks.time, "sleep", lambda seconds: looking.__exit__(None, None, None))
    with claimed(run):
        assert is_claimed(run)
