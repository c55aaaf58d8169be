"""What a check of a data set found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Severity = Literal["high", "medium", "low", "ok", "unknown"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "unknown", "ok")


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes
    ----------
    id : str
    severity : {"high", "medium", "low", "ok", "unknown"}
        ``unknown`` where this copy of the data cannot tell.
    title : str
    value : float or None
        The number that the title speaks of; None if unknown.
    n_samples : int
        Images that the number rests on.
    effect : str
        One plain sentence: what it does to a model.
    action : str
        What to do about it.
    evidence : str
        What the number is made of.
    images : tuple of (str, str)
        Sample id and a note, such as its group of copies, of each image concerned, where there are some to name.
    """

    id: str
    severity: Severity
    title: str
    value: float | None
    n_samples: int
    effect: str
    action: str = ""
    evidence: str = ""
    images: tuple[tuple[str, str], ...] = ()

    @property
    def explanation(self) -> str:
        """Evidence, effect and action in one paragraph."""
        return " ".join(part for part in (self.evidence, self.effect, self.action) if part)

    @property
    def sample_ids(self) -> tuple[str, ...]:
        """The images concerned."""
        return tuple(sample_id for sample_id, _ in self.images)

    @property
    def table(self) -> pd.DataFrame:
        """The images concerned as ``sample_id, note``."""
        return pd.DataFrame(list(self.images), columns=["sample_id", "note"])

    def to_json(self) -> dict:
        """As ``audit --json`` prints it."""
        return {name: getattr(self, name) for name in ("id", "severity", "title", "value", "n_samples", "explanation")}


def rate(auc: float) -> Severity:
    """How bad it is that a clue which should tell nothing has this AUC.

    Parameters
    ----------
    auc : float
        In [0.5, 1].

    Returns
    -------
    str
    """
    return "high" if auc >= 0.8 else "medium" if auc >= 0.65 else "low" if auc >= 0.55 else "ok"
