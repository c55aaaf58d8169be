"""What ties a look to a class, exchanged between random pairs of training images of any class: grey levels, amplitudes, corners."""

from __future__ import annotations

import numpy as np

from core.config import Recipe

LOW = 0.05  # of the frequencies along a side, counted from the lowest, whose amplitudes are mixed
CORNER = (0.12, 0.28)  # a corner's side, of the picture's: letters and markers of these films fit inside


def exchanges(recipe: Recipe) -> bool:
    """Whether a recipe gives images something of others.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    bool
    """
    return bool(recipe.histogram_matching or recipe.amplitude_mixing or recipe.corner_exchange)


def exchange(image: np.ndarray, other: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """An image with something of another, each part by the share of images that the recipe asks for.

    Parameters
    ----------
    image, other : ndarray of shape (side, side), uint8
    recipe : Recipe
    rng : numpy.random.Generator
        The only source of chance.

    Returns
    -------
    ndarray of shape (side, side), uint8
    """
    if rng.random() < recipe.histogram_matching:
        image = match_histogram(image, other)
    if rng.random() < recipe.amplitude_mixing:
        image = mix_amplitudes(image, other, rng.random())
    if rng.random() < recipe.corner_exchange:
        image = exchange_corners(image, other, rng.uniform(*CORNER))
    return image


def match_histogram(image: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The image with the grey levels of another, each moved to the level of the same rank.

    Parameters
    ----------
    image, other : ndarray of shape (side, side), uint8

    Returns
    -------
    ndarray of shape (side, side), uint8
    """
    ranks, wanted = (np.cumsum(np.bincount(part.ravel(), minlength=256)) / part.size for part in (image, other))
    return np.searchsorted(wanted, ranks - 1e-9).clip(0, 255).astype(np.uint8)[image]


def mix_amplitudes(image: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """The image with the amplitudes of its lowest frequencies moved towards another's; its phases, which hold the shapes, stay.

    Parameters
    ----------
    image, other : ndarray of shape (side, side), uint8
    share : float
        In [0, 1]: 0 leaves the image, 1 gives it the other's amplitudes.

    Returns
    -------
    ndarray of shape (side, side), uint8

    References
    ----------
    Yang and Soatto, "FDA: Fourier domain adaptation for semantic segmentation", CVPR 2020, eq. 4: the low frequencies alone.
    Xu, Zhang, Zhang, Wang and Tian, "A Fourier-based framework for domain generalization", CVPR 2021, eq. 6: mixed by a random share.
    """
    spectra = np.fft.rfft2(image), np.fft.rfft2(other)
    n = max(1, round(LOW * len(image)))
    for rows in (slice(None, n + 1), slice(-n, None)):  # frequencies of 0 to n, and of -n to -1
        low = spectra[0][rows, : n + 1]
        mixed = (1 - share) * np.abs(low) + share * np.abs(spectra[1][rows, : n + 1])
        spectra[0][rows, : n + 1] = mixed * np.exp(1j * np.angle(low))
    return np.rint(np.fft.irfft2(spectra[0], image.shape)).clip(0, 255).astype(np.uint8)


def exchange_corners(image: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """The image with the four corners of another, letters and markers included; each fades into the picture over its inner half.

    Parameters
    ----------
    image, other : ndarray of shape (side, side), uint8
    share : float
        A corner's side, of the picture's.

    Returns
    -------
    ndarray of shape (side, side), uint8
    """
    side = len(image)
    length = max(2, round(share * side))
    ramp = np.zeros(side)
    ramp[:length] = np.minimum(1, 2 * (1 - np.arange(length) / length))
    ramp = np.maximum(ramp, ramp[::-1])
    weight = np.outer(ramp, ramp)
    return np.rint(image + weight * (other.astype(np.float64) - image)).astype(np.uint8)
