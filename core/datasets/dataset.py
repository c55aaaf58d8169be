"""What every data source gives: a sample table and a way to read pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.classes import in_order, positive_class
from core.datasets.sample_table import fingerprint
from core.errors import InputError
from core.images import Resize

ReadPath = Callable[[str, int | None, Resize], np.ndarray]  # path, side and way of making square; None for the own size


@dataclass(frozen=True)
class Dataset:
    """Images with labels.

    Attributes
    ----------
    title : str
        What a person calls it.
    root : Path or None
        Where it lies; None for the shipped index.
    samples : DataFrame
        The sample table, one row a usable image, sorted by `sample_id`. Unknown facts are missing, never guessed.
    unreadable : DataFrame
        ``path, reason`` of all that is left out: files that cannot be read or used, and whole folders, whose path ends in ``/``.
    read_path : callable of (path, size, resize) or None
        Decodes one image to uint8 grey; picklable. None where there are no pixels.
    positive : str or None
        Which of two classes is the ill one, where a person said so; else their names decide.
    notes : tuple of str
        Sentences that a reader must know, such as what became of a ``val`` folder.
    extra : DataFrame or None
        ``sample_id`` and up to 50 columns of text or numbers that a table of images states besides, such as hospital, view or age, for
        the images of `samples` in their order; None where there are none.
    """

    title: str
    root: Path | None
    samples: pd.DataFrame
    unreadable: pd.DataFrame
    read_path: ReadPath | None
    positive: str | None = None
    notes: tuple[str, ...] = ()
    extra: pd.DataFrame | None = None

    @property
    def without_pixels(self) -> str:
        """In a sentence, why there are no pixels and how to get them, where there are none."""
        if self.root is None:
            what, how = "The shipped index", "fetch the images and choose their folder: python -m core fetch kaggle DEST"
        else:
            what, how = f"{self.title!r}", "name the file of each image in a column path, relative to the table, or choose their folder"
            named = self.samples["path"].dropna()
            how = f"none of its files is there, such as {named.iloc[0]!r}: put them there or mend their paths" if len(named) else how
        return f"{what} holds names and facts but no pixels; {how}."

    @property
    def has_pixels(self) -> bool:
        """Whether images can be read, not only their names and facts."""
        return self.read_path is not None

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The classes in the order of their ids: the healthy one first; by the alphabet where their names do not tell."""
        return in_order(self.samples["class_name"].unique(), self.positive)

    @property
    def positive_class(self) -> str | None:
        """The ill one of two classes; None for other than two, and where names do not tell and nobody said."""
        return positive_class(self.class_names, self.positive)

    def with_positive(self, positive: str | None) -> Dataset:
        """The same with one of its two classes said to be the ill one; raises InputError if it has no such class."""
        return replace(self, positive=positive and positive_class(self.class_names, positive))

    @cached_property
    def facts(self) -> pd.DataFrame:
        """What is known of each sample beside its label, as runs store it: ``sample_id, patient_id, subtype, content_hash``, `extra`."""
        facts = self.samples[["sample_id", "patient_id", "subtype", "content_hash"]]
        return facts if self.extra is None else facts.merge(self.extra, on="sample_id", how="left", validate="one_to_one")

    @cached_property
    def n_patients(self) -> int:
        """Patients; an image whose patient is unknown counts as one of its own."""
        return int(self.samples["patient_id"].fillna(self.samples["sample_id"]).nunique())

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that name this content."""
        return fingerprint(self.samples)

    @cached_property
    def digest(self) -> str:
        """32 hexadecimal digits that change when any label, any fact or any unreadable file does, wherever the files lie."""
        tables = [self.samples.drop(columns="path", errors="ignore"), self.unreadable, *([] if self.extra is None else [self.extra])]
        said = f"{self.root is None}:{self.positive or ''}"
        rows = [pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes() for table in tables]
        return hashlib.blake2b(f"{said}:{len(rows[0])}:".encode() + b"".join(rows), digest_size=16).hexdigest()

    @cached_property
    def _paths(self) -> pd.Series:
        return self.samples.set_index("sample_id")["path"]

    def read(self, sample_id: str, size: int | None = None, resize: Resize = "squash") -> np.ndarray:
        """Decode one sample.

        Returns
        -------
        ndarray of shape (height, width) or (size, size), uint8

        Raises
        ------
        InputError
            If the sample is unknown, has no pixels here, or its file broke since the table was made.
        """
        if self.read_path is None:
            raise InputError(self.without_pixels)
        if sample_id not in self._paths.index:
            raise InputError(f"{sample_id!r} is not in {self.title!r}; choose a sample from its table.")
        return self.read_path(self._paths[sample_id], size, resize)
