"""A run on its way to a worker and back: seen by both or sent, gone on with after a loss, never trained again."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from core.errors import InputError
from core.runs.run import Run
from core.runs.store import create_run
from core.training.plan import plan
from core.training.processes import elsewhere
from core.training.processes.elsewhere import Order, Trained, pack, settle, train_elsewhere, unpack


@pytest.fixture
def run(tmp_path):
    return create_run(plan("cnn1"), tmp_path, tmp_path / "models")


@pytest.fixture
def trained(monkeypatch):
    """The runs that were trained, in an instant."""
    seen = []

    def train(run, order):
        seen.append((run.path, run.state))
        run.append_history({"epoch": len(run.history) + 1, "val_loss": 0.5})
        run.write_status("finished")

    monkeypatch.setattr(elsewhere, "_train", train)
    return seen


def test_a_run_that_both_see_is_trained_in_place(run, trained):
    answer = train_elsewhere(Order(str(run.path), "data", pack(run.path)))
    assert answer == Trained("finished") and trained == [(run.path, "queued")]


def test_a_run_that_the_worker_does_not_see_is_sent_and_comes_back(run, trained, tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "of the worker"))
    order = Order(str(tmp_path / "not there" / run.name), "data", pack(run.path))
    answer = train_elsewhere(order)
    ((there, _),) = trained
    assert there.is_relative_to(tmp_path / "of the worker") and not there.exists()
    assert run.state == "queued"
    settle(run, answer)
    assert answer.state == run.state == "finished" and len(run.history) == 1
    assert [path.name for path in run.path.parent.iterdir() if path.is_dir() and path.name != ".queue"] == [run.name]


def test_every_file_and_folder_comes_back_as_it_was(tmp_path):
    run = tmp_path / "here" / "run"
    (run / "deeper" / "empty").mkdir(parents=True)
    (run / "deeper" / "weights").write_bytes(bytes(range(256)) * 999)
    (run / "config.json").write_text("{}")
    unpack(pack(run), tmp_path / "there" / "run")
    found = {p.relative_to(tmp_path / "there"): p.is_file() and p.read_bytes() for p in (tmp_path / "there").rglob("*")}
    assert found == {p.relative_to(tmp_path / "here"): p.is_file() and p.read_bytes() for p in (tmp_path / "here").rglob("*")}


def test_links_and_pipes_are_left_behind(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("of the machine")
    run = tmp_path / "here" / "run"
    run.mkdir(parents=True)
    (run / "config.json").write_text("{}")
    (run / "model.keras").symlink_to(tmp_path / "secret" / "key")
    (run / "deeper").symlink_to(tmp_path / "secret")
    os.mkfifo(run / "history.csv")
    unpack(pack(run), tmp_path / "there" / "run")
    assert [path.name for path in (tmp_path / "there" / "run").iterdir()] == ["config.json"]


def test_nothing_that_comes_back_is_written_beside_its_folder(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("run/config.json", "../../above", f"{tmp_path}/absolute"):
            archive.writestr(name, "{}")
        link = zipfile.ZipInfo("run/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    unpack(out.getvalue(), tmp_path / "models" / "run")
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == {
        "models", "models/run", "models/run/config.json", "models/run/link"
    }  # fmt: skip
    assert not (tmp_path / "models" / "run" / "link").is_symlink()


@pytest.mark.parametrize("damage", [lambda whole: b"nothing of it", lambda whole: whole[:-30]])
def test_what_comes_back_damaged_is_said_in_a_sentence(run, damage):
    with pytest.raises(InputError, match="came back and cannot be written"):
        settle(run, Trained("finished", "", damage(pack(run.path))))


def test_a_run_whose_machine_was_lost_is_freed_and_gone_on_with(run, trained):
    run.append_history({"epoch": 1, "val_loss": 0.7})
    run.write_status("running", host="another machine")
    assert run.state == "running"  # by its heartbeat
    train_elsewhere(Order(str(run.path), "data", b""))
    assert trained == [(run.path, "stopped")] and Run(run.path).history["epoch"].tolist() == [1, 2]


def test_what_has_finished_is_not_trained_again(run, trained):
    run.write_status("finished")
    assert train_elsewhere(Order(str(run.path), "data", b"")) == Trained("finished") and trained == []


def test_a_training_that_cannot_begin_says_why(run, monkeypatch, tmp_path):
    monkeypatch.setattr(elsewhere.sys, "executable", str(_failing(tmp_path)))
    assert train_elsewhere(Order(str(run.path), "data", b"")) == Trained("failed", "there are no images")


def _failing(folder: Path) -> Path:
    """A program in Python's place that refuses at once."""
    program = folder / "python"
    program.write_text("#!/bin/sh\necho 'error: there are no images' >&2\nexit 2\n")
    program.chmod(0o700)
    return program
