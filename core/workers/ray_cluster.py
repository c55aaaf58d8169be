"""A Ray cluster, joined or started for the time of some work.

Whoever can reach a cluster can run code on it. So a token is asked of everybody, and a cluster that is started here listens on this machine
alone, has no dashboard, and sends no figures of its use to Ray's makers. Started by ``uv run``, Ray would also replace the Python of its
workers. See docs/cluster.md.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

SAFE = {"RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
for _name, _value in SAFE.items():
    os.environ.setdefault(_name, _value)  # Ray reads them while it is imported

import ray  # noqa: E402
from ray import exceptions  # noqa: E402
from ray._private import ray_constants, services  # noqa: E402

from core.errors import InputError  # noqa: E402
from core.workers.seat import ROOT  # noqa: E402

FIXED = (2, 54)  # the first version in which what could be run from a browser or without the token is closed
HINT = "Check that it runs there, and that ~/.ray/auth_token, or RAY_AUTH_TOKEN, holds its token."
HERE = "127.0.0.1:"
CLUSTERS = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"


@contextmanager
def joined(address: str | None) -> Iterator[None]:
    """Be part of a cluster inside the block: the one joined already, the one at an address, or else one of its own.

    Parameters
    ----------
    address : str or None
        ``ray://HOST:PORT``; if None, ``RAY_ADDRESS`` or what ``ray start`` has started on this machine.

    Raises
    ------
    InputError
        If the cluster cannot be reached, or this version of Ray must not be used.
    """
    if tuple(map(int, ray.__version__.split(".")[:2])) < FIXED:
        raise InputError(f"Ray {ray.__version__} lets strangers run code; install a later one with: make cluster")
    mine = not ray.is_initialized()
    if mine:
        _connect(address)
    try:
        yield
    finally:
        if mine:
            ray.shutdown()


def _connect(address: str | None) -> None:
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    options = {"runtime_env": {"env_vars": {"PYTHONPATH": paths}}, "log_to_driver": False, "logging_level": logging.WARNING}
    there = address or os.environ.get("RAY_ADDRESS") or services.find_bootstrap_address(None)
    try:
        with _on_loopback() if not there or there.startswith(HERE) else nullcontext():
            ray.init(there or "local", **options | ({} if there else _own()))
    except (ConnectionError, ValueError, RuntimeError, exceptions.RayError) as error:
        first = next(iter(str(error).strip().splitlines()), type(error).__name__)
        hint = f". {HINT}" if there else ""
        raise InputError(f"The Ray cluster at {there or 'this machine'} cannot be used: {first.rstrip('.')}{hint}") from None


def _own() -> dict:
    """What a cluster that is started here has: a token, and no dashboard."""
    if not _has_token():
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)  # in a file, others might read it
    return {"include_dashboard": False}


@contextmanager
def _on_loopback() -> Iterator[None]:
    """Let what Ray starts listen on 127.0.0.1 alone, and find what does, as where it holds that there are no clusters; no option does."""
    before, environment = ray_constants.ENABLE_RAY_CLUSTER, os.environ.get(CLUSTERS)
    ray_constants.ENABLE_RAY_CLUSTER, os.environ[CLUSTERS] = False, "0"
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = before
        os.environ.pop(CLUSTERS)
        os.environ.update({} if environment is None else {CLUSTERS: environment})


def _has_token() -> bool:
    named = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    return bool(named) or (Path.home() / ".ray" / "auth_token").exists()
