"""Runs with made-up scores, written and read through `core.runs.store`, and a Ray cluster for the tests that ask for one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.config import Recipe, RunConfig
from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES
from core.metrics.thresholds import choose_thresholds, recommendation
from core.runs.store import create_run
from tests.small_films import small_films

FOLDERS = {"val": "train", "test": "test"}


def sample_ids(split: str, kind: np.ndarray) -> list[str]:
    """Names of images by kind (0 normal, 1 bacterial, 2 viral); two films a patient."""
    names = ("NORMAL/IM-{0:04d}-{1:04d}", "PNEUMONIA/person{0}_bacteria_{1}", "PNEUMONIA/person{0}_virus_{1}")
    return [f"{FOLDERS[split]}/{names[k].format(i // 2, i)}.jpeg" for i, k in enumerate(kind)]


@pytest.fixture(name="small_films")
def _small_films():
    """What this test trains sees films of 80 pixels."""
    with small_films():
        yield


@pytest.fixture(scope="session")
def trained_runs(phantoms, tmp_path_factory) -> Path:
    """Three trainings of an epoch on the same phantoms, two with two classes and one with three: to be copied, never changed."""
    from core.training.plan import plan
    from core.training.train import train

    folder = tmp_path_factory.mktemp("trained")
    settings = {"epochs": "1", "batch_size": "14", "validation_seed": "0"}
    with small_films():
        for n_classes, seed in ((2, 0), (2, 1), (3, 0)):
            train(create_run(plan("cnn1", n_classes, settings, seed, limit=36), phantoms, folder))
    return folder


@pytest.fixture(scope="session")
def phantom_cnn():
    """A trained CNN, fresh bacterial phantoms that it recognises, and their opacity: to be looked at, never changed."""
    from benchmarks.phantom_cnn import trained

    return trained()


@pytest.fixture(scope="session")
def write_scored_run():
    """`scored_run` for a fixture of a wider scope: ``write_scored_run(folder, skill, …)`` writes the run into a folder of its own."""
    return _write_scored_run


@pytest.fixture
def scored_run(tmp_path):
    """``scored_run(skill, seed=…, n_classes=…, …)``: a finished run; `seed` decides the scores, never the images."""
    numbers = itertools.count()
    return lambda *about, **options: _write_scored_run(tmp_path / str(next(numbers)), *about, **options)


def _write_scored_run(
    folder, skill=1.5, seed=0, n_classes=2, n=150, splits=("val", "test"), system="cnn1", kinds=None, class_names=None, **config
):
    rng, tables = np.random.default_rng(seed), []
    class_names = class_names or (SUBTYPES if n_classes == 3 else KNOWN_CLASSES)
    for split in splits:
        kind = np.arange(n) % 3 if kinds is None else np.asarray(kinds)
        y_true = kind if n_classes == 3 else np.minimum(kind, 1)
        logits = rng.normal(0, 1, (len(kind), n_classes)) + skill * np.eye(n_classes)[y_true]
        table = pd.DataFrame({"sample_id": sample_ids(split, kind), "split": split, "y_true": y_true})
        table[[f"p_{name}" for name in class_names]] = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        tables.append(table)
    fields = {"fingerprint": "0" * 16, "data_title": "made up", "image_size": 64, "recipe": Recipe()} | config
    run = create_run(RunConfig(system=system, n_classes=n_classes, class_names=class_names, **fields), folder.parent, folder)
    table = pd.concat(tables, ignore_index=True)
    run.write_predictions(table)
    run.write_card(_card(table, class_names) if n_classes == 2 and "val" in splits else {"n_samples": {}})
    run.write_status("finished")
    return run


def _card(table: pd.DataFrame, class_names: tuple[str, ...]) -> dict:
    validation = table[table["split"] == "val"]
    found = choose_thresholds(validation["y_true"].to_numpy(), validation[f"p_{class_names[1]}"].to_numpy())
    facts = {"params_total": 1000, "model_bytes": 4000, "seconds": 60.0, "milliseconds_per_image": 2.5}
    return facts | {
        "thresholds": found,
        "recommended": recommendation(found),
    }


@pytest.fixture(scope="session")
def cluster() -> Iterator:
    """Two nodes of one processor each, asked for a token, without a dashboard."""
    if find_spec("ray") is None:
        pytest.skip("Ray is not installed: make cluster")
    os.environ["RAY_AUTH_TOKEN"] = "for-the-tests-alone-" * 3
    os.environ["RAY_ADDRESS"] = ""
    from core.workers import ray as _  # noqa: F401, I001  it sets what Ray reads while it is imported
    from ray.cluster_utils import Cluster

    made = _started(Cluster)
    os.environ["RAY_ADDRESS"] = made.address
    yield made
    made.shutdown()
    del os.environ["RAY_ADDRESS"], os.environ["RAY_AUTH_TOKEN"]


def _started(kind):
    """Two nodes; once more where the first does not come up in the half minute that Ray gives it, as on a busy machine."""
    for attempt in range(5):
        made = kind(initialize_head=False)
        try:
            made.add_node(num_cpus=1, include_dashboard=False)
            made.add_node(num_cpus=1)
            made.wait_for_nodes()
            return made
        except Exception:
            made.shutdown()
            if attempt == 4:
                raise
    raise AssertionError
