"""Functions that workers find, and a Ray cluster of two nodes on this machine for the tests that ask for one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)  # for worker_jobs, which other processes must find as well


@pytest.fixture(scope="session", autouse=True)
def _found_by_workers() -> Iterator[None]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [HERE, before]))
    yield
    os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)


@pytest.fixture(scope="session")
def cluster() -> Iterator:
    """Two nodes of one processor each, asked for a token, without a dashboard."""
    os.environ["RAY_AUTH_TOKEN"] = "for-the-tests-alone-" * 3
    os.environ["RAY_ADDRESS"] = ""
    from core.workers import ray as _  # noqa: F401  it sets what Ray reads while it is imported

    Cluster = pytest.importorskip("ray.cluster_utils").Cluster
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    made.add_node(num_cpus=1)
    made.wait_for_nodes()
    os.environ["RAY_ADDRESS"] = made.address
    yield made
    made.shutdown()
    del os.environ["RAY_ADDRESS"], os.environ["RAY_AUTH_TOKEN"]
