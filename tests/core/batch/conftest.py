"""A tiny run on phantoms, and workers that are this very process, for what does not depend on where the work is done."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

import core.batch.score
from core.runs.store import create_run
from core.training.plan import plan
from core.workers import Outcome

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)  # for batch_jobs, which other processes must find as well
SIZE = 48


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder of two runs, ``first`` and ``second``, of other weights and thresholds; ``first`` knows its training films."""
    from core.datasets import open_dataset
    from core.datasets.phantom.write import write_phantoms
    from core.input_checks import build_reference, save_reference

    root = tmp_path_factory.mktemp("models")
    write_phantoms(root / "phantoms", n=60, seed=3, size=64)
    dataset = open_dataset(root / "phantoms")
    for seed, name in enumerate(("first", "second"), start=1):
        model = _model(seed)
        run = create_run(
            plan("cnn1", 2, {}, 0).model_copy(update={"image_size": SIZE, "fingerprint": dataset.fingerprint, "data_title": "phantoms"}),
            dataset.root,
            root,
        )
        run = type(run)(run.path.rename(root / name))
        ids = dataset.samples["sample_id"]
        run.write_split(ids, pd.Series(["train", "train", "val"] * (len(ids) // 3)))
        run.write_card({"thresholds": {"youden": 0.3 * seed}, "recommended": {"rule": "youden", "value": 0.3 * seed}})
        model.save(run.model_path)
        if name == "first":
            save_reference(run, build_reference(run, model, dataset))
        run.write_status("finished")
    return root


def _model(seed: int):
    import keras

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.MaxPooling2D(2)(layers.Conv2D(6, 3, activation="relu")(layers.Rescaling(1 / 255)(inputs)))
    x = layers.Conv2D(4, 3, activation="relu")(x)
    return keras.Model(inputs, layers.Activation("softmax", name="probabilities")(layers.Dense(2, name="logits")(layers.Flatten()(x))))


@pytest.fixture
def runs(models):
    from core.runs.store import open_run

    return [open_run(name, models) for name in ("first", "second")]


class Here:
    """`core.workers.Workers` in this process; the items go in the order that is asked for."""

    backwards = False

    def map(self, function, items, *, start=None, **_):
        state = start()
        numbered = list(enumerate(items))
        for index, item in reversed(numbered) if self.backwards else numbered:
            yield Outcome(index, function(state, item), None, 1)


@pytest.fixture
def here(monkeypatch):
    """Have the work done in this process; what it is given tells how."""
    workers = Here()

    @contextmanager
    def opened(*_):
        yield workers

    monkeypatch.setattr(core.batch.score, "open_workers", opened)
    return workers


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr("core.batch.plan.SHARD", 8)


@pytest.fixture
def found_by_workers(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [HERE, os.environ.get("PYTHONPATH")])))
