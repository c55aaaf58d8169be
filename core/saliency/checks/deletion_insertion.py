"""Deletion and insertion: does the score follow the pixels that the map calls important?"""

import numpy as np
from PIL import Image, ImageFilter

from core.saliency.checks.check import Trial, table
from core.saliency.heatmap import resize_map

N_STEPS = 8
N_RANDOM = 4
RANDOM_CELLS = 8  # random maps are as coarse as a CAM: single random pixels would be salt and pepper, which upsets any model
BLUR = 20  # standard deviation of the blur that starts an insertion: a twentieth of the side
SEED = 0
DELETED, INSERTED = "deleted", "inserted"


def run(subject, progress):
    """Area between the insertion and the deletion curve, against random maps and a centred one (Petsiuk et al. 2018, algorithm 1).

    Deleted pixels take the image's mean grey; insertion starts from the blurred image. The score is the class probability.
    """
    maps = {"map": subject.heatmap, "centre": centred(*subject.heatmap.shape)}
    maps |= {f"random {i}": smooth_noise(np.random.default_rng([SEED, i]), *subject.heatmap.shape) for i in range(1, N_RANDOM + 1)}
    images = np.concatenate([sequence for heatmap in maps.values() for sequence in sequences(subject.image, heatmap)])
    scores = subject.probe.probabilities(images, progress)[:, subject.class_id].reshape(len(maps), 2, N_STEPS + 1)
    gains = dict(zip(maps, area_between(scores), strict=True))
    chance = max(gains[name] for name in maps if name.startswith("random"))
    value, control = float(gains["map"]), float(max(chance, gains["centre"]))
    curve = _curves(scores)
    if np.ptp(scores) < 0.02:
        return value, None, _unmoved(scores), curve
    return value, bool(value > max(control, 0)), _sentence(value, float(gains["centre"]), float(chance)), curve


def sequences(image, heatmap):
    """The image with ever more of its most important pixels deleted, and the blurred image with ever more of them inserted.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3), float32
    heatmap : ndarray of shape (height, width), float32

    Returns
    -------
    deleted, inserted : ndarray of shape (N_STEPS + 1, height, width, 3), float32
        Shares 0, 1/N_STEPS, … 1 of the pixels.
    """
    rank = importance_rank(heatmap)
    shares = np.linspace(0.0, 1.0, N_STEPS + 1, dtype=np.float32)
    chosen = (rank < shares[:, None, None])[..., np.newaxis]
    return np.where(chosen, image.mean(), image), np.where(chosen, image, blurred(image))


def importance_rank(heatmap):
    """Rank of each pixel as a share in [0, 1), 0 for the most important; ties are broken by smooth noise, not from the top left."""
    ties = smooth_noise(np.random.default_rng(SEED), *heatmap.shape)
    order = np.lexsort((ties.ravel(), -heatmap.ravel()))
    rank = np.empty(heatmap.size, np.float32)
    rank[order] = np.arange(heatmap.size) / heatmap.size
    return rank.reshape(heatmap.shape)


def area_between(scores):
    """Area under the insertion curve minus that under the deletion curve, by the trapezoid rule.

    Parameters
    ----------
    scores : ndarray of shape (n_maps, 2, N_STEPS + 1)
        Deletion first.

    Returns
    -------
    ndarray of shape (n_maps,), in [-1, 1]
    """
    areas = np.trapezoid(scores, dx=1.0 / N_STEPS, axis=-1)
    return areas[:, 1] - areas[:, 0]


def blurred(image):
    """A blur that leaves brightness and no detail; channels are equal, so one is enough."""
    radius = len(image) / BLUR
    grey = Image.fromarray(np.rint(image[..., 0]).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.repeat(np.asarray(grey, np.float32)[..., np.newaxis], image.shape[-1], axis=-1)


def centred(height, width):
    """A Gaussian in the middle: what a map gains that only knows that the chest is there."""
    y, x = (np.linspace(-1, 1, size, dtype=np.float32) for size in (height, width))
    return np.exp(-2.0 * (y[:, np.newaxis] ** 2 + x**2))


def smooth_noise(rng, height, width):
    """A random map as coarse as a CAM."""
    return resize_map(rng.random((RANDOM_CELLS, RANDOM_CELLS)), height, width)


def _curves(scores):
    shares, curves = np.linspace(0, 100, N_STEPS + 1), {}
    for index, what in enumerate((DELETED, INSERTED)):
        curves[f"map, {what}"] = shares, scores[0, index]
        curves[f"centre, {what}"] = shares, scores[1, index]
        curves[f"random, {what}"] = shares, scores[2:, index].mean(axis=0)
    return table(**curves)


def _sentence(value, centre, chance):
    start = f"Putting the map's pixels in first and taking them out first differ by {value:+.2f} in mean probability"
    controls = f"{chance:+.2f} for the best of {N_RANDOM} random maps, {centre:+.2f} for a spot in the middle"
    if value > max(chance, centre, 0):
        return f"{start} ({controls}): the score follows the map."
    return f"{start} ({controls}): the score follows the map no better than a map that knows nothing."


def _unmoved(scores):
    return f"The class probability stays within {np.ptp(scores):.3f} whatever is deleted or inserted, so it cannot judge a map."


DELETION_INSERTION = Trial(
    key="deletion_insertion",
    title="Deletion and insertion",
    explanation="Takes the map's most important pixels out of the image, and puts them into a blurred one, and follows the score.",
    reference="Petsiuk, Das, Saenko 2018, arXiv:1806.07421",
    unit="mean probability",
    kind="line",
    x_label="Pixels changed, most important first (%)",
    y_label="Probability of the class",
    run=run,
)
