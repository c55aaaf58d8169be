"""The images of a data set in groups, whatever they are grouped by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_K, MOST_K = 2, 20
MOST_LABEL = 40  # characters


@dataclass(frozen=True, eq=False)
class Grouping:
    """Which group each image is in.

    Attributes
    ----------
    by : str
        ``appearance``, the key of a fact, or a column of the user's table.
    title : str
        What a person calls it.
    names : tuple of str
        Of the groups, in their order: of the values, or the largest first where they have none.
    codes : ndarray of shape (n_samples,), int
        Position in `names` of the group of each image, in the order of ``dataset.samples``.
    ranks : ndarray of shape (n_samples,), int
        1 for the image nearest to the middle of its group, 2 and on for the next, each of another patient; 0 for all others.
    made_from : str
        One sentence: what the groups were made from.
    notes : tuple of str
        Sentences that a reader must know, such as which values stand together.
    """

    by: str
    title: str
    names: tuple[str, ...]
    codes: np.ndarray
    ranks: np.ndarray
    made_from: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.codes.ndim != 1 or (len(self.codes) and not 0 <= self.codes.min() <= self.codes.max() < len(self.names)):
            raise ValueError(f"codes must be positions among {len(self.names)} names. Received: shape {self.codes.shape}")

    @property
    def k(self) -> int:
        """How many groups."""
        return len(self.names)

    @property
    def ids(self) -> tuple[str, ...]:
        """``1`` to ``k``: what a link and the command line call the groups."""
        return tuple(str(number + 1) for number in range(self.k))

    @property
    def labels(self) -> tuple[str, ...]:
        """Short names to choose by, no two alike: a long value is cut, and numbered where two would read the same."""
        short = [f"{name[:MOST_LABEL]}…" if len(name) > MOST_LABEL + 1 else name for name in self.names]
        return tuple(
            f"{name} ({id_})" if short.count(name) > 1 or name == "all" else name for name, id_ in zip(short, self.ids, strict=True)
        )

    def medoids(self, sample_ids: np.ndarray) -> list[list[str]]:
        """The images in the middle of each group, the nearest first.

        Parameters
        ----------
        sample_ids : ndarray of shape (n_samples,), str
        """
        rows = np.flatnonzero(self.ranks)
        rows = rows[np.argsort(self.ranks[rows], kind="stable")]
        return [[str(sample_ids[row]) for row in rows[self.codes[rows] == group]] for group in range(self.k)]
