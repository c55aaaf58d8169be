"""Train every published system by its write-up's recipe, one process each, and go on where an earlier attempt ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.architectures import SYSTEMS, System, Variant
from core.config import Recipe, RunConfig
from core.errors import InputError
from core.runs.run import Run
from core.runs.store import list_runs
from core.training.plan import own_base, plan
from core.training.processes.apart import train_apart

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


def wanted(only: Sequence[str] = (), settings: dict[str, str] | None = None) -> list[tuple[System, Variant]]:
    """The published systems of some keys.

    Parameters
    ----------
    only : sequence of str
        All if empty.
    settings : dict of str to str, optional
        Replace settings of every recipe.

    Returns
    -------
    list of tuple of (System, Variant)

    Raises
    ------
    InputError
        If one is not published, or none of their recipes takes the settings.
    """
    known = [system.key for system, _ in published()]
    if unknown := [key for key in only if key not in known]:
        raise InputError(f"There is no published system {unknown[0]!r}; choose from {', '.join(dict.fromkeys(known))}.")
    found = [(system, variant) for system, variant in published() if not only or system.key in only]
    refusals = [refusal for _, variant in found if (refusal := _refusal(variant, settings or {}))]
    if len(refusals) == len(found):
        raise refusals[0]
    return found


def _refusal(variant: Variant, settings: dict[str, str]) -> InputError | None:
    try:
        variant.recipe.with_settings(settings)
    except InputError as error:
        return error
    return None


def reproduce(
    data: str,
    fingerprint: str,
    seeds: Sequence[int] = (0, 1, 2),
    only: Sequence[str] = (),
    models: str | None = None,
    settings: dict[str, str] | None = None,
    limit: int | None = None,
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
    settings : dict of str to str, optional
        Replace settings of every recipe, such as ``{"weights": "none"}`` to try the way of a transfer system without its weights. A
        run of another recipe is never counted as a reproduction.
    limit : int, optional
        Use at most this many of the images in train; such a run is not counted either.

    Yields
    ------
    Training
        As each ends.

    Raises
    ------
    InputError
        If `only` names a system that is not published, or no recipe takes the settings.
    """
    for system, variant in wanted(only, settings):
        for seed in seeds:
            yield attempt(system, variant, seed, data, fingerprint, models, settings, limit)


def attempt(
    system: System,
    variant: Variant,
    seed: int,
    data: str,
    fingerprint: str,
    models: str | None = None,
    settings: dict[str, str] | None = None,
    limit: int | None = None,
) -> Training:
    """Train a system once, continue such a training, or find it finished; arguments as of `reproduce`.

    Parameters
    ----------
    system : System
    variant : Variant
    seed : int
    data : str
        Path of the data set.
    fingerprint : str
        Of the content of the images.
    models : str, optional
        Folder of run directories; `core.runs.store.models_dir` says which if it is not given.
    settings : dict of str to str, optional
        Values of recipe settings, by name.
    limit : int, optional
        At most so many training images.

    Returns
    -------
    Training
    """
    settings = settings or {}
    try:
        recipe = variant.recipe.with_settings(settings)
        same = [run for run in list_runs(models)[0] if _is_attempt(run, system, variant, recipe, seed, limit, fingerprint)]
        if finished := [run for run in same if run.state == "finished"]:
            return Training(system.key, variant.n_classes, seed, finished[0].name, "found")
        base = own_base(system.key, variant.n_classes, seed, fingerprint, models)
        wanted = plan(system.key, variant.n_classes, settings | base, seed, limit, models)
    except InputError as error:
        return Training(system.key, variant.n_classes, seed, None, "failed", str(error))
    unfinished = [run for run in same if run.state in ("stopped", "failed") and run.checkpoint_path.exists()]
    arguments = ["--resume", unfinished[0].name] if unfinished else _new(wanted, settings)
    return _train(system, variant, seed, [*arguments, "--data", data, *(["--models", models] if models else [])])


def _is_attempt(run: Run, system: System, variant: Variant, recipe: Recipe, seed: int, limit: int | None, fingerprint: str) -> bool:
    config = run.config
    same = (config.system, config.n_classes, config.seed, config.limit) == (system.key, variant.n_classes, seed, limit)
    return same and config.recipe == recipe and config.fingerprint == fingerprint


def _new(wanted: RunConfig, settings: dict[str, str]) -> list[str]:
    """The arguments of a new training."""
    pairs = settings | ({"base_run": wanted.base_run} if wanted.base_run else {})
    changed = [part for key, value in pairs.items() for part in ("--set", f"{key}={value}")]
    limit = ["--limit", str(wanted.limit)] if wanted.limit else []
    return [wanted.system, "--labels", str(wanted.n_classes), "--seed", str(wanted.seed), *changed, *limit]


def _train(system: System, variant: Variant, seed: int, arguments: list[str]) -> Training:
    return Training(system.key, variant.n_classes, seed, *train_apart(arguments))
