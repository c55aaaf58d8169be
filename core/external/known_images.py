"""What brought predictions are held against: the images of a data set or of a run, and their labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.counted import counted
from core.datasets.classes import in_order, require_positive
from core.datasets.dataset import Dataset
from core.datasets.kermany_names import KNOWN_CLASSES, SUBTYPES, parse
from core.datasets.tables.tabular import as_text
from core.errors import InputError
from core.external.matching import match_names

if TYPE_CHECKING:
    from core.runs.run import Run


N_TRIED = 50  # rows and columns that show which images a table is about


@dataclass(frozen=True, eq=False)
class Reference:
    """Images by name, with their labels.

    Attributes
    ----------
    title, fingerprint : str
        Of the data set.
    samples : DataFrame
        ``sample_id, split, class_name, subtype``; labels are missing where they are not known.
    facts : DataFrame or None
        What is known of the images, as runs store it; None where nothing but their names is.
    classes : tuple of str
        The classes in the order of their ids; those of `samples` as their names tell if empty.
    positive : str or None
        Which of two classes is the ill one, where a person or a run said so; else their names decide.
    """

    title: str
    fingerprint: str
    samples: pd.DataFrame
    facts: pd.DataFrame | None = None
    classes: tuple[str, ...] = ()
    positive: str | None = None

    @classmethod
    def of_dataset(cls, dataset: Dataset) -> Reference:
        """The images of a data set; the shipped index will do, for it has every name of the Kermany set."""
        samples = dataset.samples[["sample_id", "split", "class_name", "subtype"]]
        return cls(dataset.title, dataset.fingerprint, samples, dataset.facts, dataset.class_names, dataset.positive)

    @classmethod
    def of_run(cls, run: Run) -> Reference:
        """The images that a run saw; labels as the run has them, for training images as their names tell."""
        table = run.predictions[["sample_id", "split", "y_true"]].reset_index(drop=True)
        samples = _told(run, table)
        names = np.take(run.config.class_names, table["y_true"])
        if run.config.class_names == SUBTYPES:
            samples["subtype"], samples["class_name"] = names, np.take(KNOWN_CLASSES, np.minimum(table["y_true"], 1))
        else:
            samples["class_name"] = names
        everything = pd.concat([samples, _unscored(run, table)], ignore_index=True)
        classes = KNOWN_CLASSES if run.config.class_names == SUBTYPES else run.config.class_names
        positive = classes[1] if len(classes) == 2 else None
        return cls(run.config.data_title, run.config.fingerprint, everything, run.facts, classes, positive)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes in the order of their ids; by the alphabet where two names do not tell and nobody said."""
        return self.classes or in_order(self.samples["class_name"].dropna(), self.positive)

    @property
    def schemes(self) -> tuple[tuple[str, ...], ...]:
        """The class names that predictions may have: the classes of the images, and infections where those of the test images are known."""
        known = self.samples.loc[self.samples["split"] == "test", "subtype"].notna().all()
        return (self.class_names, SUBTYPES) if known and self.class_names == KNOWN_CLASSES else (self.class_names,)

    def require_positive(self) -> None:
        """Raise InputError, with what to do, where there are two classes and nothing tells which is the ill one."""
        require_positive(self.class_names, self.positive)

    def with_patients(self, sample_ids: pd.Series, patients: pd.Series) -> Reference:
        """The same with the patients that a table of predictions states; where it states none, they are known as before.

        Parameters
        ----------
        sample_ids, patients : Series of shape (n_samples,), str
        """
        ids = self.samples["sample_id"]
        facts = parse(ids)[["patient_id", "subtype"]].assign(sample_id=ids.to_numpy()) if self.facts is None else self.facts
        stated = facts["sample_id"].map(dict(zip(sample_ids, patients, strict=True)))
        return replace(self, facts=facts.assign(patient_id=stated.fillna(facts["patient_id"])))

    def test_ids(self) -> pd.Index:
        """Sample ids of the test images."""
        return pd.Index(self.samples.loc[self.samples["split"] == "test", "sample_id"])

    def resolve(self, names: pd.Series, is_test: pd.Series) -> pd.Series:
        """Sample ids of images named in other ways, as `core.external.matching` knows them.

        Parameters
        ----------
        names : Series of shape (n_names,), str
        is_test : Series of shape (n_names,), bool
            Whether a test image is meant; a file name alone is looked for among these or among the others.

        Returns
        -------
        Series of shape (n_names,), str
            Missing where no image answers to the name.
        """
        return match_names(names, self.samples["sample_id"], self.samples["split"] == "test", is_test)

    def labels(self, sample_ids: pd.Series, class_names: tuple[str, ...]) -> np.ndarray:
        """Class ids of images: ndarray of shape (n_samples,), int; raises InputError where a label is not known."""
        column = "subtype" if class_names == SUBTYPES else "class_name"
        found = self.samples.set_index("sample_id")[column].reindex(sample_ids)
        unknown = ~found.isin(class_names)
        if unknown.any():
            raise InputError(
                f"The label of {counted(int(unknown.sum()), 'image')} is not among {', '.join(class_names)}, such as "
                f"{found.index[unknown][0]!r}; leave them out."
            )
        return pd.Categorical(found, categories=class_names).codes.astype(np.int64)


def fitting(references: Iterable[Reference], table: pd.DataFrame) -> Reference:
    """The reference whose images a table names; the first of those that it fits equally well.

    Parameters
    ----------
    references : iterable of Reference
        At least one.
    table : DataFrame
        Of predictions, whose columns need not be known: the one that names most images counts.

    Returns
    -------
    Reference
    """
    texts = [as_text(table.iloc[:N_TRIED, place]).reset_index(drop=True) for place in range(min(table.shape[1], N_TRIED))]
    counts: dict[bytes, int] = {}  # by the images: several runs of one data set are asked once

    def n_known(reference: Reference) -> int:
        images = pd.util.hash_pandas_object(reference.samples[["sample_id", "split"]], index=False).to_numpy().tobytes()
        if images not in counts:
            counts[images] = max((_n_known(reference, text) for text in texts), default=0)
        return counts[images]

    return max(references, key=n_known)


def _n_known(reference: Reference, names: pd.Series) -> int:
    return int(reference.resolve(names, pd.Series(True, names.index)).notna().sum())


def _unscored(run: Run, scored: pd.DataFrame) -> pd.DataFrame:
    """The images that a run saw without storing their scores; none if it did not record them."""
    try:
        split = run.split[~run.split["sample_id"].isin(scored["sample_id"])].reset_index(drop=True)
    except InputError:
        return pd.DataFrame(columns=["sample_id", "split", "class_name", "subtype"])
    return _told(run, split)


def _told(run: Run, images: pd.DataFrame) -> pd.DataFrame:
    """``class_name, subtype, sample_id, split`` of images as their names tell, the infection as the run stored it."""
    told = parse(images["sample_id"])[["class_name", "subtype"]].assign(sample_id=images["sample_id"], split=images["split"])
    if run.facts is None:
        return told
    return told.assign(subtype=run.facts.set_index("sample_id")["subtype"].reindex(images["sample_id"]).to_numpy())
