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

    moments, killed = np.random.default_rng(19), []
    for _ in range(4 * KILLS):
        if len(killed) == KILLS:
            break
        run = create_run(config, phantoms, tmp_path)
        process = begin(run)
        process.start()
        process.join(whole * moments.uniform(0, 1))
        process.kill()
        process.join()
        if process.exitcode != 0:  # else it was faster than the unbroken one, and had ended
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
    print("epochs that had ended when each was killed:", sorted(n for n, _ in killed), f"of {config.recipe.epochs}; {whole:.1f} s each")
