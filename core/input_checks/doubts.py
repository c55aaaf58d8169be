"""The reasons for doubt that a picture's pixels do not show: what its file states, whether the run was trained on it, the run itself."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.datasets.sources.shipped import open_shipped
from core.errors import InputError
from core.images import Source
from core.images.gate import Film, stated
from core.input_checks import Finding
from core.input_checks.population import Population, is_kermany, population
from core.input_checks.training_copies import Hashes
from core.runs.run import Run

AGE = "The DICOM header says this is not a child of 1 to 5 years, and this model knows no others."
VIEW = "The DICOM header says this is not a frontal film (PA or AP)"


def doubts(run: Run, source: Source | Film, copy: str | None = None) -> tuple[Finding, ...]:
    """All that speaks against a run's answer on a picture besides the pixels; pages, reports, tables and commands show the same.

    Parameters
    ----------
    run : Run
    source : str, Path or bytes
        The file as it came: its header is looked at.
    copy : str, optional
        The training image of the run that the picture is, from `training_copy`.

    Returns
    -------
    tuple of Finding
        All warnings; of the patient's age only that it is another than the training images'.

    Raises
    ------
    ImageError
        If the file cannot be read.
    """
    return (*_copied(copy), *_header(population(run), source), *of_run(run))


@dataclass(frozen=True, eq=False)
class Doubter:
    """What is asked of every film that a run judges, looked up once for many films.

    Attributes
    ----------
    known : Population
    copies : Hashes or None
        Of the run's training images, where they are at hand.
    own : tuple of Finding
        What the run's card warns of.
    """

    known: Population
    copies: Hashes | None
    own: tuple[Finding, ...]

    @classmethod
    def of(cls, run: Run, samples: pd.DataFrame | None = None) -> Doubter:
        """For a run; the samples are those that `training_copy` takes."""
        return cls(population(run), _trained(run, samples), of_run(run))

    def about(self, source: Source | Film) -> tuple[Finding, ...]:
        """As `doubts`, the training images looked through."""
        return (*_copied(self.copies.find(source) if self.copies else None), *_header(self.known, source), *self.own)


def of_run(run: Run) -> tuple[Finding, ...]:
    """What the run's card warns of, such as scores that tell nothing apart.

    Parameters
    ----------
    run : Run

    Returns
    -------
    tuple of Finding
    """
    try:
        return tuple(Finding("run", "warn", sentence) for sentence in run.card.warnings)
    except InputError:
        return ()


def training_copy(run: Run, source: Source | Film, samples: pd.DataFrame | None = None) -> str | None:
    """The training image of a run that a picture is or shows again in another size or encoding; None if there is none.

    Parameters
    ----------
    run : Run
    source : str, Path or bytes
    samples : DataFrame, optional
        The sample table of a data set at hand; the shipped index takes its place for a run that was trained on the Kermany set.

    Returns
    -------
    str or None

    Raises
    ------
    ImageError
        If the file cannot be used.
    """
    known = _trained(run, samples)
    return known.find(source) if known else None


def _trained(run: Run, samples: pd.DataFrame | None) -> Hashes | None:
    """The training images of a run among those at hand; None where there are none."""
    samples = open_shipped().samples if is_kermany(run) else samples
    if samples is None:
        return None
    try:
        trained = run.split.loc[run.split["split"] == "train", "sample_id"]
    except (InputError, KeyError):
        return None
    return Hashes.of(samples[samples["sample_id"].isin(trained)])


def _copied(copy: str | None) -> list[Finding]:
    sentence = f"The model was trained on this very image ({copy}), so its answer proves nothing."
    return [Finding("copy", "warn", sentence)] if copy else []


def _header(known: Population, source: Source | Film) -> list[Finding]:
    said = stated(Film.of(source).content)
    found = []
    if known.children and said.aged_1_to_5 is False:
        found.append(Finding("age", "warn", AGE))
    if said.frontal is False:
        knows = "and this model knows frontal films only." if known.children else "and nothing tells whether this model knows other views."
        found.append(Finding("view", "warn", f"{VIEW}, {knows}"))
    return found
