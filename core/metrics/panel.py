"""The stored scores of several runs on the same images, in the same order, with the same classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES
from core.metrics.scored_split import scored_split
from core.metrics.statistics.clusters import Patients, patients_of
from core.metrics.statistics.delong import delong
from core.metrics.statistics.resampling import LARGE, Sampled, sample

if TYPE_CHECKING:
    from core.runs.run import Run


@dataclass(frozen=True, eq=False)
class Panel:
    """The stored scores of several runs on the same images.

    Attributes
    ----------
    names : tuple of str
        Of the runs.
    class_names : tuple of str
    sample_ids : Series of shape (n_samples,), str
    patients : Patients
        Patients and infections of the images.
    y_true : ndarray of shape (n_samples,), int
    scores : ndarray of shape (n_runs, n_samples, n_classes), float64
    collapsed : tuple of str
        The runs whose bacterial and viral scores were added up to one of pneumonia.
    """

    names: tuple[str, ...]
    class_names: tuple[str, ...]
    sample_ids: pd.Series
    patients: Patients
    y_true: np.ndarray
    scores: np.ndarray
    collapsed: tuple[str, ...] = ()
    _sampled: dict[tuple[str, bool], Sampled] = field(default_factory=dict, repr=False)

    @property
    def n_samples(self) -> int:
        """Number of images."""
        return len(self.y_true)

    @property
    def images(self) -> pd.DataFrame:
        """``sample_id, truth, subtype, patient_id``, one row an image."""
        facts = {"sample_id": self.sample_ids, "truth": np.take(self.class_names, self.y_true)}
        return pd.DataFrame(facts | {"subtype": self.patients.subtype, "patient_id": self.patients.patient_id})

    def take(self, names: Iterable[str]) -> Panel:
        """The panel of some of its runs, in the order given."""
        names = tuple(names)
        rows = [self.names.index(name) for name in names]
        kept = {key: sampled.take(rows) for key, sampled in self._sampled.items()}
        collapsed = tuple(name for name in names if name in self.collapsed)
        return replace(self, names=names, scores=self.scores[rows], collapsed=collapsed, _sampled=kept)

    def among(self, mask: np.ndarray) -> Panel:
        """The panel of some of its images.

        Parameters
        ----------
        mask : ndarray of shape (n_samples,), bool
        """
        return Panel(
            self.names, self.class_names, self.sample_ids[mask].reset_index(drop=True), self.patients.among(mask), self.y_true[mask],
            self.scores[:, mask], self.collapsed,
        )  # fmt: skip

    @cached_property
    def delong(self) -> tuple[np.ndarray, np.ndarray]:
        """Of two classes: the runs' areas under the ROC curve (n_runs,) and their covariance (n_runs, n_runs)."""
        return delong(self.y_true, self.scores[..., 1])

    def sampled(self, metric: str, draw: bool | None = None) -> Sampled:
        """A metric of the scores that needs no threshold, kept once it is computed.

        Parameters
        ----------
        metric : {"roc_auc", "average_precision", "brier", "ece"}
            The last three for two classes alone.
        draw : bool, optional
            As in `core.metrics.statistics.resampling.sample`.
        """
        draw = self.n_samples <= LARGE if draw is None else draw
        if (metric, draw) not in self._sampled:
            binary = len(self.class_names) == 2
            arguments = [(self.y_true, scores[:, 1] if binary else scores) for scores in self.scores]
            found = sample(metric if binary else f"macro_{metric}", arguments, self.patients, draw)
            self._sampled[metric, draw] = found.without_scatter() if metric == "roc_auc" and self._has_a_class_of_one() else found
        return self._sampled[metric, draw]

    def _has_a_class_of_one(self) -> bool:
        """Whether all images of some class are of one patient, so that no draw of patients tells how its scores scatter."""
        return any(len(np.unique(self.patients.codes[self.y_true == class_id])) == 1 for class_id in np.unique(self.y_true))


def solo(run: Run, split: str = "test") -> Panel:
    """The panel of one run, sorted by sample id.

    Parameters
    ----------
    run : Run
    split : {"test", "val"}

    Returns
    -------
    Panel

    Raises
    ------
    InputError
        If its predictions cannot be used.
    """
    return panel_of(scored_split(run, split), run.config.class_names, run.name, run.facts)


def panel_of(table: pd.DataFrame, class_names: tuple[str, ...], name: str = "", facts: pd.DataFrame | None = None) -> Panel:
    """The panel of one table of predictions; `facts` as `core.metrics.statistics.clusters.patients_of` takes them.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, y_true, p_<class>…``, and ``patient_id`` if known.
    class_names : tuple of str
    name : str
        Of the run.
    facts : DataFrame, optional
        As `core.metrics.statistics.clusters.patients_of` takes them.

    Returns
    -------
    Panel
    """
    if not table["sample_id"].is_monotonic_increasing:
        table = table.sort_values("sample_id")
    scores = table[[f"p_{class_name}" for class_name in class_names]].to_numpy(dtype=np.float64)
    y_true = table["y_true"].to_numpy(dtype=np.int64)
    sample_ids = table["sample_id"].reset_index(drop=True)
    return Panel((name,), tuple(class_names), sample_ids, patients_of(sample_ids, facts), y_true, scores[None])


def collapse(panel: Panel) -> Panel:
    """Bacterial and viral scores added up to one of pneumonia; a panel of two classes as it is.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Panel
    """
    if panel.class_names != SUBTYPES:
        return panel
    scores = np.stack([panel.scores[..., 0], panel.scores[..., 1:].sum(axis=-1)], axis=-1)
    y_true = np.minimum(panel.y_true, 1)
    return Panel(panel.names, KNOWN_CLASSES, panel.sample_ids, panel.patients, y_true, scores, panel.names)
