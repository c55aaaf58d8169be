"""From a method's raw map to a heatmap of the image's size in [0, 1]. No Keras here."""

import numpy as np
from PIL import Image


def resize_map(values, height, width):
    """Resize a map bilinearly, cell centres on cell centres.

    Parameters
    ----------
    values : ndarray of shape (h, w), float
    height, width : int

    Returns
    -------
    ndarray of shape (height, width), float32
        Without the half-cell shift of a corner-aligned zoom: the centre of cell i lands at (i + 0.5) * height / h.
    """
    values = np.asarray(values, dtype=np.float32)
    if values.shape == (height, width):
        return values
    return np.asarray(Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR))


def normalise(values):
    """Divide a map that is not negative by its maximum; an all-zero map stays zero.

    Parameters
    ----------
    values : ndarray of shape (h, w), float

    Returns
    -------
    ndarray of shape (h, w), float32, in [0, 1]
    """
    values = np.maximum(np.asarray(values, dtype=np.float32), 0.0)
    peak = values.max()
    return values / peak if peak > 0 else values
