"""Label schemes: the folders' classes, or pneumonia split into bacterial and viral."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.datasets.classes import in_order
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
