"""Four small trainings on two nodes of Ray, one of them killed in the middle: all finish, none twice, with the results of one machine."""

from __future__ import annotations

import threading
import time

import pytest

from core.datasets import open_dataset
from core.runs.run import Run
from core.sweeps.drive import Share, sweep
from core.sweeps.spec import make_spec

pytestmark = pytest.mark.cluster
SETTINGS = {"epochs": [12], "batch_size": [8], "early_stopping": [None]}
SPEC = make_spec({"name": "four", "systems": ["lens_small"], "seeds": [0, 1, 2, 3], "settings": SETTINGS})


def epochs_of(models) -> list[int]:
    return [len(Run(path).history) for path in models.iterdir() if (path / "history.csv").exists()]


@pytest.fixture
def kill_when_two_train(cluster):
    """Kill the second node, all its processes at once, when two trainings have had an epoch."""
    killed = []

    def watch(models):
        while sum(n >= 1 for n in epochs_of(models) if n < 12) < 2:
            time.sleep(0.2)
        killed.append(epochs_of(models))
        cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)

    yield lambda models: threading.Thread(target=watch, args=(models,), daemon=True).start(), killed
    cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()


def test_a_lost_node_loses_no_training_and_repeats_none(phantoms, tmp_path, kill_when_two_train):
    begin, killed = kill_when_two_train
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    begin(there)
    dataset, data = open_dataset(str(phantoms)), str(phantoms)
    on_ray = sweep(SPEC, dataset, data, there, "ray", Share(size=2, cpus=1))
    assert killed and max(killed[0]) < 12
    assert [cell.state for cell in on_ray.cells] == ["finished"] * 4
    assert sorted(cell.attempts for cell in on_ray.cells) == [1, 1, 1, 2]
    assert len({cell.run for cell in on_ray.cells}) == 4 == len([path for path in there.iterdir() if not path.name.startswith(".")])
    for cell in on_ray.cells:
        assert Run(there / cell.run).history["epoch"].tolist() == list(range(1, 13))  # no epoch twice
    local = sweep(SPEC, dataset, data, here, "local", Share(size=2, cpus=1))
    assert [cell.value for cell in on_ray.cells] == pytest.approx([cell.value for cell in local.cells], abs=0.02)
