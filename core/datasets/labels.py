"""Label schemes: the folders' classes, or pneumonia split into bacterial and viral; and which of them are a run's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.config import RunConfig
from core.datasets.classes import in_order, meaning, require_positive
from core.datasets.dataset import Dataset
from core.datasets.kermany_names import SUBTYPES
from core.errors import InputError

SCHEMES = (2, 3)


def label(samples: pd.DataFrame, scheme: int = 2, positive: str | None = None) -> tuple[tuple[str, ...], np.ndarray]:
    """Class names and class ids under a label scheme.

    Parameters
    ----------
    samples : DataFrame
        A sample table.
    scheme : {2, 3}
        2: the class folders as they are, in the order of `core.datasets.classes.in_order`. 3: normal, bacterial and viral, from the
        file names.
    positive : str, optional
        Which of two classes is the ill one, where a person said so.

    Returns
    -------
    class_names : tuple of str
    y : ndarray of shape (n_samples,), int64

    Raises
    ------
    InputError
        If some file names do not tell bacterial from viral.
    """
    if scheme not in SCHEMES:
        raise InputError(f"Labels are 2 (normal, pneumonia) or 3 (normal, bacterial, viral); received {scheme}.")
    column = samples["class_name"] if scheme == 2 else samples["subtype"]
    unknown = int(column.isna().sum())
    if unknown:
        raise InputError(
            f"{unknown} of {len(samples)} file names do not tell bacterial from viral; "
            "three classes need names such as person12_bacteria_46.jpeg, so use --labels 2."
        )
    class_names = SUBTYPES if scheme == 3 else in_order(column.unique(), positive)
    return class_names, pd.Categorical(column, categories=class_names).codes.astype(np.int64)


def labels_for(config: RunConfig, dataset: Dataset) -> np.ndarray:
    """Class ids of a data set's samples for a run: ndarray of shape (n_samples,), int64.

    Parameters
    ----------
    config : RunConfig
    dataset : Dataset

    Returns
    -------
    ndarray of shape (n_samples,), int64

    Raises
    ------
    InputError
        If the data set has no pixels, or classes that are none of the run's.
    """
    require_pixels(dataset)
    if config.class_names == SUBTYPES:
        return label(dataset.samples, 3)[1]
    known = classes_as(config.class_names, dataset)
    ids = {name: config.class_names.index(meant) for name, meant in known.items()}
    return dataset.samples["class_name"].map(ids).to_numpy(dtype=np.int64)


def classes_as(class_names: tuple[str, ...], dataset: Dataset) -> dict[str, str]:
    """Which class of a run each class of a data set is: by its name, or where there are two by which of them is the ill one.

    Parameters
    ----------
    class_names : tuple of str
        Of the run.
    dataset : Dataset
        It may lack classes of the run: films of healthy people alone give a specificity.

    Returns
    -------
    dict of str to str
        For each class of the data set the run's.

    Raises
    ------
    InputError
        If a class of the data set is none of the run's.
    """
    found = dataset.class_names
    if set(found) <= set(class_names):
        _refuse_other_positive(class_names, dataset)
        return {name: name for name in found}
    if len(class_names) == 2 and len(found) == 2:
        require_positive(found, dataset.positive)
        return dict(zip(found, class_names, strict=True))
    meant = [meaning(name) for name in found]
    if len(class_names) == 2 and len(found) == 1 and meant[0]:
        return {found[0]: class_names[meant[0] == "ill"]}
    raise InputError(f"The run knows the classes {', '.join(class_names)}; {dataset.title!r} has {', '.join(found)}.")


def _refuse_other_positive(class_names: tuple[str, ...], dataset: Dataset) -> None:
    if len(class_names) == 2 and dataset.positive in class_names[:1]:
        raise InputError(
            f"To the run {class_names[1]} is the positive class, and {dataset.title!r} has the same classes; "
            f"{dataset.positive} cannot be it, so leave the positive class out."
        )


def require_pixels(dataset: Dataset) -> None:
    """Refuse a data set of which only the sample table is here, with an InputError.

    Parameters
    ----------
    dataset : Dataset

    Raises
    ------
    InputError
    """
    if not dataset.has_pixels:
        raise InputError(f"There is nothing to train on. {dataset.without_pixels}")
