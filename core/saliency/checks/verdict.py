"""All checks of one map, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.saliency.checks.check import Check, Subject, Trial
from core.saliency.compiled_model import probe_of
from core.saliency.explanation import Explanation
from core.saliency.method import Method
from core.saliency.request import as_input

if TYPE_CHECKING:
    import keras

    from core.parallel import Progress

DECISIVE = ("weight_randomisation", "deletion_insertion")  # without these a map says nothing of the model
EMPTY = "The map is empty: by this method nothing in the film speaks for the class, so there is nothing to check."


@dataclass(frozen=True, eq=False)
class Belief:
    """How far a map can be believed.

    Attributes
    ----------
    checks : tuple of Check
    level : {"supported", "doubtful", "unsupported", "empty"}
        Unsupported if a decisive check failed, doubtful if another did.
    sentence : str
        The verdict in one line.
    """

    checks: tuple[Check, ...]
    level: str
    sentence: str


def believe(
    model: keras.Model,
    image: np.ndarray,
    explanation: Explanation,
    checks: Sequence[str] | None = None,
    progress: Progress | None = None,
    method: Method | None = None,
) -> Belief:
    """Check one map.

    Parameters
    ----------
    model : keras.Model
        The model explained; only read.
    image : ndarray of shape (height, width) or (height, width, 3), uint8 or float32, in [0, 255]
        The image explained.
    explanation : Explanation
    checks : iterable of str, optional
        Keys of `CHECKS`; all by default.
    progress : callable of (int, int), optional
        Called with the hundredths done, and 100.
    method : Method, optional
        By default the registered one that the explanation names.

    Returns
    -------
    Belief

    Raises
    ------
    InputError
        For an unknown check or an image that does not fit the model.
    """
    from core.saliency import get_method

    trials = _chosen(checks)
    if explanation.is_empty:
        return Belief((), "empty", EMPTY)
    method = method if isinstance(method, Method) else get_method(explanation.method)
    subject = Subject(probe_of(model), as_input(model, image), method, explanation.class_id, explanation.layer, explanation.heatmap)
    answers = tuple(trial(subject, _share_of(progress, n, len(trials))) for n, trial in enumerate(trials))
    return Belief(answers, *verdict(answers))


def verdict(checks: Sequence[Check]) -> tuple[str, str]:
    """Level and sentence of a map from its checks.

    Parameters
    ----------
    checks : sequence of Check

    Returns
    -------
    level, sentence : str
    """
    judged = [check for check in checks if check.passed is not None]
    failed = [check for check in judged if not check.passed]
    if not judged:
        return "doubtful", "No check applies to this map."
    if not failed:
        return "supported", f"No reason to doubt this map: it passed {len(judged)} of {len(judged)} checks that apply to it."
    count = f"it failed {_titles(failed)} ({len(judged) - len(failed)} of {len(judged)} checks passed)."
    if any(check.key in DECISIVE for check in failed):
        return "unsupported", f"Do not trust this map: {count}"
    return "doubtful", f"Trust the rough location, not the details: {count}"


def _titles(checks: Sequence[Check]) -> str:
    return " and ".join(f"“{check.title}”" for check in checks)


def _chosen(keys: Sequence[str] | None) -> list[Trial]:
    from core.saliency.checks import CHECKS

    known = {trial.key: trial for trial in CHECKS}
    wanted = list(known if keys is None else keys)
    unknown = [key for key in wanted if key not in known]
    if unknown:
        raise InputError(f"unknown check '{unknown[0]}': choose from {', '.join(known)}")
    return [known[key] for key in wanted]


def _share_of(progress: Progress | None, n: int, total: int) -> Progress:
    """A trial's own progress as a part of the whole."""

    def report(done: int, parts: int) -> None:
        if progress:
            progress(round(100 * (n + done / parts) / total), 100)

    return report
