"""One image and one run: probabilities, the decision, how steady and how calibrated they are, and what speaks against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.images import Source, read_content, read_with_header
from core.metrics.calibration import apply_temperature, run_temperature
from core.metrics.evaluation import predict_labels, resolve_threshold
from core.runs import Run
from core.screening import Finding, Reference, check_quality, is_refused
from core.screening.embedding import features

if TYPE_CHECKING:
    import keras

SHIFT = 0.03  # of the side
SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))  # each as it is and mirrored


@dataclass(frozen=True)
class Neighbour:
    """A training image that the model finds alike; `distance` is Euclidean between whitened features, 0 for the same image."""

    sample_id: str
    class_name: str
    distance: float


@dataclass(frozen=True)
class Prediction:
    """What a run says of one image.

    Attributes
    ----------
    probabilities : dict of str to float
    threshold : float or None
        The run's own operating point; None for more than two classes.
    label : str
        The class called at that threshold.
    findings : tuple of Finding
        Reasons not to trust the figures.
    calibrated : dict of str to float, or None
        The probabilities at the temperature that fits the run's validation images; None where it has none.
    interval : dict of str to (float, float)
        Smallest and largest probability of each class over `n_views` mirrored and shifted copies.
    n_views : int
    screened : bool
        Whether the image was compared with the training images.
    neighbours : tuple of Neighbour
        Nearest first; empty unless screened.
    """

    probabilities: dict[str, float]
    threshold: float | None
    label: str
    findings: tuple[Finding, ...]
    calibrated: dict[str, float] | None
    interval: dict[str, tuple[float, float]]
    n_views: int
    screened: bool
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The findings' sentences."""
        return tuple(finding.sentence for finding in self.findings)

    @property
    def refused(self) -> bool:
        """Whether the probabilities mean nothing for this picture."""
        return is_refused(self.findings)

    def to_json(self) -> dict:
        """As ``predict --json`` prints it."""
        return {
            "probabilities": self.probabilities,
            "threshold": self.threshold,
            "label": self.label,
            "warnings": list(self.warnings),
            "refused": self.refused,
            "screened": self.screened,
            "calibrated": self.calibrated,
            "interval": {name: list(ends) for name, ends in self.interval.items()},
            "nearest": [vars(neighbour) for neighbour in self.neighbours],
        }


def predict_image(run: Run, model: keras.Model, source: Source, reference: Reference | None = None, n_neighbours: int = 6) -> Prediction:
    """Decode one image, check it and predict it at the run's own operating point.

    Parameters
    ----------
    run : Run
    model : keras.Model
        The run's model.
    source : str, Path or bytes
    reference : Reference, optional
        The run's training images, from `core.screening.open_reference`.
    n_neighbours : int

    Returns
    -------
    Prediction

    Raises
    ------
    ImageError
        If the image cannot be used.
    """
    content = read_content(source)
    pixels, header = read_with_header(content, run.config.image_size, run.config.recipe.resize)
    scores, values = features(model, views(pixels))
    threshold = resolve_threshold(run, "recommended")
    findings = check_quality(content, pixels, header.width, header.height)
    if reference:
        findings += reference.check(pixels, values[0])
    return Prediction(
        probabilities=_named(run, scores[0]),
        threshold=threshold,
        label=run.config.class_names[int(predict_labels(scores[:1], threshold)[0])],
        findings=tuple(findings),
        calibrated=_calibrated(run, scores[:1]),
        interval=dict(zip(run.config.class_names, zip(scores.min(axis=0).tolist(), scores.max(axis=0).tolist(), strict=True), strict=True)),
        n_views=len(scores),
        screened=reference is not None,
        neighbours=_neighbours(run, reference, values[:1], n_neighbours) if reference else (),
    )


def views(pixels: np.ndarray) -> np.ndarray:
    """An image shifted by 3 % of its side in each direction, and all that mirrored.

    Parameters
    ----------
    pixels : ndarray of shape (side, side), uint8

    Returns
    -------
    ndarray of shape (10, side, side), uint8
        The first is the image itself; what a shift uncovers repeats the edge.
    """
    step = max(1, round(SHIFT * len(pixels)))
    padded, side = np.pad(pixels, step, mode="edge"), len(pixels)
    shifted = [padded[step * (1 + y) : step * (1 + y) + side, step * (1 + x) : step * (1 + x) + side] for y, x in SHIFTS]
    return np.stack([*shifted, *(image[:, ::-1] for image in shifted)])


def _named(run: Run, scores: np.ndarray) -> dict[str, float]:
    return {name: float(score) for name, score in zip(run.config.class_names, scores, strict=True)}


def _calibrated(run: Run, scores: np.ndarray) -> dict[str, float] | None:
    try:
        return _named(run, apply_temperature(scores, run_temperature(run))[0])
    except InputError:  # an imported run may have no validation scores
        return None


def _neighbours(run: Run, reference: Reference, values: np.ndarray, k: int) -> tuple[Neighbour, ...]:
    (rows,), (distances,) = reference.embedding.nearest(values, k)
    return tuple(
        Neighbour(str(reference.sample_ids[row]), run.config.class_names[reference.y_true[row]], float(distance))
        for row, distance in zip(rows, distances, strict=True)
    )
