"""Score any number of films with runs: list, share out, keep what is done, and write the answer in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from core.batch.judges import load_benches
from core.batch.kept import finished, is_answer, is_kept, keep, schema, write_rows
from core.batch.listing import films
from core.batch.plan import Plan
from core.batch.scoring import Task, score_shard
from core.counted import counted
from core.datasets.tables.columns import Naming
from core.errors import InputError
from core.files.paths import typed_path
from core.inference.ensemble import NO_MAP, open_members
from core.parallel import Progress
from core.runs.run import Run
from core.runs.stamp import stamp
from core.workers import LOCAL, open_workers
from core.workers.interruption import interrupted

if TYPE_CHECKING:
    import pyarrow as pa

LAYOUT = 1  # raise it when a shard holds something else, so that earlier ones are not taken up
RETRIES = 3  # workers that may die of one shard before it is given up


@dataclass(frozen=True)
class Options:
    """How films are scored.

    Attributes
    ----------
    explain : str or None
        Key of a saliency method, whose mean maps are made.
    on : str
        ``local``, ``ray`` or ``ray://HOST:PORT``.
    workers : int or None
        How many; one a core if None. The answer does not depend on it.
    gpus : int
        GPUs that each worker has for itself.
    naming : Naming
        What a table calls its column of paths.
    """

    explain: str | None = None
    on: str = LOCAL
    workers: int | None = None
    gpus: int = 0
    naming: Naming = field(default_factory=Naming)


@dataclass(frozen=True, eq=False)
class Scored:
    """The answer.

    Attributes
    ----------
    rows : int
        One a film and run.
    unreadable : list of (str, str)
        Path and reason.
    out : Path
    seconds : float
    n_films : int
        That could be used.
    n_kept : int
        Films of shards that an earlier call had finished.
    maps : Path or None
        The mean maps, where they were asked for.
    looks : list of dict
        Their figures, a row a run and class.
    """

    rows: int
    unreadable: list[tuple[str, str]]
    out: Path
    seconds: float
    n_films: int
    n_kept: int
    maps: Path | None
    looks: list[dict]


def score_files(
    runs: Sequence[Run],
    data: str,
    out: Path,
    options: Options = Options(),
    known: pd.DataFrame | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Scored:
    """Score all films below a folder or in a table with each of some runs.

    Each finished shard of 128 films is kept in the folder ``<out>.shards``; another call takes those up whose files, models and options are
    the same. The folder may be removed once the answer is there.

    Parameters
    ----------
    runs : sequence of Run
    data : str
        A folder or a table of paths.
    out : Path
        The Parquet file of the answer: ``path, run, p_<class>…, label, threshold, warnings, reliable``, in the order of the films.
    options : Options
    known : DataFrame, optional
        The sample table of images at hand, to know training images by.
    progress : callable of (int, int), optional
        Called with the films done and to be done, without those of an earlier call.
    say : callable of str, optional
        Told what is taken up from an earlier call.

    Returns
    -------
    Scored

    Raises
    ------
    InputError
        If a run has no model, there is no film that can be used, or `out` cannot be written.
    """
    began = time.monotonic()
    _check(runs, data, out, options)
    maps_file = out.with_name(out.name + ".maps.npz")
    folder = out.with_name(out.name + ".shards")
    known = known[["sample_id", "perceptual_hash"]] if known is not None else None
    plan = Plan.write(folder, films(data, options.naming, (out, folder, maps_file)), _asked(runs, options, known))
    if not plan.n_films:
        raise InputError(_nothing(data, plan.unreadable))
    n_left, left = _left(plan)
    if n_left < plan.n_films:
        say(f"{plan.n_films - n_left:,} of {counted(plan.n_films, 'film')} were scored by an earlier call and are taken up.")
    if left:
        _share_out(plan, left, n_left, runs, options, known, progress)
    columns = _columns(runs)
    n_rows, unreadable, maps = write_rows(out, finished(plan.shards(), plan, columns), columns)
    if not n_rows:
        out.unlink()
        raise InputError(_nothing(data, unreadable))
    if options.explain:
        maps.save(maps_file, options.explain)
    return Scored(
        n_rows, [*plan.unreadable, *unreadable], out, time.monotonic() - began, n_rows // len(runs), plan.n_films - n_left,
        maps_file if options.explain else None, maps.summary(),
    )  # fmt: skip


def _check(runs: Sequence[Run], data: str, out: Path, options: Options) -> None:
    names = [run.name for run in runs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"The run {twice[0]!r} is named twice; name each run once, and rename a folder if two are called the same.")
    if out.is_dir():
        raise InputError(f"{str(out)!r} is a folder; name the Parquet file to write, such as {str(out / 'scores.parquet')!r}.")
    if out.exists() and not is_answer(out):
        raise InputError(f"{str(out)!r} is there and holds no scores of this command; name another file to write.")
    if out.exists() and out.samefile(typed_path(data)):
        raise InputError(f"{str(out)!r} names the films, and would be replaced; name another file to write.")
    for run in runs:
        members = open_members(run)
        if members and options.explain:
            raise InputError(f"{NO_MAP} Explain its members instead: {', '.join(run.config.members)}.")
        for judge in members or [run]:
            if not judge.model_path.is_file():
                from core.inference.predict import load_model

                load_model(judge)  # says what gives the run its model


def _asked(runs: Sequence[Run], options: Options, known: pd.DataFrame | None) -> str:
    """All that an answer depends on besides the film."""
    stamps = [stamp(one) for run in runs for one in (run, *open_members(run))]
    at_hand = "" if known is None else str(pd.util.hash_pandas_object(known, index=False).sum())
    return repr((LAYOUT, stamps, options.explain, at_hand))


def _columns(runs: Sequence[Run]) -> pa.Schema:
    return schema(list(dict.fromkeys(name for run in runs for name in run.config.class_names)))


def _left(plan: Plan) -> tuple[int, set[int]]:
    """The films and the shards that no earlier call finished."""
    left = {shard.number: len(shard.paths) for shard in plan.shards() if not is_kept(shard, plan)}
    return sum(left.values()), set(left)


def _share_out(
    plan: Plan, left: set[int], n_left: int, runs: Sequence[Run], options: Options, known: pd.DataFrame | None, progress: Progress | None
) -> None:
    columns, done = _columns(runs), 0
    start = partial(load_benches, [run.path.resolve() for run in runs], known)
    tasks = (Task(shard, options.explain) for shard in plan.shards() if shard.number in left)
    if progress:
        progress(0, n_left)
    opened = open_workers(options.on, min(options.workers, len(left)) if options.workers else None)
    with opened as workers, interrupted():
        for outcome in workers.map(score_shard, tasks, start=start, gpus=options.gpus, retries=RETRIES):
            if outcome.error:
                raise outcome.error
            keep(outcome.value, plan, columns)
            done += len(outcome.value.shard.paths)
            if progress:
                progress(done, n_left)


def _nothing(data: str, unreadable: Sequence[tuple[str, str]]) -> str:
    if not unreadable:
        return f"There is no image in {str(data)!r}; give a folder of films, or a table with a column path."
    first = "; ".join(f"{path}: {reason}" for path, reason in unreadable[:3])
    more = f"; and {len(unreadable) - 3} more" if len(unreadable) > 3 else ""
    return f"No image could be used. {first}{more}"
