"""The order of a queue and whether it is paused: one small file in the folder of runs, changed by one process at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.files import write_json
from core.files.locks import locked
from core.files.regular import read_regular

FOLDER, ORDER, CHANGES = ".queue", "order.json", "changes.lock"


@contextmanager
def changing(models: Path) -> Iterator[list[str]]:
    """The order of a queue, to be changed in place; no other process changes it meanwhile.

    Parameters
    ----------
    models : Path
        Folder of run directories.

    Yields
    ------
    list of str
    """
    with locked(_folder(models) / CHANGES):
        order = order_of(models)
        before = list(order)
        yield order
        if order != before:
            _write(models, order, is_paused(models))


def order_of(models: Path) -> list[str]:
    """Ids of runs in the order of their turn; some may wait no more."""
    found = _read(models).get("order")
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def pause(models: Path, paused: bool) -> None:
    """Start no further training until the queue goes on; the one at work is not stopped.

    Parameters
    ----------
    models : Path
        Folder of run directories.
    paused : bool
    """
    with locked(_folder(models) / CHANGES):
        _write(models, order_of(models), paused)


def is_paused(models: Path) -> bool:
    """Whether no further training is started.

    Parameters
    ----------
    models : Path
        Folder of run directories.

    Returns
    -------
    bool
    """
    return _read(models).get("paused") is True


def _folder(models: Path) -> Path:
    return Path(models) / FOLDER


def _read(models: Path) -> dict:
    try:
        content = json.loads(read_regular(_folder(models) / ORDER, 2**20))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(models: Path, order: list[str], paused: bool) -> None:
    write_json(_folder(models) / ORDER, {"order": order, "paused": paused})
