"""A model from elsewhere is looked at and loaded in another process first: what exceeds its memory or time ends that one and not ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from joblib import cpu_count

from core.bounded import Exceeded, Limits, Pool, Strange
from core.errors import InputError
from core.model_files.contents import Contents, check_contents, read_contents, unreadable
from core.model_files.kinds import KERAS
from core.model_files.sizes import check_sizes

Result = TypeVar("Result")

LOOKING = Pool(1, Limits(memory=500 * 10**6, seconds=2.5))
LOADING = Pool(1, Limits(memory=4 * 10**9 + cpu_count() * 10**8, seconds=60))  # TensorFlow sets memory aside for each processor


def look_outside(path: Path, kind: str) -> tuple[Contents, int]:
    """What a model file says of itself, and how many numbers it holds at most; raises InputError as what it calls does."""
    return _bounded(LOOKING, path, _looked_at, path, kind)


def load_outside(path: Path, kind: str, contents: Contents, n_stored: int) -> None:
    """Load a model in another process, to see whether that can be done; raises InputError as `try_to_load` does."""
    from core.model_files.loading import try_to_load

    _bounded(LOADING, path, try_to_load, path, kind, contents, n_stored)


def sizes_outside(path: Path) -> tuple[Contents, int]:
    """The same of a ``.keras`` file that was written here, or came with a run; the kinds of its layers are not judged.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tuple of (Contents, int)
    """
    return _bounded(LOOKING, path, _measured, path, KERAS)


def _looked_at(path: Path, kind: str) -> tuple[Contents, int]:
    contents, n_stored = _measured(path, kind)
    try:
        check_contents(contents, path.name)
    except InputError:
        raise
    except Exception:  # a description may be anything
        raise unreadable(path.name) from None
    return contents, n_stored


def _measured(path: Path, kind: str) -> tuple[Contents, int]:
    contents = read_contents(path, kind)
    try:
        return contents, check_sizes(path, kind, contents)
    except InputError:
        raise
    except Exception:  # zip and HDF5 have many errors for a broken file
        raise unreadable(path.name) from None


def _bounded(pool: Pool, path: Path, function: Callable[..., Result], *args: object) -> Result:
    try:
        try:
            return pool.run(function, *args)
        except Strange:  # a hostile file, or a fault of a busy machine, and then a file of our own: seen twice in thirty trainings
            return pool.run(function, *args)
    except Exceeded as error:
        raise InputError(f"{path.name!r} is not loaded, for {error}; save the model again, or bring its predictions as CSV.") from None
