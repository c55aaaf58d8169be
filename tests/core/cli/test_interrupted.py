"""What a command exits with that is interrupted: 130 by Ctrl-C, 143 by SIGTERM, with its answer where it has one."""

from __future__ import annotations

import json
import signal
import sys

import click
import pytest

import core.__main__ as door
from core.cli.output import Interrupted, reports
from core.cli.sweep import sweep
from core.cli.train import train
from core.runs.store import create_run
from core.sweeps import drive
from core.sweeps.board import board_of
from core.sweeps.spec import make_spec
from core.training import train as training
from core.training.plan import plan
from core.workers.interruption import Terminated, interrupted


@pytest.fixture
def call(monkeypatch, capsys):
    """Run a command through the door: exit code, parsed JSON (or None) and standard error."""

    def run(command: click.Command, *arguments: object):
        monkeypatch.setitem(door.cli.commands, "tried", command)
        monkeypatch.setattr(sys, "argv", ["core", "tried", *map(str, arguments), "--json"])
        code = door.main()
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    return run


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_without_an_answer_is_an_error(call, number, code):
    @click.command()
    @reports
    def command() -> dict:
        with interrupted():
            signal.raise_signal(number)
        return {}

    assert call(command) == (code, None, "\nerror: interrupted\n")


@pytest.mark.parametrize(("by", "code"), [(KeyboardInterrupt(), 130), (Terminated(), 143)])
def test_an_answer_is_given_before_the_command_ends(call, by, code):
    @click.command()
    @reports
    def command() -> dict:
        raise Interrupted({"done": 3}, by)

    assert call(command) == (code, {"done": 3}, "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)], ids=["Ctrl-C", "the page's Stop"])
def test_a_training_that_was_stopped_says_so(call, phantoms, tmp_path, monkeypatch, number, code):
    run = create_run(plan("five_block_cnn"), str(phantoms), tmp_path)

    def stopped(*arguments):
        raise training.StopRequested(number)

    monkeypatch.setattr(training, "_prepare", stopped)
    exited, answer, said = call(train, "--resume", run.name, "--models", tmp_path)
    assert (exited, answer["status"], run.state) == (code, "stopped", "stopped")
    assert (f"--resume {run.path}" in said) == (code == 130)


def test_a_sweep_says_how_far_each_training_is(call, phantoms, tmp_path, monkeypatch):
    def broken_off(self, *arguments):
        self.board.write(self.record)
        raise Terminated

    monkeypatch.setattr(drive.Driver, "work", broken_off)
    code, answer, said = call(
        sweep, "--system", "cnn1", "--name", "two", "--seed", "0", "--seed", "1", "--data", phantoms, "--models", tmp_path
    )
    assert code == 143 and [row["status"] for row in answer["runs"]] == ["waiting", "waiting"]
    assert "Done so far: 0 of 2 trainings; the same command goes on from there." in said


def test_a_sweep_that_never_began_has_no_answer(call, phantoms, tmp_path, monkeypatch):
    def broken_off(self, *arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(drive.Driver, "work", broken_off)
    code, answer, said = call(sweep, "--system", "cnn1", "--data", phantoms, "--models", tmp_path)
    assert (code, answer) == (130, None) and said.endswith("error: interrupted\n")
    assert not board_of(tmp_path, make_spec({"systems": ["cnn1"]}).name).exists
