"""What a check of a data set found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    explanation : str
        What it does to a model, and what to do.
    sample_ids : tuple of str
        The images concerned, where there are some to name.
    """

    id: str
    severity: Severity
    title: str
    value: float | None
    n_samples: int
    explanation: str
    sample_ids: tuple[str, ...] = ()

    def to_json(self) -> dict:
        """As ``audit --json`` prints it."""
        return {name: getattr(self, name) for name in ("id", "severity", "title", "value", "n_samples", "explanation")}
