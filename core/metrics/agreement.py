"""Two runs image by image: both right, one right, both wrong; by class and by infection."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.errors import InputError
from core.metrics.verdicts import Verdicts

OUTCOMES = ("both right", "only a right", "only b right", "both wrong")
ALL = "all"


def agreement_table(verdicts: Verdicts, a: int = 0, b: int = 1) -> pd.DataFrame:
    """How many images fall to each outcome, for all images, each class and each infection.

    Parameters
    ----------
    verdicts : Verdicts
    a, b : int
        Positions of two runs.

    Returns
    -------
    DataFrame
        ``kind, outcome, n``: every outcome of every kind, also those without images.
    """
    outcomes = _outcomes(verdicts, a, b)
    rows = [
        (kind, outcome, int(n))
        for kind, among in kinds(verdicts).items()
        for outcome, n in zip(OUTCOMES, np.bincount(outcomes[among], minlength=len(OUTCOMES)), strict=True)
    ]
    return pd.DataFrame(rows, columns=["kind", "outcome", "n"])


def cell(verdicts: Verdicts, outcome: str, kind: str = ALL, a: int = 0, b: int = 1) -> np.ndarray:
    """The images of one cell of the table: bool of shape (n_samples,), for `Verdicts.table`.

    Raises
    ------
    InputError
        If there is no such outcome or kind.
    """
    among = kinds(verdicts)
    if outcome not in OUTCOMES or kind not in among:
        raise InputError(f"A cell is one of {', '.join(OUTCOMES)} and one of {', '.join(among)}; received {outcome!r} and {kind!r}.")
    return among[kind] & (_outcomes(verdicts, a, b) == OUTCOMES.index(outcome))


def kinds(verdicts: Verdicts) -> dict[str, np.ndarray]:
    """The groups of images: ``all``, each class, and each infection that is no class itself; bool of shape (n_samples,)."""
    found = {ALL: np.ones(len(verdicts.y_true), dtype=bool)}
    found |= {name: verdicts.y_true == class_id for class_id, name in enumerate(verdicts.class_names)}
    infections = {name: verdicts.patients.subtype == name for name in ("BACTERIAL", "VIRAL") if name not in found}
    return found | {name: mask for name, mask in infections.items() if mask.any()}


def _outcomes(verdicts: Verdicts, a: int, b: int) -> np.ndarray:
    """Position in `OUTCOMES` for every image: ndarray of shape (n_samples,), int."""
    right = verdicts.correct
    return 2 * ~right[a] + ~right[b]
