"""Does a map point at a place that is known? For phantoms, whose opacity is known to the pixel."""

import numpy as np
from scipy.ndimage import binary_dilation


def pointing_game(heatmap: np.ndarray, truth: np.ndarray, tolerance: int = 0) -> bool:
    """Whether the map's strongest pixel lies in the true region (Zhang et al. 2016, section 4.2).

    Parameters
    ----------
    heatmap : ndarray of shape (height, width), float
    truth : ndarray of shape (height, width), bool
    tolerance : int
        Pixels by which the region is grown first: a coarse map cannot point more finely than half its cell.

    Returns
    -------
    bool
        Of a plateau the middle counts.
    """
    if tolerance:
        truth = binary_dilation(truth, np.ones((3, 3), bool), iterations=tolerance)
    rows, columns = np.nonzero(heatmap == heatmap.max())
    return bool(truth[round(rows.mean()), round(columns.mean())])


def overlap(heatmap: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union of the true region and as many of the map's strongest pixels.

    Equal areas make the measure free of a threshold; a map without any knowledge scores about a / (2 - a) for a share a.

    Parameters
    ----------
    heatmap : ndarray of shape (height, width), float
    truth : ndarray of shape (height, width), bool

    Returns
    -------
    float, in [0, 1]
        0 where there is no true region.
    """
    size = int(truth.sum())
    if size == 0:
        return 0.0
    strongest = np.zeros(truth.size, bool)
    strongest[np.argsort(-heatmap.ravel(), kind="stable")[:size]] = True
    marked = truth.ravel()
    return float((strongest & marked).sum() / (strongest | marked).sum())


def energy_inside(heatmap: np.ndarray, truth: np.ndarray) -> float:
    """Share of the map's total that lies in the true region (Wang et al. 2020, section 4.3); 0 for an empty map.

    Parameters
    ----------
    heatmap : ndarray of shape (height, width), float, not negative
    truth : ndarray of shape (height, width), bool

    Returns
    -------
    float, in [0, 1]
    """
    total = float(np.sum(heatmap, dtype=float))
    return float(np.sum(heatmap[truth], dtype=float)) / total if total else 0.0
