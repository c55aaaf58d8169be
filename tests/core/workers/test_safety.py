"""A cluster that is started for some work: who can reach it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

LISTENING = """
import os, psutil
from core.workers import open_workers
with open_workers("ray") as workers:
    assert [outcome.value for outcome in workers.map(abs, [-1])] == [1]
    me = psutil.Process()
    for process in (me, *me.children(recursive=True)):
        for one in process.net_connections("inet"):
            if one.status == psutil.CONN_LISTEN:
                print("at", one.laddr.ip.removeprefix("::ffff:"))
    print("token", len(os.environ["RAY_AUTH_TOKEN"]), os.environ["RAY_AUTH_MODE"])
"""


@pytest.mark.cluster
def test_it_listens_on_this_machine_alone_and_asks_for_a_token(tmp_path):
    if find_spec("ray") is None:  # not imported here: a cluster of other tests sets first what Ray reads then
        pytest.skip("Ray is not installed: make cluster")
    names = ("RAY_ADDRESS", "RAY_AUTH_TOKEN", "RAY_AUTH_MODE")
    environment = {name: value for name, value in os.environ.items() if name not in names} | {"HOME": str(tmp_path)}
    answer = subprocess.run([sys.executable, "-c", LISTENING], capture_output=True, text=True, env=environment, timeout=300)
    said = answer.stdout.splitlines()
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert {line for line in said if line.startswith("at")} == {"at 127.0.0.1"}
    assert sum(line.startswith("at") for line in said) >= 4  # those of the cluster were found
    assert "token 64 token" in said
