"""One shard of films to what the runs say of them: the same as `predict` says of each, from batches as large as the models take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np

from core.architectures.footprint import images_at_once
from core.batch.judges import Bench, Judge
from core.batch.maps import MeanMaps, add_maps
from core.batch.plan import Shard
from core.images import ImageError
from core.images.gate import Film
from core.inference.decide import decide, mean_of
from core.inference.prediction import Prediction
from core.inference.single_image import as_taken, score_films
from core.input_checks import Finding

LOOKERS = 2  # films that a worker has decoded at a time: while one is in its bounded process, another is looked at


@dataclass(frozen=True, eq=False)
class Said:
    """What became of a shard.

    Attributes
    ----------
    shard : Shard
    rows : list of (str, str, Prediction)
        Path, run and what it says: one a film and run, in the order of the shard and of the runs.
    unreadable : list of (str, str)
        Path and reason of each film that cannot be used.
    maps : MeanMaps
        By run and class called; empty unless they were asked for.
    """

    shard: Shard
    rows: list[tuple[str, str, Prediction]] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    maps: MeanMaps = field(default_factory=MeanMaps)


@dataclass(frozen=True)
class Task:
    """A shard and what is asked of it.

    Attributes
    ----------
    shard : Shard
    explain : str or None
        Key of a saliency method.
    """

    shard: Shard
    explain: str | None = None


@dataclass(frozen=True, eq=False)
class Seen:
    """A film as a model takes it, without its file: its pixels, what they show by themselves, and what else speaks against a score."""

    pixels: np.ndarray
    findings: list[Finding]
    doubts: tuple[Finding, ...]


def score_shard(benches: Sequence[Bench], task: Task) -> Said:
    """Judge the films of a shard.

    Parameters
    ----------
    benches : sequence of Bench
        As `load_benches` made them.
    task : Task

    Returns
    -------
    Said
    """
    judges = list({judge.run.path: judge for bench in benches for judge in bench.judges}.values())
    step = min(images_at_once(judge.model, judge.run.config.image_size) for judge in judges)
    said = Said(task.shard)
    with ThreadPoolExecutor(LOOKERS) as pool:
        looked = _readable(zip(task.shard.paths, pool.map(partial(_look, judges), task.shard.paths), strict=True), said.unreadable)
        while seen := list(islice(looked, step)):
            _judge(benches, judges, seen, said, task.explain)
    return said


def _readable(looked: Iterable[tuple[str, list[Seen] | str]], unreadable: list[tuple[str, str]]) -> Iterator[tuple[str, list[Seen]]]:
    for path, seen in looked:
        if isinstance(seen, str):
            unreadable.append((path, seen))
        else:
            yield path, seen


def _look(judges: list[Judge], path: str) -> list[Seen] | str:
    """A film as each judge takes it, or the reason why it cannot be used."""
    try:
        film = Film.of(path)
        return [Seen(*as_taken(judge.run, film), judge.doubter.about(film)) for judge in judges]
    except ImageError as error:
        return str(error)


def _judge(benches: Sequence[Bench], judges: list[Judge], seen: list[tuple[str, list[Seen]]], said: Said, explain: str | None) -> None:
    answers = {}
    for place, judge in enumerate(judges):
        films = [looks[place] for _, looks in seen]
        answers[judge.run.path] = _answers(judge, films)
        if explain:
            add_maps(said.maps, judge, np.stack([film.pixels for film in films]), answers[judge.run.path], explain)
    for place, (path, _) in enumerate(seen):
        for bench in benches:
            own = [answers[judge.run.path][place] for judge in bench.judges]
            said.rows.append((path, bench.run.name, _of_bench(bench, own)))


def _answers(judge: Judge, films: list[Seen]) -> list[Prediction]:
    """What one run says of a batch; as `core.inference.single_image.first_look` of each, without neighbours and calibration."""
    scores, values = score_films(judge.run, judge.model, np.stack([film.pixels for film in films]))
    answers = []
    for film, score, value in zip(films, scores, values, strict=True):
        found = [*film.findings, *(judge.reference.check(film.pixels, value) if judge.reference else ())]
        answers.append(decide(judge.run, score[np.newaxis], found, judge.reference is not None).with_findings(film.doubts))
    return answers


def _of_bench(bench: Bench, answers: list[Prediction]) -> Prediction:
    return mean_of(bench.run, answers).with_findings(bench.doubter.own) if bench.run.config.members else answers[0]
