"""Images ranked by how surely held-out scores contradict their label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.audit.label_errors.confident import contradicted
from core.audit.label_errors.held_out import HeldOut
from core.datasets.dataset import Dataset

COLUMNS = ("sample_id", "split", "label", "suggested", "votes", "n_models", "p_label", "margin")


@dataclass(frozen=True, eq=False)
class Suspects:
    """What models say of the labels of a data set.

    Attributes
    ----------
    table : DataFrame
        ``sample_id, split, label, suggested, votes, n_models, p_label, margin``, one row for each image whose label at least one model
        contradicts with confidence, the surest first: `votes` of `n_models` models that were not trained on it do; `p_label` and
        `margin` are means over these models, `suggested` is what most of those that contradict call it.
    rows : ndarray of shape (n_suspects,), int
        Their positions in the data set.
    n_judged : int
        Images that at least one model was not trained on.
    n_models : int
    """

    table: pd.DataFrame
    rows: np.ndarray
    n_judged: int
    n_models: int

    @property
    def by_most(self) -> pd.DataFrame:
        """The images whose label more than half of the models contradict."""
        return self.table[self.table["votes"] * 2 > self.table["n_models"]]


def suspects(dataset: Dataset, held: HeldOut) -> Suspects:
    """Rank the images whose label is contradicted.

    The order is by the share of votes, drawn towards a half where few models vote (Laplace's rule of succession, (votes + 1) / (n + 2)),
    then by the mean margin.

    Parameters
    ----------
    dataset : Dataset
    held : HeldOut
        Of its images.

    Returns
    -------
    Suspects
    """
    n_samples, n_classes = len(held.y), len(held.class_names)
    votes, judged = np.zeros((n_samples, n_classes)), np.zeros(n_samples)
    confidence, margin = np.zeros(n_samples), np.zeros(n_samples)
    for part in held.scores:
        said = contradicted(held.y[part.rows], part.values)
        against = (said.called >= 0) & (said.called != held.y[part.rows])
        votes[part.rows[against], said.called[against]] += 1  # an image is once in a split of a run
        judged[part.rows] += 1
        confidence[part.rows] += said.confidence
        margin[part.rows] += said.margin
    rows = np.flatnonzero(votes.sum(axis=1))
    n, against = judged[rows], votes[rows].sum(axis=1)
    order = np.lexsort((rows, (margin[rows] / n).round(12), -((against + 1) / (n + 2)).round(12)))
    rows, n, against = rows[order], n[order], against[order]
    names = np.array(held.class_names, dtype=object)
    table = pd.DataFrame(
        {
            "sample_id": dataset.samples["sample_id"].to_numpy()[rows],
            "split": dataset.samples["split"].to_numpy()[rows],
            "label": names[held.y[rows]],
            "suggested": names[votes[rows].argmax(axis=1)],
            "votes": against.astype(int),
            "n_models": n.astype(int),
            "p_label": confidence[rows] / n,
            "margin": margin[rows] / n,
        }
    )
    return Suspects(table, rows, int((judged > 0).sum()), held.n_models)
