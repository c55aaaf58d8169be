"""A new run before any training: names and values checked, directory made. No Keras, so a page can do it."""

from __future__ import annotations

from pathlib import Path

from core.architectures import get_system
from core.architectures.system import CONTINUED
from core.config import RunConfig
from core.datasets import Dataset
from core.datasets.classes import require_positive
from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES
from core.datasets.labels import label, require_pixels
from core.errors import InputError
from core.runs.run import Run
from core.runs.store import list_runs, open_run


def plan(
    system: str,
    n_classes: int | None = None,
    settings: dict[str, str] | None = None,
    seed: int = 0,
    limit: int | None = None,
    models: str | None = None,
) -> RunConfig:
    """The configuration of a new run.

    Parameters
    ----------
    system : str
        Key of a registered system.
    n_classes : {2, 3}, optional
        The system's first variant if None.
    settings : dict of str to str, optional
        Replace settings of the recipe; ``base_run`` names the CNN_1 run that ``cnn1_transfer`` continues (default: the
        newest finished one).
    seed : int
    limit : int, optional
        Use at most this many of the images in train; the test images stay whole.
    models : str, optional
        Folder of runs.

    Returns
    -------
    RunConfig

    Raises
    ------
    InputError
        If a name or a value is not valid.
    """
    entry = get_system(system)
    variant = entry.variant(n_classes)
    settings = dict(settings or {})
    base_run = settings.pop("base_run", None) if entry.continues else None
    return RunConfig.checked(
        system=system,
        n_classes=variant.n_classes,
        class_names=SUBTYPES if variant.n_classes == 3 else KNOWN_CLASSES,
        image_size=entry.image_size,
        recipe=variant.recipe.with_settings(settings),
        seed=seed,
        limit=limit,
        base_run=_base_run(base_run, variant.n_classes, models).name if entry.continues else None,
    )


def with_classes(config: RunConfig, dataset: Dataset) -> RunConfig:
    """The configuration with the classes of the data set to train on, the ill one of two last.

    A limit that leaves out none of its training images is no setting of the run, and goes.

    Parameters
    ----------
    config : RunConfig
    dataset : Dataset

    Returns
    -------
    RunConfig

    Raises
    ------
    InputError
        If the data set has no pixels or too few or too many classes, or the names of two do not tell which is the ill one.
    """
    require_pixels(dataset)
    if config.limit and config.limit >= (dataset.samples["split"] == "train").sum():
        config = config.model_copy(update={"limit": None})
    if config.n_classes == 3:
        return config.model_copy(update={"class_names": label(dataset.samples, 3)[0]})
    found = dataset.class_names
    if len(found) != config.n_classes:
        raise InputError(f"{config.system} needs {config.n_classes} classes to train on; {dataset.title!r} has {', '.join(found)}.")
    require_positive(found, dataset.positive)
    _require_both_in_train(dataset)
    return config.model_copy(update={"class_names": found})


def _require_both_in_train(dataset: Dataset) -> None:
    """Refuse before a run is made what its training would refuse after."""
    samples = dataset.samples
    there = samples.loc[samples["split"] == "train", "class_name"].unique()
    if len(there) < 2:
        what = f"the class {there[0]} alone" if len(there) else "no image"
        raise InputError(
            f"Training needs images of both classes in train, and {dataset.title!r} has {what} there. {' '.join(dataset.notes)}".strip()
        )


def own_base(system: str, n_classes: int, seed: int, fingerprint: str, models: str | Path | None) -> dict[str, str]:
    """What one of many trainings continues: the CNN_1 of its own seed, where there is one, for that held out the same patients.

    Parameters
    ----------
    system : str
    n_classes : int
    seed : int
    fingerprint : str
        Of the content of the images.
    models : str or Path, optional
        Folder of runs.

    Returns
    -------
    dict of str
        The setting ``base_run``; empty for a system that continues none, or where there is none.
    """
    if not get_system(system).continues:
        return {}
    for run in list_runs(models)[0]:
        if _can_be_continued(run, n_classes) and (run.config.seed, run.config.fingerprint) == (seed, fingerprint):
            return {"base_run": run.name}
    return {}


def _can_be_continued(run: Run, n_classes: int) -> bool:
    return (run.config.system, run.config.n_classes) == (CONTINUED, n_classes) and run.state == "finished" and run.model_path.exists()


def _base_run(name: str | None, n_classes: int, models: str | None) -> Run:
    """The finished CNN_1 run that a continued system starts from."""
    for run in [open_run(name, models)] if name else list_runs(models)[0]:
        if _can_be_continued(run, n_classes):
            return run
    raise InputError(
        f"This system continues a finished {n_classes}-class CNN_1, and there is none"
        f"{f' in {name!r}' if name else ''}; train it first: python -m core train cnn1 --labels {n_classes} --data DATA"
    )
