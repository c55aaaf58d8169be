"""Draw or download images in a process of its own, which survives a reload of the page and can be cancelled."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.errors import InputError
from core.files import cache_dir, writing
from core.files.paths import typed_path
from dashboard.acquisition.log import progress_in, reason_in

PROJECT = Path(__file__).parents[2]
PATIENCE = 10  # seconds that a process has to clean up after itself once it is asked to stop
N_PHANTOMS = 60
# The command line, with a request to stop taken as Ctrl+C is, so that what was begun is removed or kept to be continued.
RUN = (
    "import signal, sys; signal.signal(signal.SIGTERM, signal.default_int_handler); from core.__main__ import main; "
    "sys.argv[0] = 'core'; sys.exit(main())"
)
ANSWER = 2**24  # bytes of a command's answer, at most
RUNNING, FINISHED, FAILED, CANCELLED = "running", "finished", "failed", "cancelled"


@dataclass(frozen=True)
class Source:
    """Images that can be had: the folder that holds them if none is named, and the command that makes it."""

    key: str
    doing: str
    folder: str
    command: tuple[str, ...]
    options: tuple[str, ...] = ()


SOURCES = {
    source.key: source
    for source in (
        Source("phantoms", f"Drawing {N_PHANTOMS} phantoms", "phantoms", ("phantom",), ("--n", str(N_PHANTOMS))),
        Source("kaggle", "Downloading the chest X-ray set", "chest-xray-pneumonia", ("fetch", "kaggle")),
        Source("pneumoniamnist", "Downloading PneumoniaMNIST", "pneumoniamnist", ("fetch", "pneumoniamnist"), ("--size", "224")),
    )
}


@dataclass(frozen=True)
class Acquisition:
    """One attempt to get images, as its files tell it.

    Attributes
    ----------
    source : Source
    state : {"running", "finished", "failed", "cancelled"}
    dest : str
        Where it was asked to put them.
    path : str
        What can be opened, once finished.
    reason : str
        Why it failed.
    """

    source: Source
    state: str
    dest: str
    path: str = ""
    reason: str = ""

    @property
    def progress(self) -> tuple[float, str, float | None]:
        """Part done, in [0, 1], how much of how much, and seconds left; None where that is not known."""
        return progress_in(_read(_folder(self.source) / "log"))


def usual_place(source: Source) -> Path:
    """Where images go if nobody says otherwise."""
    return cache_dir("data") / source.folder


def start(source: Source, dest: str = "") -> None:
    """Begin to draw or download, unless that is under way.

    Raises
    ------
    InputError
        If `dest` is no path, or nothing can be written.
    """
    known = current(source)
    if known and known.state == RUNNING:
        return
    place = typed_path(dest).absolute() if dest.strip() else usual_place(source)
    forget(source)
    folder = _folder(source)
    if source.key == "phantoms" and (place / "train").is_dir():  # drawn before: a set of phantoms appears when it is complete
        _write(folder / "job.json", {"dest": str(place)})
        (folder / "out").write_text(json.dumps({"path": str(place)}), encoding="utf-8")
        return
    command = [sys.executable, "-c", RUN, *source.command, str(place), *source.options, "--json"]
    with writing(folder / "log"), (folder / "log").open("wb") as log, (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=out, stderr=log, start_new_session=True
        )  # fmt: skip
    _write(folder / "job.json", {"dest": str(place), "pid": process.pid, "began": _began(process.pid)})
    threading.Thread(target=process.wait, daemon=True).start()  # a process nobody waits for looks alive


def current(source: Source) -> Acquisition | None:
    """The latest attempt, by whichever session; None if there was none or it was forgotten."""
    folder = _folder(source)
    try:
        job = json.loads(_read(folder / "job.json"))
    except ValueError:
        return None
    if _process(job):
        return Acquisition(source, RUNNING, job["dest"])
    with suppress(ValueError, KeyError, TypeError):
        return Acquisition(source, FINISHED, job["dest"], path=json.loads(_read(folder / "out", ANSWER)).get("path", job["dest"]))
    if (folder / "cancelled").exists():
        return Acquisition(source, CANCELLED, job["dest"])
    return Acquisition(source, FAILED, job["dest"], reason=reason_in(_read(folder / "log")))


def cancel(source: Source) -> None:
    """Ask the process to stop. Half-drawn phantoms are removed; what was downloaded stays hidden, to be continued later."""
    folder = _folder(source)
    try:
        process = _process(json.loads(_read(folder / "job.json")))
    except ValueError:
        return
    if process is None:
        return
    (folder / "cancelled").touch()
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGTERM)
        threading.Thread(target=_end, args=(process,), daemon=True).start()


def forget(source: Source) -> None:
    """Remove what is known of the latest attempt; not the images."""
    shutil.rmtree(_folder(source), ignore_errors=True)


def _end(process: psutil.Process) -> None:
    with suppress(psutil.Error):
        try:
            process.wait(PATIENCE)
        except psutil.TimeoutExpired:
            process.kill()


def _folder(source: Source) -> Path:
    return cache_dir("acquisitions", source.key)


def _process(job: dict) -> psutil.Process | None:
    """The process of an attempt, if it still runs; another that was given its number later is none."""
    with suppress(psutil.Error, KeyError):
        process = psutil.Process(job["pid"])
        if process.create_time() == job["began"] and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def _began(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


def _read(path: Path, last: int = 20_000) -> str:
    try:
        return path.read_bytes()[-last:].decode("utf-8", errors="replace")
    except OSError:
        return ""


def _write(path: Path, content: dict) -> None:
    if not path.parent.is_dir():
        raise InputError(f"{str(path.parent)!r} is gone; start it again.")
    path.write_text(json.dumps(content), encoding="utf-8")
