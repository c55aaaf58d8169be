"""Stopping, dying and going on: a continued training ends where an unbroken one does. Real models, nothing mocked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from core.cli.train import train as train_command
from core.runs.store import create_run, list_runs, open_run
from core.training.plan import plan

PROJECT = Path(__file__).parents[3]
pytestmark = pytest.mark.usefixtures("small_films")


# endless, so that none ends before it is stopped, however busy the machine is; 19: two whole batches, for a smaller one is compiled anew
ENDLESS = ("--epochs", "1000", "--set", "early_stopping=none", "--batch-size", "19")


def end_after(run, n_epochs: int) -> None:
    """Let a training that is continued end soon."""
    run.write_config(run.config.model_copy(update={"recipe": run.config.recipe.model_copy(update={"epochs": n_epochs})}))


def start_process(phantoms, models, *extra):
    command = [
        sys.executable,
        str(PROJECT / "tests" / "small_films.py"),
        "train",
        "cnn1",
        "--data",
        str(phantoms),
        "--models",
        str(models),
        "--json",
        *extra,
    ]
    own = {"PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | own)


def wait_for_epoch(models: Path, epoch: int, process) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        runs = list_runs(models)[0] if next(models.glob("*/history.csv"), None) else []  # a process that begins is not to be slowed
        if runs and len(runs[0].history) >= epoch and runs[0].checkpoint_path.exists():
            return
        if process.poll() is not None:
            pytest.fail(f"the training ended early: {process.stderr.read()[-2000:]}")
        time.sleep(0.05)
    pytest.fail("no epoch was finished in ten minutes")


@pytest.mark.long
def test_sigterm_keeps_the_best_model_and_the_run_can_be_continued(phantoms, tmp_path):
    process = start_process(phantoms, tmp_path, *ENDLESS)
    wait_for_epoch(tmp_path, 1, process)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    answer = json.loads(output)
    run = open_run(answer["run"], tmp_path)
    assert answer["status"] == run.state == "stopped"
    n_epochs = len(run.history)
    assert run.model_path.exists() and 1 <= n_epochs < 1000
    assert not (run.path / "predictions.parquet").exists(), "test images are scored once, when the run is finished"

    end_after(run, n_epochs + 1)
    resumed = CliRunner().invoke(train_command, ["--resume", str(run.path), "--json"], catch_exceptions=False)
    assert json.loads(resumed.stdout)["status"] == "finished"
    assert run.history["epoch"].tolist() == list(range(1, n_epochs + 2))
    assert not run.checkpoint_path.exists()


def test_sigterm_before_the_first_epoch_leaves_a_stopped_run(phantoms, tmp_path, monkeypatch):
    from core.datasets import split_images
    from core.training import train as training

    def asked_to_stop(*arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    run = create_run(plan("cnn1", settings={"epochs": "1", "batch_size": "19"}), phantoms, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(split_images, "pixel_store", asked_to_stop)
        assert training.train(run).state == run.state == "stopped"
    assert training.train(run).state == "finished"


@pytest.mark.long
def test_killed_run_is_seen_as_failed_and_can_be_continued(phantoms, tmp_path):
    from core.training.train import train

    process = start_process(phantoms, tmp_path, *ENDLESS)
    wait_for_epoch(tmp_path, 1, process)
    process.kill()
    process.communicate()
    run = list_runs(tmp_path)[0][0]
    assert run.state == "failed" and "resume" in run.status.reason
    end_after(run, len(run.history) + 1)
    assert train(run).state == "finished"
    assert run.history["epoch"].tolist() == list(range(1, run.config.recipe.epochs + 1))


LENS_LIKE = {
    "plateau_patience": "none",
    "cosine": "true",
    "averaging": "0.9",
    "selection": "battery",
    "optimizer": "adamw",
}

HIDDEN_GROUPS = {
    "group_balance": "dro", "group_step": "0.5", "n_groups": "2", "last_layer": "0.25", "histogram_matching": "0.5",
    "amplitude_mixing": "0.5", "corner_exchange": "0.5", "mixstyle": "0.5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("system", "settings", "limit"),
    [
        ("cnn1", {"decay": "0", "plateau_patience": "1", "batch_size": "19"}, None),  # two whole batches; the others end in a smaller one
        pytest.param(
            "five_block_cnn", LENS_LIKE | {"crop_area": "0.3", "cutmix": "0.5", "clue_removal": "0.5"}, None, marks=pytest.mark.long
        ),
        pytest.param("lens_small", HIDDEN_GROUPS, None, marks=pytest.mark.long),
        pytest.param("vgg16_flat", {"weights": "none"}, 20, marks=pytest.mark.long),
    ],
    ids=["plateau", "cosine with averaged weights", "group DRO, last layer anew, exchanges", "frozen features"],
)
def test_continued_run_ends_where_an_unbroken_one_does(system, settings, limit, phantoms, tmp_path, monkeypatch):
    from core.training import fit as fitting
    from core.training import train as training
    from core.training.callbacks.progress import Journal, StopRequested

    config = plan(system, settings={"epochs": "3", "batch_size": "16", "precision": "float32"} | settings, seed=1, limit=limit)
    unbroken = create_run(config, phantoms, tmp_path)
    training.train(unbroken)

    class StopsAfterTwo(Journal):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            if epoch == 1:
                raise StopRequested

    broken = create_run(config, phantoms, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "Journal", StopsAfterTwo)
        assert training.train(broken).state == "stopped"
    assert training.train(broken).state == "finished"
    columns = ["loss", "val_loss", "learning_rate"]
    np.testing.assert_allclose(broken.history[columns], unbroken.history[columns], rtol=1e-3)
    scores = [run.predictions[f"p_{config.class_names[1]}"] for run in (broken, unbroken)]
    np.testing.assert_allclose(*scores, atol=2e-3)


def test_replay_restores_patience():
    import keras

    from core.training.callbacks.checkpoints import Replay

    early = keras.callbacks.EarlyStopping("val_loss", patience=3)
    early.set_model(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    early.on_train_begin()
    history = pd.DataFrame({"epoch": [1, 2, 3], "val_loss": [0.5, 0.6, 0.7]})
    Replay(history, [early]).on_train_begin()
    assert early.wait == 2 and early.best == 0.5
