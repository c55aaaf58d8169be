"""What brought predictions are held against: the images of a data set or of a run, and their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.names import KNOWN_CLASSES, SUBTYPES, parse
from core.errors import InputError
from core.imports.matching import match_names

if TYPE_CHECKING:
    from core.run import Run


@dataclass(frozen=True, eq=False)
class Reference:
    """Images by name, with their labels.

    Attributes
    ----------
    title, fingerprint : str
        Of the data set.
    samples : DataFrame
        ``sample_id, split, class_name, subtype``; labels are missing where they are not known.
    """

    title: str
    fingerprint: str
    samples: pd.DataFrame

    @classmethod
    def of_dataset(cls, dataset: Dataset) -> Reference:
        """The images of a data set; the shipped index will do, for it has every name of the Kermany set."""
        return cls(dataset.title, dataset.fingerprint, dataset.samples[["sample_id", "split", "class_name", "subtype"]])

    @classmethod
    def of_run(cls, run: Run) -> Reference:
        """The images that a run saw; labels as the run has them, for training images as their names tell."""
        table = run.predictions[["sample_id", "split", "y_true"]].reset_index(drop=True)
        samples = parse(table["sample_id"])[["class_name", "subtype"]].assign(sample_id=table["sample_id"], split=table["split"])
        names = np.take(run.config.class_names, table["y_true"])
        if run.config.class_names == SUBTYPES:
            samples["subtype"], samples["class_name"] = names, np.take(KNOWN_CLASSES, np.minimum(table["y_true"], 1))
        else:
            samples["class_name"] = names
        return cls(run.config.data_title, run.config.fingerprint, pd.concat([samples, _unscored(run, table)], ignore_index=True))

    @property
    def schemes(self) -> tuple[tuple[str, ...], ...]:
        """The class names that predictions may have: the classes of the test images, and infections where they are known."""
        test = self.samples[self.samples["split"] == "test"]
        if test["class_name"].nunique() < 2:  # the scores are of more classes than these images have
            test = self.samples
        classes = tuple(sorted(test["class_name"].dropna().unique(), key=lambda name: (name != "NORMAL", name)))
        known = test["subtype"].notna().all()
        return (classes, SUBTYPES) if known and classes == KNOWN_CLASSES else (classes,)

    def test_ids(self) -> pd.Index:
        """Sample ids of the test images."""
        return pd.Index(self.samples.loc[self.samples["split"] == "test", "sample_id"])

    def resolve(self, names: pd.Series, is_test: pd.Series) -> pd.Series:
        """Sample ids of images named in other ways, as `core.imports.matching` knows them.

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
                f"The label of {int(unknown.sum())} images is not among {', '.join(class_names)}, such as {found.index[unknown][0]!r}; "
                "leave them out."
            )
        return pd.Categorical(found, categories=class_names).codes.astype(np.int64)


def _unscored(run: Run, scored: pd.DataFrame) -> pd.DataFrame:
    """The images that a run saw without storing their scores; none if it did not record them."""
    try:
        split = run.split[~run.split["sample_id"].isin(scored["sample_id"])].reset_index(drop=True)
    except InputError:
        return pd.DataFrame(columns=["sample_id", "split", "class_name", "subtype"])
    return parse(split["sample_id"])[["class_name", "subtype"]].assign(sample_id=split["sample_id"], split=split["split"])
