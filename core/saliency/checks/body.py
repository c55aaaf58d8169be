"""Where the patient is in a radiograph, from its pixels alone."""

import numpy as np
from PIL import Image
from scipy.ndimage import binary_closing, binary_fill_holes, binary_opening, gaussian_filter, label

SIDE = 128  # worked out on a small copy: the outline needs no more
DARK = 0.12  # of the way from the darkest to the brightest parts: air outside the body hardly weakens the beam


def body_mask(grey: np.ndarray) -> np.ndarray:
    """The largest connected part that is not dark, its holes filled: lungs are inside, markers beside the body are not.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8 or float32

    Returns
    -------
    ndarray of shape (height, width), bool
        All True where the picture is cropped so tightly that no background is left, or nothing can be told apart.
    """
    small = np.asarray(Image.fromarray(np.asarray(grey, np.float32)).resize((SIDE, SIDE), Image.Resampling.BOX))
    small = gaussian_filter(small, 1.5)
    low, high = np.percentile(small, (1, 99))
    bright = small > low + DARK * (high - low)
    body = _largest(binary_opening(bright, iterations=2))
    body = _outline(body)
    return np.asarray(Image.fromarray(body).resize(np.shape(grey)[::-1], Image.Resampling.NEAREST))


def _largest(mask: np.ndarray) -> np.ndarray:
    parts, n_parts = label(mask)
    if n_parts == 0:
        return np.ones_like(mask)
    return parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])


def _outline(mask: np.ndarray) -> np.ndarray:
    """Close gaps and fill holes; a dark lung that the lower edge cuts open is a hole too, for the body goes on there."""
    padded = np.pad(mask, 8, mode="edge")
    closed = binary_closing(padded, iterations=6)[8:-8, 8:-8]
    return binary_fill_holes(np.pad(closed, ((0, 1), (0, 0)), constant_values=True))[:-1]
