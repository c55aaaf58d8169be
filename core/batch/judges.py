"""The runs that judge films, loaded once in each worker: their models, what their training films look like, what else they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from core.inference.ensemble import open_members
from core.inference.predict import load_model
from core.input_checks import Reference, open_reference
from core.input_checks.doubts import Doubter
from core.machine.devices import prepare
from core.machine.quiet import load_tensorflow_quietly
from core.runs.run import Run

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class Judge:
    """A run with a model of its own.

    Attributes
    ----------
    run : Run
    model : keras.Model
    reference : Reference or None
    doubter : Doubter
    """

    run: Run
    model: keras.Model
    reference: Reference | None
    doubter: Doubter


@dataclass(frozen=True, eq=False)
class Bench:
    """A run that is asked, and who judges for it: itself, or the members of an ensemble.

    Attributes
    ----------
    run : Run
    judges : list of Judge
    doubter : Doubter
        Of the run itself.
    """

    run: Run
    judges: list[Judge]
    doubter: Doubter


def load_benches(paths: Sequence[Path], known: pd.DataFrame | None) -> list[Bench]:
    """Open runs and load their models, each model once; what a worker does before its first shard.

    Parameters
    ----------
    paths : sequence of Path
        Of run directories.
    known : DataFrame or None
        ``sample_id, perceptual_hash`` of images at hand, to know training images by.

    Returns
    -------
    list of Bench

    Raises
    ------
    InputError
        If a model is missing or cannot be loaded.
    """
    load_tensorflow_quietly()
    prepare()
    loaded: dict[Path, Judge] = {}
    return [_bench(Run(path), known, loaded) for path in paths]


def _bench(run: Run, known: pd.DataFrame | None, loaded: dict[Path, Judge]) -> Bench:
    judges = []
    for judge in open_members(run) or [run]:
        if judge.path not in loaded:
            loaded[judge.path] = Judge(judge, load_model(judge), open_reference(judge), Doubter.of(judge, known))
        judges.append(loaded[judge.path])
    return Bench(run, judges, Doubter.of(run, known))
