"""The state of a sweep in a folder beside its runs, the same for the command line and the pages: ``.sweeps/NAME/sweep.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import InputError
from core.files import write_json
from core.files.locks import is_locked, locked
from core.files.regular import read_regular
from core.runs.fields import Text
from core.runs.liveness import now
from core.sweeps.cells import SETTLED, Cell
from core.sweeps.spec import Spec

FOLDER, BOARD, LOCK, STOP = ".sweeps", "sweep.json", "driver.lock", "stop"
MOST_BYTES = 2**24


class Record(BaseModel):
    """What ``sweep.json`` says.

    Attributes
    ----------
    spec : Spec
    data : str
        Where the images lie.
    fingerprint : str
        Of their content.
    total : int
        Trainings when all are drawn.
    cells : list of Cell
        Those known so far.
    """

    model_config = ConfigDict(extra="forbid")

    spec: Spec
    data: Text = ""
    fingerprint: Text = ""
    on: Text = "local"
    created: Text = ""
    changed: Text = ""
    total: int = Field(ge=0)
    cells: list[Cell] = Field(default=[], max_length=10_000)

    @property
    def n_settled(self) -> int:
        """Trainings that are done: to their end, or ended early."""
        return sum(cell.state in SETTLED for cell in self.cells)

    @model_validator(mode="after")
    def _of_the_spec(self) -> Record:
        """No page draws more rows and columns than a spec allows."""
        systems, seeds, settings = set(self.spec.systems), set(self.spec.seeds), set(self.spec.settings)
        if any(cell.system not in systems or cell.seed not in seeds or not settings.issuperset(cell.settings) for cell in self.cells):
            raise ValueError("a training is none of the sweep's")
        return self


class Board:
    """One sweep in a folder of runs.

    Parameters
    ----------
    path : Path
        Its folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The sweep's name."""
        return self.path.name

    @property
    def exists(self) -> bool:
        """Whether a sweep of this name was ever begun."""
        return (self.path / BOARD).is_file()

    @property
    def is_driven(self) -> bool:
        """Whether a process of this machine works at it."""
        return is_locked(self.path / LOCK)

    @property
    def stop_asked(self) -> bool:
        """Whether somebody asked it to stop."""
        return (self.path / STOP).exists()

    def read(self) -> Record:
        """What stands on it; raises InputError if there is nothing that can be read."""
        try:
            return Record.model_validate(json.loads(read_regular(self.path / BOARD, MOST_BYTES)))
        except (OSError, ValueError, ValidationError, RecursionError):
            raise InputError(f"The sweep {self.name!r} has no {BOARD} that can be read.") from None

    def write(self, record: Record) -> None:
        """Put it down in one step."""
        write_json(self.path / BOARD, record.model_copy(update={"changed": now()}).model_dump(mode="json"))

    def ask_to_stop(self) -> None:
        """Let whoever drives it stop every training; what is trained keeps its best model, and the sweep can be gone on with."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / STOP).touch()

    @contextmanager
    def driving(self) -> Iterator[None]:
        """Be the one process that works at the sweep inside the block.

        Raises
        ------
        InputError
            If another does, or the folder of runs cannot be written to.
        """
        with locked(self.path / LOCK, 1.0, "set PNEUMOLENS_MODELS, or --models, to a folder that can") as mine:
            if not mine:
                raise InputError(f"The sweep {self.name!r} is at work already; wait for it, or give this one another name.")
            for asked in self.path.glob(f"{STOP}*"):
                asked.unlink(missing_ok=True)
            yield

    def stop_file(self, run: str) -> Path:
        """The file that asks one training to stop."""
        return self.path / f"{STOP}-{run}"

    def begin(self, spec: Spec, data: str, fingerprint: str, on: str, total: int, cells: list[Cell]) -> Record:
        """The record of a sweep that begins, or of an earlier one of the same name to go on with.

        Raises
        ------
        InputError
            If there is another sweep, or other images, of that name.
        """
        if not self.exists:
            return Record(spec=spec, data=data, fingerprint=fingerprint, on=on, created=now(), total=total, cells=cells)
        before = self.read()
        if before.spec != spec or before.fingerprint != fingerprint:
            what = "other images" if before.spec == spec else "other settings"
            raise InputError(f"There is a sweep {self.name!r} with {what}; give this one another name.")
        return before.model_copy(update={"data": data, "on": on})


def boards(models: Path) -> list[Board]:
    """The sweeps of a folder of runs, the latest first.

    Parameters
    ----------
    models : Path
        Folder of run directories.

    Returns
    -------
    list of Board
    """
    found = []
    with suppress(OSError):
        found = [board for path in (Path(models) / FOLDER).iterdir() if (board := Board(path)).exists]
    return sorted(found, key=_changed, reverse=True)


def board_of(models: Path, name: str) -> Board:
    """The board of a sweep, there or not.

    Parameters
    ----------
    models : Path
        The folder of its runs.
    name : str

    Returns
    -------
    Board
    """
    return Board(Path(models) / FOLDER / name)


def _changed(board: Board) -> float:
    try:
        return (board.path / BOARD).stat().st_mtime
    except OSError:
        return 0.0
