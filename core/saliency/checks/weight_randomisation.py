"""Weight randomisation: a map that survives the loss of all that the model learnt shows the picture, not the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.checks.check import Answer, Subject, Trial, table
from core.saliency.checks.similarity import similarity

if TYPE_CHECKING:
    import keras

    from core.parallel import Progress
    from core.saliency.compiled_model import Probe

STAGES = (0.25, 0.5, 0.75, 1.0)  # share of the layers that have lost their weights, from the logits down
N_DRAWS = 8  # of fully random networks: a single one correlates by chance with either sign
LIMIT = 0.5
SEED = 0


def run(subject: Subject, progress: Progress) -> Answer:
    """Similarity of the map to that of the same network on random weights, from the top down (Adebayo et al. 2018, section 4.1).

    The number is the mean over `N_DRAWS` fully random networks. The model is only read: other weights are passed in.
    """
    tasks = [(share, 0) for share in STAGES] + [(1.0, draw) for draw in range(1, N_DRAWS)]
    alike = []
    for done, (share, draw) in enumerate(tasks, start=1):
        probe = subject.probe.with_weights(randomised(subject.probe, share, np.random.default_rng([SEED, draw])))
        alike.append(similarity(subject.heatmap, subject.again(probe=probe)))
        progress(done, len(tasks))
    value = float(np.mean(alike[len(STAGES) - 1 :]))
    curve = table(map=([0.0, *(100 * share for share in STAGES)], [1.0, *alike[: len(STAGES) - 1], value]))
    return value, abs(value) <= LIMIT, _sentence(value), curve


def randomised(probe: Probe, share: float, rng: np.random.Generator) -> list[np.ndarray]:
    """The model's weights with those of the topmost layers replaced.

    Kernels are drawn anew from a normal distribution around 0 of the same mean square; biases and batch-norm vectors,
    whose signs and sizes matter, are shuffled.

    Parameters
    ----------
    probe : Probe
    share : float
        Of the layers with weights, counted from the logits down.
    rng : numpy.random.Generator

    Returns
    -------
    list of ndarray
        In the order of ``probe.weights``.
    """
    layers = learned_layers(probe.logits_model)
    forgotten = {id(variable) for layer in layers[: round(share * len(layers))] for variable in layer.weights}
    values = []
    for variable in probe.weights:
        value = variable.numpy()
        values.append(_redrawn(value, rng) if id(variable) in forgotten else value)
    return values


def learned_layers(model: keras.Model) -> list[keras.Layer]:
    """Layers with weights, the last first, without those that only scale the input."""
    import keras

    return [layer for layer in reversed(model.layers) if layer.weights and not isinstance(layer, keras.layers.Normalization)]


def _redrawn(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if values.ndim < 2:
        return rng.permutation(values)
    return np.sqrt(np.mean(values**2)) * rng.standard_normal(values.shape, dtype=np.float32)


def _sentence(value: float) -> str:
    start = f"With every weight random the map has a rank correlation of {value:+.2f} with the real one"
    if abs(value) <= LIMIT:
        return f"{start}: it falls apart, as it should, so it shows what the model learnt."
    return f"{start}: it does not fall apart, so it shows the picture rather than what the model learnt."


WEIGHT_RANDOMISATION = Trial(
    key="weight_randomisation",
    title="Random weights",
    explanation="Replaces the model's weights by random ones, layer by layer from the top, and looks whether the map falls apart.",
    reference="Adebayo et al. 2018, arXiv:1810.03292",
    unit="rank correlation",
    kind="line",
    x_label="Layers on random weights (%)",
    y_label="Similarity to the map",
    run=run,
)
