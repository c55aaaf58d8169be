"""Train every published system by its write-up's recipe, one process each, and go on where an earlier attempt ended."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.architectures import SYSTEMS, System, Variant
from core.errors import InputError
from core.planning import plan
from core.run import Run
from core.runs import list_runs

OURS = "ours"


@dataclass(frozen=True)
class Training:
    """One training of a reproduction, and how it ended.

    Attributes
    ----------
    system : str
    n_classes : int
    seed : int
    run : str or None
    status : {"trained", "found", "failed"}
        `found` is a finished run of the same recipe, seed and images, which is not trained again.
    reason : str
        Why it failed; empty otherwise.
    """

    system: str
    n_classes: int
    seed: int
    run: str | None
    status: str
    reason: str = ""


def published() -> list[tuple[System, Variant]]:
    """The published systems for each number of classes, a system that continues another after it."""
    return [(system, variant) for system in SYSTEMS if system.source != OURS for variant in system.variants]


def reproduce(
    data: str, fingerprint: str, seeds: Sequence[int] = (0, 1, 2), only: Sequence[str] = (), models: str | None = None
) -> Iterator[Training]:
    """Train what is missing of every published system; one that fails does not stop the others.

    Parameters
    ----------
    data : str
        Where the images lie.
    fingerprint : str
        Names the images.
    seeds : sequence of int
    only : sequence of str
        Keys of the systems wanted; all if empty.
    models : str, optional
        Folder of runs.

    Yields
    ------
    Training
        As each ends.

    Raises
    ------
    InputError
        If `only` names a system that is not published.
    """
    known = [system.key for system, _ in published()]
    if unknown := [key for key in only if key not in known]:
        raise InputError(f"There is no published system {unknown[0]!r}; choose from {', '.join(dict.fromkeys(known))}.")
    for system, variant in published():
        if not only or system.key in only:
            for seed in seeds:
                yield _one(system, variant, seed, data, fingerprint, models)


def _one(system: System, variant: Variant, seed: int, data: str, fingerprint: str, models: str | None) -> Training:
    same = [run for run in list_runs(models)[0] if _is_attempt(run, system, variant, seed, fingerprint)]
    if finished := [run for run in same if run.state == "finished"]:
        return Training(system.key, variant.n_classes, seed, finished[0].name, "found")
    unfinished = [run for run in same if run.state in ("stopped", "failed") and run.checkpoint_path.exists()]
    try:
        arguments = ["--resume", unfinished[0].name] if unfinished else _new(system, variant, seed, fingerprint, models)
    except InputError as error:
        return Training(system.key, variant.n_classes, seed, None, "failed", str(error))
    return _train(system, variant, seed, [*arguments, "--data", data, *(["--models", models] if models else [])])


def _is_attempt(run: Run, system: System, variant: Variant, seed: int, fingerprint: str) -> bool:
    config = run.config
    same = (config.system, config.n_classes, config.seed, config.limit) == (system.key, variant.n_classes, seed, None)
    return same and config.recipe == variant.recipe and config.fingerprint == fingerprint


def _new(system: System, variant: Variant, seed: int, fingerprint: str, models: str | None) -> list[str]:
    """The arguments of a new training; CNN_1 continued takes the CNN_1 of its own seed, where there is one."""
    settings = []
    if system.start == "cnn1":
        bases = [run for run in list_runs(models)[0] if (run.config.system, run.config.n_classes) == ("cnn1", variant.n_classes)]
        twins = [run for run in bases if run.config.seed == seed and run.config.fingerprint == fingerprint and run.state == "finished"]
        settings = ["--set", f"base_run={twins[0].name}"] if twins else []
    plan(system.key, variant.n_classes, dict(pair.split("=") for pair in settings[1:]), seed, models=models)
    return [system.key, "--labels", str(variant.n_classes), "--seed", str(seed), *settings]


def _train(system: System, variant: Variant, seed: int, arguments: list[str]) -> Training:
    """A process of its own: its memory is measured alone, and a crash takes nothing with it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "train", *arguments, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    last = ""
    for line in process.stderr:
        print(line, end="", file=sys.stderr)
        last = line if line.startswith("error:") else last
    answer = process.stdout.read()
    if process.wait() != 0:
        return Training(system.key, variant.n_classes, seed, None, "failed", last.removeprefix("error:").strip() or "the process died")
    found = json.loads(answer)
    ended = ("trained", "") if found["status"] == "finished" else ("failed", f"it was {found['status']}")
    return Training(system.key, variant.n_classes, seed, found["run"], *ended)
