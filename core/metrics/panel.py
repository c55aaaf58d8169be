"""Runs side by side: the same images, in the same order, with the same classes. What does not fit is named and left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.names import KNOWN_CLASSES, SUBTYPES
from core.errors import InputError
from core.metrics.delong import delong
from core.metrics.patients import Patients, patients_of
from core.metrics.sampling import LARGE, Sampled, sample

if TYPE_CHECKING:
    from core.runs import Run


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
            As in `core.metrics.sampling.sample`.
        """
        draw = self.n_samples <= LARGE if draw is None else draw
        if (metric, draw) not in self._sampled:
            binary = len(self.class_names) == 2
            arguments = [(self.y_true, scores[:, 1] if binary else scores) for scores in self.scores]
            self._sampled[metric, draw] = sample(metric if binary else f"macro_{metric}", arguments, self.patients, draw)
        return self._sampled[metric, draw]


@dataclass(frozen=True, eq=False)
class Lineup:
    """What came of putting runs side by side.

    Attributes
    ----------
    panel : Panel or None
        None if no run can be used.
    refused : dict of str to str
        Run name to the reason why it is left out.
    notes : tuple of str
        Sentences that a reader of the panel must see.
    """

    panel: Panel | None
    refused: dict[str, str]
    notes: tuple[str, ...]


def line_up(runs: Sequence[Run], split: str = "test") -> Lineup:
    """Put runs side by side on the images of the first usable one.

    Runs of three classes next to runs of two are collapsed: pneumonia is bacterial or viral.

    Parameters
    ----------
    runs : sequence of Run
    split : {"test", "val"}

    Returns
    -------
    Lineup
    """
    kept, refused, reference = {}, {}, None
    for run in runs:
        try:
            scored = solo(run, split)
            reference = reference or (run, scored)
            kept[run.name] = _like(*reference, run, scored, split)
        except InputError as error:
            refused[run.name] = str(error)
    if not kept:
        return Lineup(None, refused, ())
    panel = _join(list(kept.values()))
    return Lineup(panel, refused, (*_collapse_notes(panel), *_file_notes([run for run in runs if run.name in kept])))


def group_runs(runs: Sequence[Run], split: str = "test") -> tuple[list[Panel], dict[str, str]]:
    """All runs in panels of the same classes, images and labels, for a leaderboard; and the reasons for those left out."""
    groups: dict[tuple, list[Panel]] = {}
    refused = {}
    for run in runs:
        try:
            scored = solo(run, split)
            groups.setdefault((scored.class_names, scored.patients.key, scored.y_true.tobytes()), []).append(scored)
        except InputError as error:
            refused[run.name] = str(error)
    return [_join(panels) for panels in groups.values()], refused


def solo(run: Run, split: str = "test") -> Panel:
    """The panel of one run, sorted by sample id; raises InputError if its predictions cannot be used."""
    return panel_of(select_split(run.predictions, split, run.name), run.config.class_names, run.name)


def panel_of(table: pd.DataFrame, class_names: tuple[str, ...], name: str = "") -> Panel:
    """The panel of one table of predictions."""
    if not table["sample_id"].is_monotonic_increasing:
        table = table.sort_values("sample_id")
    scores = table[[f"p_{class_name}" for class_name in class_names]].to_numpy(dtype=np.float64)
    y_true = table["y_true"].to_numpy(dtype=np.int64)
    sample_ids = table["sample_id"].reset_index(drop=True)
    return Panel((name,), tuple(class_names), sample_ids, patients_of(sample_ids), y_true, scores[None])


def select_split(predictions: pd.DataFrame, split: str, name: str) -> pd.DataFrame:
    """The rows of one split; raises InputError if there are none."""
    table = predictions[predictions["split"] == split]
    if table.empty:
        raise InputError(f"The run {name!r} has no predictions for the split {split!r}; it has {', '.join(predictions['split'].unique())}.")
    return table.reset_index(drop=True)


def collapse(panel: Panel) -> Panel:
    """Bacterial and viral scores added up to one of pneumonia; a panel of two classes as it is."""
    if panel.class_names != SUBTYPES:
        return panel
    scores = np.stack([panel.scores[..., 0], panel.scores[..., 1:].sum(axis=-1)], axis=-1)
    y_true = np.minimum(panel.y_true, 1)
    return Panel(panel.names, KNOWN_CLASSES, panel.sample_ids, panel.patients, y_true, scores, panel.names)


def _like(first: Run, reference: Panel, run: Run, scored: Panel, split: str) -> Panel:
    """The run's panel if it fits the reference; raises InputError, naming both, if not."""
    if scored is reference:
        return scored
    if collapse(scored).class_names != collapse(reference).class_names:
        raise InputError(
            f"{first.name!r} and {run.name!r} have different classes ({', '.join(reference.class_names)} and "
            f"{', '.join(scored.class_names)}); compare runs with the same labels."
        )
    if not scored.sample_ids.equals(reference.sample_ids):
        raise InputError(f"{first.name!r} and {run.name!r} were scored on different {split} images; compare runs of one data set.")
    if scored.class_names != reference.class_names:
        scored, reference = collapse(scored), collapse(reference)
    if not np.array_equal(scored.y_true, reference.y_true):
        raise InputError(f"{first.name!r} and {run.name!r} disagree on the true labels of the {split} images; train one of them anew.")
    return scored


def _join(panels: list[Panel]) -> Panel:
    if len({panel.class_names for panel in panels}) > 1:
        panels = [collapse(panel) for panel in panels]
    first, names = panels[0], tuple(name for panel in panels for name in panel.names)
    collapsed = tuple(name for panel in panels for name in panel.collapsed)
    scores = np.concatenate([panel.scores for panel in panels]) if len(panels) > 1 else first.scores
    return Panel(names, first.class_names, first.sample_ids, first.patients, first.y_true, scores, collapsed)


def _collapse_notes(panel: Panel) -> list[str]:
    if not panel.collapsed:
        return []
    verb = "tells" if len(panel.collapsed) == 1 else "tell"
    return [
        f"{' and '.join(panel.collapsed)} {verb} bacterial from viral pneumonia; here both count as pneumonia, with their probabilities "
        "added up, so that runs with two classes can stand beside."
    ]


def _file_notes(runs: Sequence[Run]) -> list[str]:
    other = [run.name for run in runs if run.config.fingerprint != runs[0].config.fingerprint]
    if not other:
        return []
    verb = "was" if len(other) == 1 else "were"
    return [f"{' and '.join(other)} {verb} scored on images of the same names, but in other files than {runs[0].name}."]
