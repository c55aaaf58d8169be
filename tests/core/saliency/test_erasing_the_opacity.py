"""Does erasing the true opacity lower the probability, and erasing elsewhere not? A small CNN trained on phantoms."""

import numpy as np
import pytest

from core.images.edits.boxes import Box
from core.images.edits.erasing import erase
from core.saliency.compiled_model import probe_of

pytestmark = pytest.mark.slow  # trains the CNN, which other tests of this folder share


def box_of(mask):
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    side = len(mask)
    return Box(columns[0] / side, rows[0] / side, (1 + np.ptp(columns)) / side, (1 + np.ptp(rows)) / side)


def elsewhere(rng, box, mask):
    """A box of the same size that covers no more than a tenth of the opacity; None if the dice find none."""
    for _ in range(200):
        other = Box(rng.uniform(0, 1 - box.width), rng.uniform(0, 1 - box.height), box.width, box.height)
        if mask[other.slices(*mask.shape)].sum() <= 0.1 * mask.sum():
            return other
    return None


def test_erasing_the_opacity_lowers_the_probability_and_erasing_elsewhere_does_not(phantom_cnn):
    model, images, masks = phantom_cnn
    rng, probe = np.random.default_rng(0), probe_of(model)
    pairs = [
        (image, box_of(mask), other) for image, mask in zip(images, masks, strict=True) if (other := elsewhere(rng, box_of(mask), mask))
    ]
    ask = lambda films: probe.probabilities(np.repeat(np.stack(films)[..., np.newaxis], 3, axis=-1))[:, 1]  # noqa: E731
    before = ask([image for image, *_ in pairs])
    there, control = (before - ask([erase(pair[0], [pair[place]], "smooth") for pair in pairs]) for place in (1, 2))
    falls, control_falls = np.mean(there > 0.1), np.mean(control > 0.1)
    print(f"n {len(pairs)}: falls by more than 0.1 in {falls:.2f}, elsewhere {control_falls:.2f}; {there.mean():.2f}, {control.mean():.2f}")
    assert len(pairs) > 30
    assert falls > 0.3 and control_falls < 0.15  # 0.42 and 0.07 of 76 films were seen
    assert there.mean() > 0.05 > control.mean()  # 0.11 and -0.02
