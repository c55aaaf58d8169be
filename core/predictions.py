"""What a table of predictions must hold before anything is computed from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.errors import InputError


def check_predictions(table: pd.DataFrame, class_names: tuple[str, ...], where: str) -> None:
    """Raise InputError, naming `where`, unless `table` has valid scores for each class."""
    columns = ["sample_id", "split", "y_true", *(f"p_{name}" for name in class_names)]
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(f"The predictions of {where} lack the columns {', '.join(missing)}.")
    if table["sample_id"].duplicated().any():
        raise InputError(f"The predictions of {where} name {int(table['sample_id'].duplicated().sum())} samples twice.")
    if table["sample_id"].isna().any():
        raise InputError(f"The predictions of {where} hold rows without a sample id.")
    scores = table[columns[3:]].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    if not np.isfinite(scores).all() or scores.min(initial=0) < 0 or scores.max(initial=0) > 1:
        raise InputError(f"The predictions of {where} hold scores that are not probabilities in [0, 1].")
    if not table["y_true"].isin(range(len(class_names))).all():
        raise InputError(f"The predictions of {where} hold labels outside 0 to {len(class_names) - 1}.")
