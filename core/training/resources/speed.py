"""How long a training would take on this machine, from what was measured on it: in finished trainings, or in a trial of some steps.

No Keras. Measurements are kept in the cache folder, not beside the runs: those travel from machine to machine.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from core.architectures import get_system
from core.config import RunConfig
from core.errors import InputError
from core.files import cache_dir, write_json
from core.images.corruptions import VARIANTS
from core.runs.liveness import now
from core.training.input.augmentation import few_views

if TYPE_CHECKING:
    from pathlib import Path

    from core.runs.run import Run
    from core.training.portions import Portions

FILE = "speeds.json"
LEAST_STEPS = 5  # of an epoch: below it the first step, which waits for the graph, is most of what was measured


class Speed(NamedTuple):
    """What was measured of a system on this machine.

    Attributes
    ----------
    step : float
        Seconds to train on one image.
    look : float
        Seconds to score one image.
    source : str
        Where the figures are from: the id of a run, or ``trial of 20 steps``.
    when : str
        ISO 8601, UTC.
    """

    step: float
    look: float
    source: str
    when: str


def measured(config: RunConfig) -> Speed | None:
    """What was measured last on this machine of the system and arithmetic of a configuration; None if nothing was.

    Parameters
    ----------
    config : RunConfig

    Returns
    -------
    Speed or None
    """
    found = _read().get(_key(config), {})
    try:
        speed = Speed(float(found["step"]), float(found["look"]), str(found["source"]), str(found["when"]))
    except (TypeError, KeyError, ValueError):
        return None
    return speed if 0 < speed.step < 1e4 and 0 <= speed.look < 1e4 else None


def record(config: RunConfig, step: float, look: float, source: str) -> None:
    """Keep what was measured; a cache that cannot be written to keeps nothing.

    Parameters
    ----------
    config : RunConfig
    step : float
        Seconds a training image.
    look : float
        Seconds an image that is only scored.
    source : str
        What it was measured by.
    """
    found = {"step": step, "look": look, "source": source, "when": now()}
    with suppress(InputError):
        write_json(_file(), _read() | {_key(config): found})


def record_run(run: Run) -> None:
    """Keep what a training that was finished on this machine measured; one of a few steps says too little.

    Parameters
    ----------
    run : Run
    """
    config, card = run.config, run.card
    n_train, rate = card.n_samples.get("train", 0), card.images_per_second or 0
    if n_train >= LEAST_STEPS * config.recipe.batch_size and rate > 0:
        record(config, 1 / rate, (card.milliseconds_per_image or 0) / 1e3, run.name)


def estimate(speed: Speed, config: RunConfig, portions: Portions) -> float:
    """Seconds that a training takes if no epoch is left out: epochs, features of a frozen backbone, scoring at the end.

    Reading the images, which is done once for a data set, is not counted.

    Parameters
    ----------
    speed : Speed
    config : RunConfig
    portions : Portions

    Returns
    -------
    float
    """
    recipe, n_train, n_val = config.recipe, portions.n_train, portions.n_val
    frozen = has_frozen_backbone(config)
    validation = n_val * (speed.step if frozen else speed.look)
    features = (1 + recipe.flip) * (n_train + n_val) * speed.look if frozen else 0.0
    at_the_end = n_val + portions.n_test + len(VARIANTS) * n_val + n_train + n_val  # scores, battery, what the training images look like
    return recipe.epochs * (sum(portions.shown) * speed.step + validation) + features + at_the_end * speed.look


def has_frozen_backbone(config: RunConfig) -> bool:
    """Whether a head is trained on features that are computed once, as `core.training.input.frozen_features` has it."""
    variant = get_system(config.system).variant(config.n_classes)
    n_all, n_trained = variant.params_total or 0, variant.params_trainable or 0
    return few_views(config.recipe) and n_trained < n_all / 2


def minutes_text(seconds: float) -> str:
    """``under a minute``, ``about 12 min`` or ``about 3 h 20 min``: rounded up, as an estimate is.

    Parameters
    ----------
    seconds : float

    Returns
    -------
    str
    """
    minutes = ceil(seconds / 60)
    if minutes <= 1:
        return "under a minute"
    return f"about {minutes} min" if minutes < 90 else f"about {minutes // 60} h {10 * (minutes % 60 // 10):02d} min"


def _key(config: RunConfig) -> str:
    kernels = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "")  # with and without oneDNN a machine has two speeds
    return f"{platform.node()} {config.system} {config.n_classes} {config.recipe.precision} {has_frozen_backbone(config)} {kernels}"


def _file() -> Path:
    return cache_dir() / FILE


def _read() -> dict:
    try:
        content = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, InputError):
        return {}
    return content if isinstance(content, dict) else {}
