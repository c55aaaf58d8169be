"""What the scores of one film say at a run's operating point, and what an ensemble says from its members' answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from core.errors import InputError
from core.inference.prediction import Neighbour, Prediction
from core.input_checks import Finding
from core.metrics.calibration import apply_temperature, run_temperature
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.runs.run import Run


def decide(run: Run, scores: np.ndarray, findings: Iterable[Finding], screened: bool, neighbours: tuple[Neighbour, ...] = ()) -> Prediction:
    """The scores of one film at the run's operating point, not calibrated.

    Parameters
    ----------
    run : Run
    scores : ndarray of shape (1, n_classes), float
    findings : iterable of Finding
    screened : bool
        Whether the film was compared with the training films.
    neighbours : tuple of Neighbour

    Returns
    -------
    Prediction
    """
    threshold = resolve_threshold(run, "recommended")
    label = run.config.class_names[int(predict_labels(scores, threshold)[0])]
    return Prediction(_named(run, scores[0]), threshold, label, tuple(findings), None, screened, neighbours)


def average(run: Run, predictions: Sequence[Prediction]) -> Prediction:
    """What an ensemble says, from what its members say of the same image.

    Parameters
    ----------
    run : Run
        The ensemble, which has its own operating point and temperature.
    predictions : sequence of Prediction
        Of its members: all with views or all without.

    Returns
    -------
    Prediction
        Means of probabilities and of views; every finding of a member; no neighbours, as members see different features.
    """
    merged = mean_of(run, predictions)
    averaged = np.mean([prediction.views for prediction in predictions], axis=0).tolist() if predictions[0].views else ()
    scores = np.array([list(merged.probabilities.values())])
    return replace(merged, views=tuple(map(tuple, averaged)), calibrated=calibrated(run, scores))


def mean_of(run: Run, predictions: Sequence[Prediction]) -> Prediction:
    """What the members of an ensemble say of one image together: without views, and not calibrated.

    Parameters
    ----------
    run : Run
        The ensemble.
    predictions : sequence of Prediction
        Of its members.

    Returns
    -------
    Prediction
    """
    scores = np.mean([list(prediction.probabilities.values()) for prediction in predictions], axis=0, keepdims=True)
    findings = sorted((finding for prediction in predictions for finding in prediction.findings), key=lambda f: f.level == "refuse")
    by_kind = {finding.kind: finding for finding in findings}  # a refusal outdoes a warning
    return decide(run, scores, by_kind.values(), all(prediction.screened for prediction in predictions))


def _named(run: Run, scores: np.ndarray) -> dict[str, float]:
    return {name: float(score) for name, score in zip(run.config.class_names, scores, strict=True)}


def calibrated(run: Run, scores: np.ndarray) -> dict[str, float] | None:
    """Probabilities by class at the run's temperature; None where it has no validation scores to find one on.

    Parameters
    ----------
    run : Run
    scores : ndarray of shape (1, n_classes), float

    Returns
    -------
    dict of str to float or None
    """
    try:
        return _named(run, apply_temperature(scores, run_temperature(run))[0])
    except InputError:  # an imported run may have no validation scores
        return None
