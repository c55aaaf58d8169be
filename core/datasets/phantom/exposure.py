"""From a patient to a film: position, dose, contrast and noise, and the mask of what the opacity added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.special import expit

from core.datasets.phantom.anatomy import Anatomy, grid, lungs, spots
from core.datasets.phantom.attenuation import attenuation
from core.errors import InputError

MIN_SIZE = 32
NOTICEABLE = 8  # grey levels an opacity must add to count, about twice the film noise


@dataclass(frozen=True)
class Phantom:
    """One synthetic radiograph and its truth.

    Attributes
    ----------
    image : ndarray of shape (size, size), uint8
        Grey levels, bright where the body attenuates; the patient's left is on the right.
    mask : ndarray of shape (size, size), bool
        Where the opacity brightens the film by at least `NOTICEABLE` grey levels; nowhere in a normal chest.
    """

    image: np.ndarray
    mask: np.ndarray


def expose(rng: np.random.Generator, chest: Anatomy, opacity: np.ndarray, size: int = 224) -> Phantom:
    """Expose one film of a patient, whose position, dose, contrast and noise differ from film to film.

    `opacity` is (n_spots, 4) from `draw_opacity`; raises `InputError` if `size` is too small.
    """
    if size < MIN_SIZE:
        raise InputError(f"A phantom of {size} pixels is too small; ask for at least {MIN_SIZE}.")
    x, y = grid(size, shift=tuple(rng.uniform(-0.06, 0.06, 2)), zoom=rng.uniform(0.92, 1.08))
    air = lungs(chest, x, y)
    clear = attenuation(chest, x, y, air)
    # Fluid replaces air, so an opacity can at most fill the lung: it saturates instead of adding up.
    filled = clear - 0.5 * air * np.expm1(-spots(x, y, opacity))
    contrast, middle = rng.uniform(3.0, 4.8), rng.uniform(0.30, 0.58)
    tilt = rng.uniform(-0.06, 0.06) * x
    before, after = (255 * expit(contrast * (film - middle + tilt)) for film in (clear, filled))
    grain = gaussian_filter(rng.standard_normal((size, size), dtype=np.float32), 0.6)
    noisy = after + rng.uniform(4, 9) * grain
    return Phantom(np.clip(noisy.round(), 0, 255).astype(np.uint8), after - before >= NOTICEABLE)
