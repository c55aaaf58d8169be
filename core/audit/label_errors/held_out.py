"""Scores of images that a model was not trained on, from the stored predictions of finished runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.audit.label_errors.confident import FEWEST
from core.datasets.dataset import Dataset
from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES
from core.datasets.labels import label
from core.errors import InputError
from core.metrics.renaming import same_classes
from core.metrics.statistics.delong import placements

if TYPE_CHECKING:
    from core.runs.run import Run

LEAST_AUC = 0.8  # of a class against the rest: what a model hardly tells apart it cannot contradict
SPLITS = ("val", "test")


@dataclass(frozen=True, eq=False)
class Scores:
    """What one run says of images of one of its splits.

    Attributes
    ----------
    run, split : str
    rows : ndarray of shape (n,), int
        Positions of the images in the data set.
    values : ndarray of shape (n, n_classes), float64
    """

    run: str
    split: str
    rows: np.ndarray
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Held-out scores of the images of a data set.

    Attributes
    ----------
    class_names : tuple of str
    y : ndarray of shape (n_samples,), int
        Given labels, as the data set has them now.
    scores : list of Scores
    left_out : dict of str to str
        By run: why it, or a part of it, has no say.
    """

    class_names: tuple[str, ...]
    y: np.ndarray
    scores: list[Scores]
    left_out: dict[str, str]

    @property
    def n_models(self) -> int:
        """How many runs have a say on any image."""
        return len({part.run for part in self.scores})


def held_out(dataset: Dataset, runs: Sequence[Run], n_classes: int = 2) -> HeldOut:
    """The validation and test scores of runs on the images of a data set; out-of-fold scores are validation scores of several runs.

    A run says nothing of images that it was trained on or whose content has changed since, and, brought from elsewhere, of
    any but its test images. An ensemble is left out, for its members speak for themselves; so is a model that hardly tells the classes
    apart on these images.

    Parameters
    ----------
    dataset : Dataset
    runs : sequence of Run
    n_classes : {2, 3}
        Label scheme, as `core.datasets.labels.label` takes it.

    Returns
    -------
    HeldOut

    Raises
    ------
    InputError
        If the names of the files do not tell the three classes.
    """
    class_names, y = label(dataset.samples, n_classes, dataset.positive)
    places, known = pd.Index(dataset.samples["sample_id"]), {run.name for run in runs}
    scores, left_out = [], {}
    for run in runs:
        try:
            if set(run.config.members) & known:
                raise InputError("It is an ensemble, and its members have their own say.")
            found = _of_run(dataset, places, run, class_names)
            parts = [part for part in found if _tells_apart(y[part.rows], part.values)]
        except InputError as error:
            left_out[run.name] = str(error)
            continue
        if len(parts) < len(found):
            said = " and ".join(part.split for part in found if part not in parts)
            left_out[run.name] = (
                f"On {said} it hardly tells the classes apart (AUC below {LEAST_AUC}), or a class has under {FEWEST} images."
            )
        scores += parts
    return HeldOut(class_names, y, scores, left_out)


def _of_run(dataset: Dataset, places: pd.Index, run: Run, class_names: tuple[str, ...]) -> list[Scores]:
    """The scores of a run by split; raises InputError, with the reason, if none of them is of these images and classes."""
    if run.state != "finished":
        raise InputError("It is not finished.")
    table = run.predictions
    values = _values(run, table, class_names)
    rows = _rows(dataset, places, run, table["sample_id"])
    good = rows >= 0
    split = table["split"].to_numpy()
    splits = SPLITS if run.config.system != "imported" else SPLITS[1:]
    parts = [(name, good & (split == name)) for name in splits]
    if not any(mask.any() for _, mask in parts):
        raise InputError("It was scored on other images.")
    return [Scores(run.name, name, rows[mask], values[mask]) for name, mask in parts if mask.any()]


def _values(run: Run, table: pd.DataFrame, class_names: tuple[str, ...]) -> np.ndarray:
    """Scores in the order of the classes; two pneumonias added up where the images have one."""
    theirs = run.config.class_names
    values = table[[f"p_{name}" for name in theirs]].to_numpy(dtype=np.float64)
    if theirs == SUBTYPES and len(class_names) == 2:
        theirs, values = KNOWN_CLASSES, np.stack([values[:, 0], values[:, 1:].sum(axis=1)], axis=1)
    if not same_classes(theirs, class_names):
        raise InputError(f"Its classes are {', '.join(run.config.class_names)}, not {', '.join(class_names)}.")
    return values


def _rows(dataset: Dataset, places: pd.Index, run: Run, sample_ids: pd.Series) -> np.ndarray:
    """Where each image that a run scored is in the data set now; -1 for one that is not.

    Images go by their names, unless the run's record tells that the content is another now. An image whose name is gone goes by its
    content: it was moved to the folder of another class, say, as a review of labels may end.
    """
    rows = places.get_indexer(sample_ids)
    facts = run.facts if run.config.fingerprint != dataset.fingerprint else None
    if facts is None or "content_hash" not in facts:
        return rows
    theirs = facts.drop_duplicates("sample_id").set_index("sample_id")["content_hash"].reindex(sample_ids).reset_index(drop=True)
    ours = dataset.samples["content_hash"].reset_index(drop=True)
    told = theirs.notna().to_numpy() & ours.iloc[np.maximum(rows, 0)].notna().to_numpy()
    rows = np.where((rows >= 0) & told & (theirs.to_numpy() != ours.to_numpy()[np.maximum(rows, 0)]), -1, rows)
    single = ours[ours.notna() & ~ours.duplicated(keep=False) & ~ours.index.isin(rows)]
    by_content = pd.Index(single).get_indexer(theirs.where(theirs.notna() & ~theirs.duplicated(keep=False)))
    return np.where((rows < 0) & (by_content >= 0), single.index.to_numpy()[by_content] if len(single) else -1, rows)


def _tells_apart(y: np.ndarray, values: np.ndarray) -> bool:
    """Whether at least two classes have enough images, and each of those is told from the rest."""
    sizes = np.bincount(y, minlength=values.shape[1])
    enough = [class_id for class_id, n in enumerate(sizes) if n >= FEWEST]
    if len(enough) < 2:
        return False
    areas = [placements(y == class_id, values[:, class_id])[y == class_id].mean() for class_id in enough]
    return min(areas) >= LEAST_AUC
