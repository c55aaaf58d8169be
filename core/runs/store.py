"""The folder of runs: make one, open one, list all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from core.config import RunConfig
from core.errors import InputError
from core.files import write_json, writing
from core.files.paths import typed_path
from core.runs.liveness import now
from core.runs.run import DATA, MODEL, Run

PACKAGES = ("keras", "tensorflow", "jax", "numpy", "scikit-learn", "pillow")


def models_dir(models: str | Path | None = None) -> Path:
    """The folder of run directories: `models`, else ``PNEUMOLENS_MODELS``, else the project's ``models/``.

    Parameters
    ----------
    models : str or Path, optional
        Folder of run directories; `core.runs.store.models_dir` says which if it is not given.

    Returns
    -------
    Path
    """
    return typed_path(models or os.environ.get("PNEUMOLENS_MODELS") or Path(__file__).parents[2] / "models")


def create_run(config: RunConfig, data: str | Path, models: str | Path | None = None) -> Run:
    """Make a queued run directory ``<system>-<timestamp>-<short id>``.

    Parameters
    ----------
    config : RunConfig
    data : str or Path
        Where the images lie; remembered only until the run is finished.
    models : str or Path, optional

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the folder of runs cannot be written to.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    path = models_dir(models) / f"{config.system.replace('_', '-')}-{stamp}-{uuid.uuid4().hex[:6]}"
    run = Run(path)
    with writing(path, "set PNEUMOLENS_MODELS, or --models, to a folder that can"):
        path.mkdir(parents=True)
        try:
            run.write_config(config.model_copy(update={"created": now(), "versions": _versions()}))
            write_json(path / DATA, {"data": str(typed_path(data).resolve())})
            run.write_status("queued")
        except BaseException:  # a full disk: half a run is none
            shutil.rmtree(path, ignore_errors=True)
            raise
    return run


def open_run(name: str | Path, models: str | Path | None = None) -> Run:
    """A run by its directory or by its name under the models folder.

    Parameters
    ----------
    name : str or Path
    models : str or Path, optional
        Folder of run directories; `core.runs.store.models_dir` says which if it is not given.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If there is no such run or its configuration cannot be read.
    """
    for path in _meant(name, models):
        if str(name) and _is_folder(path):
            run = Run(path.resolve())
            _ = run.config, run.status
            return run
    raise InputError(f"There is no run {str(name)!r}; list them with: python -m core runs")


def list_runs(models: str | Path | None = None) -> tuple[list[Run], dict[str, str]]:
    """All runs, newest first, and what is wrong with those that cannot be read.

    Parameters
    ----------
    models : str or Path, optional
        Folder of run directories; `core.runs.store.models_dir` says which if it is not given.

    Returns
    -------
    runs : list of Run
    broken : dict of str to str
        Directory name to reason.
    """
    runs, broken = [], {}
    folder = models_dir(models)
    try:
        paths = sorted(folder.iterdir(), reverse=True)
    except (FileNotFoundError, NotADirectoryError):
        paths = []
    except OSError as error:
        paths, broken[folder.name] = [], f"The folder of runs cannot be opened ({error.strerror}); check its permissions."
    for path in paths:
        if _is_folder(path) and not path.name.startswith("."):
            try:
                runs.append(open_run(path))
            except InputError as error:
                broken[path.name] = str(error)
    return sorted(runs, key=lambda run: run.config.created, reverse=True), broken


def has_model(run: Run) -> bool:
    """Whether a run can score new images: it has its model file, or, an ensemble, each of its members has.

    Parameters
    ----------
    run : Run

    Returns
    -------
    bool
    """
    if run.config.members:
        return all((run.path.parent / Path(name).name / MODEL).is_file() for name in run.config.members)
    return run.model_path.is_file()


def _meant(name: str | Path, models: str | Path | None) -> Iterator[Path]:
    """Where a run of a name, or at a path, may be."""
    yield models_dir(models) / str(name).strip()
    with suppress(InputError):  # no path at all
        yield typed_path(name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, a locked parent
        return False


@cache
def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
