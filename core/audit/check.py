"""A check of a data set: what it measures, and how that is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.audit.finding import Finding
from core.datasets.dataset import Dataset

Facts = dict[str, Any]


def _nothing_else(dataset: Dataset) -> str:
    return ""


@dataclass(frozen=True)
class Check:
    """A check, to be called with a data set.

    Numbers and words are apart, so that what was measured can be kept on disk and is said in the words of today.

    Attributes
    ----------
    id : str
        Of its finding.
    measure : callable of Dataset
        Gives facts: what JSON can hold. It stands in `core.audit.measured`.
    tell : callable of facts
        Gives the finding.
    state : callable of Dataset
        What the check looks at besides the data set, as a name for a file; empty for most.
    """

    id: str
    measure: Callable[[Dataset], Facts]
    tell: Callable[..., Finding]
    state: Callable[[Dataset], str] = _nothing_else

    def __call__(self, dataset: Dataset, *how: str) -> Finding:
        """The finding, measured anew; `how` goes to `tell`."""
        return self.tell(self.measure(dataset), *how)
