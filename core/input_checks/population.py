"""Whom a model's training images show, as far as it is known, and so for whom its answers may hold."""

from __future__ import annotations

from dataclasses import dataclass

from core.datasets.sources.shipped import kermany_ids
from core.errors import InputError
from core.runs.origin import IMPORTED
from core.runs.run import Run

MOST = 0.9  # of the training images: then it is that set, be it a copy of other file sizes
MNIST = "pneumoniamnist"  # how its published files are called
CHILDREN = "children of 1 to 5 years at one hospital in Guangzhou"
# The 21 shipped runs with a model, on 60 films of adults (30 reported as pneumonia, 30 without a finding; Wang et al. 2017):
# AUC 0.34 to 0.61, and 77 to 100 % of the films without a finding called ill. Nothing was chosen by it.
ADULTS = "On 60 films of adults from another hospital the shipped models were no better than chance (AUC 0.34 to 0.61)."


@dataclass(frozen=True)
class Population:
    """What is known of a model's training images.

    Attributes
    ----------
    children : bool
        Whether they are known to show children of 1 to 5 years, in frontal films.
    sentence : str
        What the model knows, to stand beside each of its answers.
    """

    children: bool
    sentence: str


def population(run: Run) -> Population:
    """Whom a run's training images show; for a model from elsewhere, that nothing is known of it.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Population
    """
    if run.config.system == IMPORTED:
        return Population(False, "It came from elsewhere: what it was trained on is not recorded here, so nothing tells whom it holds for.")
    n_train, share = _trained(run)
    if share >= MOST or run.config.data_title.casefold().startswith(MNIST):
        return Population(True, f"It knows {CHILDREN}. {ADULTS}")
    films = (
        f"{n_train:,} film{'s' * (n_train != 1)} of {run.config.data_title!r}"
        if n_train
        else f"{run.config.data_title or 'a data set without a name'!r}"
    )
    sentence = (
        f"It was trained on {films}: whom they show is not recorded here, so nothing is known of other patients, hospitals or devices."
    )
    return Population(False, sentence)


def of_whom(subject: str, sentence: str) -> str:
    """The `sentence` of a population with a subject in place of "It", where no model is named beside it: ``This model knows …``.

    Parameters
    ----------
    subject, sentence : str

    Returns
    -------
    str
    """
    return f"{subject} {sentence.removeprefix('It ')}"


def is_kermany(run: Run) -> bool:
    """Whether the run's training images are those of the Kermany set, in whichever copy.

    Parameters
    ----------
    run : Run

    Returns
    -------
    bool
    """
    return run.config.system != IMPORTED and _trained(run)[1] >= MOST


def _trained(run: Run) -> tuple[int, float]:
    """How many images a run was trained on, and the share of them that the Kermany set has."""
    try:
        trained = run.split.loc[run.split["split"] == "train", "sample_id"]
    except (InputError, KeyError):
        return 0, 0.0
    known = kermany_ids()
    return len(trained), sum(sample_id in known for sample_id in trained.tolist()) / max(1, len(trained))
