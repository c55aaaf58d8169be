"""A new run before any training: names and values checked, directory made. No Keras, so a page can do it."""

from __future__ import annotations

import numpy as np

from core.architectures import get_system
from core.config import RunConfig
from core.datasets import Dataset
from core.datasets.labels import label
from core.datasets.names import KNOWN_CLASSES, SUBTYPES
from core.errors import InputError
from core.run import Run
from core.runs import list_runs, open_run


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
    base_run = settings.pop("base_run", None) if entry.start == "cnn1" else None
    return RunConfig.checked(
        system=system,
        n_classes=variant.n_classes,
        class_names=SUBTYPES if variant.n_classes == 3 else KNOWN_CLASSES,
        image_size=entry.image_size,
        recipe=variant.recipe.with_settings(settings),
        seed=seed,
        limit=limit,
        base_run=_base_run(base_run, variant.n_classes, models).name if entry.start == "cnn1" else None,
    )


def labels_for(config: RunConfig, dataset: Dataset) -> np.ndarray:
    """Class ids of a data set's samples for a run: ndarray of shape (n_samples,), int64.

    Raises
    ------
    InputError
        If the data set has no pixels, or other classes than the system needs.
    """
    if not dataset.has_pixels:
        raise InputError("The shipped index holds no pixels to train on; fetch the images: python -m core fetch kaggle DEST")
    class_names, y = label(dataset.samples, 3 if config.n_classes == 3 else 2)
    if set(class_names) < set(config.class_names):  # one class alone, as an external test may have
        return np.array([config.class_names.index(name) for name in class_names], dtype=np.int64)[y]
    if class_names != config.class_names:
        raise InputError(f"{config.system} needs the classes {', '.join(config.class_names)}; found {', '.join(class_names)}.")
    return y


def _base_run(name: str | None, n_classes: int, models: str | None) -> Run:
    """The finished CNN_1 run that a continued system starts from."""
    candidates = [open_run(name, models)] if name else list_runs(models)[0]
    for run in candidates:
        if run.config.system == "cnn1" and run.config.n_classes == n_classes and run.state == "finished" and run.model_path.exists():
            return run
    raise InputError(
        f"This system continues a finished {n_classes}-class CNN_1, and there is none"
        f"{f' in {name!r}' if name else ''}; train it first: python -m core train cnn1 --labels {n_classes} --data DATA"
    )
