"""Maps and their checks, computed in a process apart from the server, which keeps the models that it used last."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.bounded import Helpers
from core.inference.predict import load_model
from core.machine import devices
from core.machine.quiet import load_tensorflow_quietly
from core.parallel import Progress
from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency.explanation import Explanation
from core.saliency.looks import explain_view

if TYPE_CHECKING:
    import keras

    from core.saliency.checks import Belief, Check

HELPERS = Helpers()
N_MODELS = 4  # that a process keeps: of one film, several are asked in turn


def explain_apart(run: Run, image: np.ndarray, method: str, class_id: int, layer: str | None, progress: Progress) -> Explanation:
    """Explain one image as `core.saliency.looks.explain_view` does, in a process apart.

    Parameters
    ----------
    run : Run
        With a model of its own.
    image : ndarray of shape (side, side), uint8
        As the model takes it.
    method : str
    class_id : int
    layer : str or None
    progress : callable of (int, int)
        As `core.bounded.helper.Helpers.run` calls it: what it raises ends the work.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        As `explain_view` and `core.inference.predict.load_model` do, and if the process cannot be started or ended.
    """
    return HELPERS.run(_explain, *stamp(run), image, method, class_id, layer, progress=progress)


def believe_apart(run: Run, image: np.ndarray, explanation: Explanation, progress: Progress) -> Belief:
    """Check one map as `core.saliency.checks.believe` does, in a process apart.

    Parameters
    ----------
    run : Run
    image : ndarray of shape (side, side), uint8
    explanation : Explanation
    progress : callable of (int, int)

    Returns
    -------
    Belief

    Raises
    ------
    InputError
        As `explain_apart`.
    """
    found = HELPERS.run(_believe, *stamp(run), image, explanation, progress=progress)
    return replace(found, checks=tuple(replace(check, curve=pd.DataFrame(check.curve)) for check in found.checks))


def _explain(
    path: str, changed: tuple[int, ...], image: np.ndarray, method: str, class_id: int, layer: str | None, progress: Progress
) -> Explanation:
    model = _model(path, changed)
    return explain_view(model, image, Run(Path(path)).config.recipe.view, method, class_id, layer, progress)


def _believe(path: str, changed: tuple[int, ...], image: np.ndarray, explanation: Explanation, progress: Progress) -> Belief:
    from core.saliency.checks import believe

    found = believe(_model(path, changed), image, explanation, progress=progress)
    return replace(found, checks=tuple(_plain(check) for check in found.checks))


def _plain(check: Check) -> Check:
    """With its curve as lists: an answer may not name what a table is made of."""
    return replace(check, curve=check.curve.to_dict("list"))


@lru_cache(maxsize=N_MODELS)
def _model(path: str, changed: tuple[int, ...]) -> keras.Model:
    load_tensorflow_quietly()
    devices.prepare()  # beside the server, which may hold the same GPU
    return load_model(Run(Path(path)))
