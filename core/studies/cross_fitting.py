"""Scores of every training image by a model that was not trained on it: one training for each part of train, the test images left alone.

What is chosen on a fifth of train hangs on the few images of a rare group that fall into it; on all parts together it does not.
The same trainings with a series left out (`core.training.held_out`) say how far a choice carries over to images of another origin.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from core.config import Recipe
from core.datasets import open_dataset
from core.datasets.split_images import SplitImages
from core.files import replacing
from core.images.corruptions import VARIANTS
from core.images.views import VIEWS
from core.inference.predict import load_model
from core.inference.score_tables import score_battery, score_samples
from core.parallel import Progress
from core.runs.run import Run
from core.runs.store import list_runs, open_run
from core.studies.threshold_rules.candidates import WITH_BATTERY
from core.studies.threshold_rules.evidence import PLAIN, VIEW_SCORES
from core.training.plan import plan
from core.training.processes.apart import train_apart


@dataclass(frozen=True)
class Part:
    """One training of a cross-fitting.

    Attributes
    ----------
    settings : dict of str to str
        What it changes in the recipe.
    run : str or None
    status : {"trained", "found", "failed"}
    reason : str
        Why it failed; empty otherwise.
    """

    settings: dict[str, str]
    run: str | None
    status: str
    reason: str = ""


def fold_settings(system: str, seed: int = 0) -> list[dict[str, str]]:
    """The settings of the trainings that together hold out every training image once.

    Parameters
    ----------
    system : str
    seed : int
        Decides which patients are held out together.

    Returns
    -------
    list of dict of str to str
    """
    n_folds = max(2, round(1 / plan(system).recipe.validation_fraction))
    return [{"validation_seed": str(seed), "validation_fold": str(fold), "score_test": "false"} for fold in range(n_folds)]


def left_out_settings(values: Sequence[str], seed: int = 0) -> list[dict[str, str]]:
    """The settings of trainings that each leave out the images of one value, such as ``series=IM``.

    Parameters
    ----------
    values : sequence of str
        ``fact=value``, such as ``series=IM``.
    seed : int

    Returns
    -------
    list of dict of str to str
    """
    return [{"validation_seed": str(seed), "left_out": value} for value in values]


def cross_fit(
    system: str, data: str, models: str, wanted: Sequence[dict[str, str]], seed: int, progress: Callable[[str], Progress]
) -> Iterator[Part]:
    """Train what is not there yet, go on where a training was stopped, and score each model's held-out images under every view.

    Parameters
    ----------
    system : str
        Of two classes.
    data : str
        Where the images lie.
    models : str
        Folder of the trainings, best one of their own.
    wanted : sequence of dict
        Settings of each training, from `fold_settings` or `left_out_settings`.
    seed : int
    progress : callable of str

    Yields
    ------
    Part
        As each ends.

    Raises
    ------
    InputError
        If the system is not known or a setting is not valid.
    """
    for settings in wanted:
        part = _trained(system, data, models, settings, seed)
        if part.run and part.status != "failed":
            _score_views(open_run(part.run, models), data, progress)
        yield part


def _trained(system: str, data: str, models: str, settings: dict[str, str], seed: int) -> Part:
    recipe = plan(system, 2, settings, seed).recipe
    same = [run for run in list_runs(models)[0] if _is(run, system, recipe, seed)]
    if finished := [run for run in same if run.state == "finished"]:
        return Part(settings, finished[0].name, "found")
    unfinished = [run for run in same if run.state in ("stopped", "failed") and run.checkpoint_path.exists()]
    new = [system, "--labels", "2", "--seed", str(seed), *(part for key, value in settings.items() for part in ("--set", f"{key}={value}"))]
    arguments = ["--resume", unfinished[0].name] if unfinished else new
    return Part(settings, *train_apart([*arguments, "--data", data, "--models", models]))


def _is(run: Run, system: str, recipe: Recipe, seed: int) -> bool:
    return (run.config.system, run.config.n_classes, run.config.seed, run.config.recipe) == (system, 2, seed, recipe)


def _score_views(run: Run, data: str, progress: Callable[[str], Progress]) -> None:
    """Write the scores of every view beside a run, unless they are there."""
    if (run.path / VIEW_SCORES).exists():
        return
    dataset, model = open_dataset(data, progress("indexing")), load_model(run)
    images = SplitImages.of(run.config, dataset, dataset.samples["sample_id"].map(run.split.set_index("sample_id")["split"]))
    tables = []
    for view in VIEWS:
        print(f"{run.name}: {view}", file=sys.stderr)
        seen = _Viewed(run, view)
        tables.append(score_samples(model, cast(Run, seen), images, ("val", "test"), progress(view)).assign(view=view, variant=PLAIN))
        if view in WITH_BATTERY:
            tables.append(score_battery(model, cast(Run, seen), images, progress(f"battery, {view}")).assign(view=view, split="val"))
    table = pd.concat(tables).rename(columns={f"p_{run.config.class_names[1]}": "p"})
    table = table[["sample_id", "split", "view", "variant", "y_true", "p"]].astype({"p": np.float32, "y_true": np.int8})
    categories = {"split": ["train", "val", "test"], "view": list(VIEWS), "variant": [PLAIN, *VARIANTS]}
    table = table.assign(**{name: pd.Categorical(table[name], known) for name, known in categories.items()})
    with replacing(run.path / VIEW_SCORES) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd")


class _Viewed:
    """A run as it would be with another view."""

    def __init__(self, run: Run, view: str) -> None:
        recipe = run.config.recipe.model_copy(update={"view": view})
        self.name, self.config = run.name, run.config.model_copy(update={"recipe": recipe})
