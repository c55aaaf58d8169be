"""Where runs look on average, by the class that they call: sums that grow with the classes and not with the films."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.files import replacing
from core.inference.prediction import Prediction

if TYPE_CHECKING:
    from core.batch.judges import Judge

SIDE = 28  # cells of a mean map, as of a run's atlas
SURE = 1.96  # standard errors of a 95 % interval


@dataclass(frozen=True, eq=False)
class Sums:
    """What is summed over the films of a run that it calls one class.

    Attributes
    ----------
    n, n_empty : int
        Films with a map, and films whose map is empty: nothing in them speaks for the class called.
    total : ndarray of shape (28, 28), float64
        Of the maps, each with a maximum of 1.
    outside, squares : float
        Of the share of each map outside the body, and of its square.
    """

    n: int = 0
    n_empty: int = 0
    total: np.ndarray = field(default_factory=lambda: np.zeros((SIDE, SIDE)))
    outside: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Sums(*(mine + theirs for mine, theirs in pairs))

    @property
    def mean(self) -> np.ndarray:
        """The mean map: float32 of shape (28, 28); zero without a film."""
        return (self.total / max(self.n, 1)).astype(np.float32)

    def outside_body(self) -> tuple[float, float, float]:
        """The mean share outside the body with its 95 % interval over films, by the normal approximation; NaN without films."""
        if not self.n:
            return np.nan, np.nan, np.nan
        share = self.outside / self.n
        spread = max(self.squares / self.n - share**2, 0.0) * self.n / max(self.n - 1, 1)
        margin = SURE * float(np.sqrt(spread / self.n))
        return share, max(share - margin, 0.0), min(share + margin, 1.0)


class MeanMaps(dict[tuple[str, str], Sums]):
    """`Sums` by run and class called."""

    def add(self, others: Iterable[tuple[tuple[str, str], Sums]]) -> None:
        """Add the sums of more films."""
        for key, sums in others:
            self[key] = self.get(key, Sums()) + sums

    def to_json(self) -> list[dict]:
        """As they are kept beside the scores of a shard; floats are written so that they are read back the same."""
        return [{"run": run, "class": name, **vars(sums), "total": sums.total.ravel().tolist()} for (run, name), sums in self.items()]

    @classmethod
    def from_json(cls, rows: list[dict]) -> MeanMaps:
        """The same read back."""
        return cls(dict(_from_json(rows)))

    def summary(self) -> list[dict]:
        """One row a run and class, in figures."""
        return [
            {"run": run, "class": name, "n": sums.n, "n_empty": sums.n_empty}
            | dict(zip(("outside_body", "low", "high"), sums.outside_body(), strict=True))
            for (run, name), sums in sorted(self.items())
        ]

    def save(self, path: Path, method: str) -> None:
        """Write the mean maps and figures as arrays: ``method, run, class, mean, n, n_empty, outside_body`` (share, low, high)."""
        parts = sorted(self.items())
        arrays = {
            "method": np.array(method),
            "run": np.array([run for (run, _), _ in parts], dtype=np.str_),
            "class": np.array([name for (_, name), _ in parts], dtype=np.str_),
            "mean": np.stack([sums.mean for _, sums in parts]) if parts else np.zeros((0, SIDE, SIDE), np.float32),
            "n": np.array([sums.n for _, sums in parts], dtype=np.int64),
            "n_empty": np.array([sums.n_empty for _, sums in parts], dtype=np.int64),
            "outside_body": np.array([sums.outside_body() for _, sums in parts], dtype=float).reshape(-1, 3),
        }
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)


def add_maps(maps: MeanMaps, judge: Judge, images: np.ndarray, answers: list[Prediction], method: str) -> None:
    """Explain what a run calls each film of a batch, and add the maps to the sums.

    Parameters
    ----------
    maps : MeanMaps
        Added to.
    judge : Judge
    images : ndarray of shape (n, side, side), uint8
    answers : list of Prediction
        What the run says of them.
    method : str
        Key of a saliency method.
    """
    from core.inference.maps import maps_of

    names = judge.run.config.class_names
    called = np.array([names.index(answer.label) for answer in answers])
    for row, heatmap in maps_of(judge.run, judge.model, images, np.arange(len(images)), called, method):
        maps.add([((judge.run.name, answers[row].label), _sums_of(heatmap, images[row]))])


def _sums_of(heatmap: np.ndarray, grey: np.ndarray) -> Sums:
    from core.saliency.checks.body import body_mask
    from core.saliency.checks.similarity import coarse

    whole = float(heatmap.sum(dtype=float))
    if not whole:
        return Sums(n_empty=1)
    outside = float(heatmap[~body_mask(grey)].sum(dtype=float)) / whole
    return Sums(1, 0, coarse(heatmap).astype(float), outside, outside**2)


def _from_json(rows: list[dict]) -> Iterator[tuple[tuple[str, str], Sums]]:
    for row in rows:
        total = np.array(row["total"], dtype=float).reshape(SIDE, SIDE)
        sums = Sums(int(row["n"]), int(row["n_empty"]), total, float(row["outside"]), float(row["squares"]))
        yield (str(row["run"]), str(row["class"])), sums
