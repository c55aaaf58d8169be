"""One image and one run: probabilities, the decision, and what speaks against trusting them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.images import Source, read_with_header
from core.inference import predict
from core.metrics.evaluation import predict_labels, resolve_threshold
from core.runs import Run

if TYPE_CHECKING:
    import keras

FLAT_STD = 8.0
ASPECTS = (0.6, 2.0)


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
    warnings : tuple of str
        Reasons not to trust the figures.
    """

    probabilities: dict[str, float]
    threshold: float | None
    label: str
    warnings: tuple[str, ...]

    def to_json(self) -> dict:
        """As ``predict --json`` prints it."""
        return {
            "probabilities": self.probabilities,
            "threshold": self.threshold,
            "label": self.label,
            "warnings": list(self.warnings),
        }


def predict_image(run: Run, model: keras.Model, source: Source) -> Prediction:
    """Decode one image and predict it at the run's own operating point.

    Parameters
    ----------
    run : Run
    model : keras.Model
        The run's model.
    source : str, Path or bytes

    Returns
    -------
    Prediction

    Raises
    ------
    ImageError
        If the image cannot be used.
    """
    pixels, header = read_with_header(source, run.config.image_size, run.config.recipe.resize)
    scores = predict(model, pixels[np.newaxis])
    threshold = resolve_threshold(run, "recommended")
    label = run.config.class_names[int(predict_labels(scores, threshold)[0])]
    probabilities = {name: float(score) for name, score in zip(run.config.class_names, scores[0], strict=True)}
    return Prediction(probabilities, threshold, label, image_warnings(pixels, header.width, header.height))


def image_warnings(pixels: np.ndarray, width: int, height: int) -> tuple[str, ...]:
    """Plain reasons why an image is unlike a frontal chest radiograph; empty if none is seen."""
    warnings = []
    if pixels.std() < FLAT_STD:
        warnings.append(f"The image is almost uniform (standard deviation {pixels.std():.1f} of 255): there is nothing to see in it.")
    if not ASPECTS[0] <= width / height <= ASPECTS[1]:
        warnings.append(f"The image is {width}×{height} pixels: a frontal chest radiograph is closer to square, and this gets stretched.")
    if min(width, height) < len(pixels):
        warnings.append(f"The image is {width}×{height} pixels, smaller than the model's {len(pixels)}×{len(pixels)}: detail is missing.")
    return tuple(warnings)
