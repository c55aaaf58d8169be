"""A training that is killed at any moment and continued ends where an unbroken one does. Real processes, SIGKILL, nothing mocked."""

from __future__ import annotations

import multiprocessing
import time

import numpy as np
import pytest

from core.runs.store import create_run, open_run
from core.training.plan import plan

KILLS = 20
SETTINGS = {"epochs": "4", "batch_size": "16", "precision": "float32", "plateau_patience": "1", "early_stopping": "none"}


@pytest.fixture(scope="module")
def processes():
    """Begins processes that have loaded TensorFlow already: without that, most would be killed while they load it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["core.training.train", "core.training.finish", "core.training.fit"])
    return context


def killed_after(process, run, n_epochs: int, seconds: float) -> bool:
    """Kill a training some time after so many of its epochs ended, however fast the machine is; False if it had ended by then."""
    process.start()
    while process.is_alive() and len(run.history) < n_epochs:
        process.join(0.02)
    process.join(seconds)
    process.kill()
    process.join()
    return process.exitcode != 0


def seconds_of(process) -> float:
    began = time.monotonic()
    process.start()
    process.join()
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.fuzz
def test_a_training_killed_at_any_moment_and_continued_equals_an_unbroken_one(phantoms, tmp_path, processes):
    from core.training.train import train

    config = plan("five_block_cnn", settings=SETTINGS, seed=3)
    begin = lambda run: processes.Process(target=train, args=(run,))  # noqa: E731
    seconds_of(begin(create_run(config, phantoms, tmp_path)))  # fills the caches that all share
    unbroken = create_run(config, phantoms, tmp_path)
    whole = seconds_of(begin(unbroken))
    assert unbroken.state == "finished"

    delays, killed, epochs = np.random.default_rng(19), [], config.recipe.epochs
    for number in range(4 * KILLS):
        if len(killed) == KILLS:
            break
        run = create_run(config, phantoms, tmp_path)
        if killed_after(begin(run), run, number % (epochs + 1), whole / (epochs + 2) * delays.uniform(0, 1)):
            killed.append((len(run.history), run))
    assert len(killed) == KILLS
    for _, run in killed:
        assert open_run(run.name, tmp_path).state in ("queued", "failed")
        process = begin(run)
        process.start()
        process.join()
        assert run.state == "finished", run.status
        assert run.history["epoch"].tolist() == unbroken.history["epoch"].tolist()
        np.testing.assert_allclose(run.history[["loss", "val_loss"]], unbroken.history[["loss", "val_loss"]], rtol=1e-3)
        assert run.predictions["sample_id"].tolist() == unbroken.predictions["sample_id"].tolist()
        np.testing.assert_allclose(run.predictions["p_PNEUMONIA"], unbroken.predictions["p_PNEUMONIA"], atol=2e-3)
        assert not run.checkpoint_path.exists()
    print("epochs that had ended when each was killed:", sorted(n for n, _ in killed), f"of {epochs}; {whole:.1f} s each")
