"""Where a run comes from, and so how to make it again. No Keras."""

from __future__ import annotations

from core.architectures import get_system
from core.config import RunConfig
from core.errors import InputError

IMPORTED, ENSEMBLE = "imported", "ensemble"
NO_TRAINING = {
    IMPORTED: "came from elsewhere and is not trained here",
    ENSEMBLE: "is a mean of other runs and is not trained itself",
}


def how_again(config: RunConfig) -> str:
    """``train it again: python -m core train cnn1 --data DATA``, or what fits a run that was never trained here.

    Parameters
    ----------
    config : RunConfig

    Returns
    -------
    str
    """
    what = {IMPORTED: "bring it in again", ENSEMBLE: "average its members again"}.get(config.system, "train it again")
    return f"{what}: {command_again(config)}"


def command_again(config: RunConfig) -> str:
    """The command that makes a run again, with all in which it departs from its system's recipe.

    Parameters
    ----------
    config : RunConfig

    Returns
    -------
    str
        Such as ``python -m core train lens_mobilenet --data DATA --labels 3 --seed 1 --set epochs=12``. FILE and DATA stand for what only
        the reader knows.
    """
    if config.system == IMPORTED:
        return "python -m core import FILE"
    if config.members:
        return f"python -m core ensemble {' '.join(config.members)}"
    return " ".join(["python -m core train", config.system, "--data DATA", *_options(config)])


def _options(config: RunConfig) -> list[str]:
    """What a new training must be told; only what is not a default."""
    try:
        variants = get_system(config.system).variants
    except InputError:  # a system of another version
        return []
    variant = next((one for one in variants if one.n_classes == config.n_classes), variants[0])
    settings = variant.recipe.changed(config.recipe.model_dump()) | ({"base_run": config.base_run} if config.base_run else {})
    labels = [f"--labels {config.n_classes}"] if config.n_classes != variants[0].n_classes else []
    seed = [f"--seed {config.seed}"] if config.seed else []
    limit = [f"--limit {config.limit}"] if config.limit else []
    return [*labels, *seed, *limit, *(f"--set {name}={value}" for name, value in settings.items())]
