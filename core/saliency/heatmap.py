"""From a method's raw map to a heatmap of the image's size in [0, 1]. No Keras here."""

import numpy as np
from PIL import Image


def resize_map(values: np.ndarray, height: int, width: int) -> np.ndarray:
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


def normalise(values: np.ndarray) -> np.ndarray:
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


def on_picture(heatmap: np.ndarray, resize: str, height: int, width: int) -> np.ndarray:
    """The part of a heatmap that lies on the picture: a padded image has black bars in the model's input.

    Parameters
    ----------
    heatmap : ndarray of shape (side, side), float32
    resize : {"squash", "pad"}
        The run's rule.
    height, width : int
        Of the picture.

    Returns
    -------
    ndarray of shape (h, w), float32
    """
    if resize != "pad":
        return heatmap
    side, longest = len(heatmap), max(height, width)
    h, w = max(1, round(side * height / longest)), max(1, round(side * width / longest))
    top, left = round((side - h) / 2), round((side - w) / 2)
    return heatmap[top : top + h, left : left + w]
