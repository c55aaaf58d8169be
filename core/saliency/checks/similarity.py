"""How alike two heatmaps are, at the coarseness at which people read them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from PIL import Image

if TYPE_CHECKING:
    from core.saliency.explanation import Explanation

GRID = 28  # cells a side: finer than any CAM, coarse enough that the grain of a gradient map does not decide


def similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's rank correlation of two heatmaps, averaged over cells first (Adebayo et al. 2018, section 3.3).

    Parameters
    ----------
    first, second : ndarray of shape (height, width), float32

    Returns
    -------
    float, in [-1, 1]
        1 for the same order of importance, 0 for none in common. 0 as well if just one map is the same everywhere: it
        then shares nothing with the other; 1 if both are.
    """
    first, second = coarse(first), coarse(second)
    flat = [float(np.ptp(grid)) == 0.0 for grid in (first, second)]
    if any(flat):
        return float(all(flat))
    from scipy.stats import spearmanr  # seconds to load, which no page has to wait for

    return float(spearmanr(first, second, axis=None).statistic)


def feature_agreement(first: np.ndarray, second: np.ndarray, share: float = 0.1) -> float:
    """Share of the strongest cells of one heatmap that are among those of the other (Krishna et al. 2022, section 3.2).

    Parameters
    ----------
    first, second : ndarray of shape (height, width), float32
    share : float
        Of all cells, how many are the strongest.

    Returns
    -------
    float, in [0, 1]
        `share` is chance. 0 if just one map is the same everywhere, 1 if both are.
    """
    first, second = coarse(first), coarse(second)
    flat = [float(np.ptp(grid)) == 0.0 for grid in (first, second)]
    if any(flat):
        return float(all(flat))
    here, there = _strongest(first, second, share)
    return len(np.intersect1d(here, there)) / len(here)


def rank_agreement(first: np.ndarray, second: np.ndarray, share: float = 0.1) -> float:
    """Share of the strongest cells that both heatmaps have in the very same rank (Krishna et al. 2022, section 3.2).

    Parameters
    ----------
    first, second : ndarray of shape (height, width), float32
    share : float
        Of all cells, how many are the strongest.

    Returns
    -------
    float, in [0, 1]
        At most the feature agreement, and strict: neighbours that change places count no more. 0 if just one map is the same
        everywhere, 1 if both are.
    """
    first, second = coarse(first), coarse(second)
    flat = [float(np.ptp(grid)) == 0.0 for grid in (first, second)]
    if any(flat):
        return float(all(flat))
    return float(np.equal(*_strongest(first, second, share)).mean())


def _strongest(first: np.ndarray, second: np.ndarray, share: float) -> list[np.ndarray]:
    """The cells of the largest values of two grids, strongest first."""
    k = max(1, round(share * first.size))
    return [np.argsort(-grid.ravel(), kind="stable")[:k] for grid in (first, second)]


def coarse(heatmap: np.ndarray) -> np.ndarray:
    """Mean of a heatmap over `GRID` by `GRID` cells.

    Parameters
    ----------
    heatmap : ndarray of shape (height, width), float

    Returns
    -------
    ndarray of shape (GRID, GRID), float32
    """
    return np.asarray(Image.fromarray(heatmap).resize((GRID, GRID), Image.Resampling.BOX))


def agreement_of_pairs(explanations: Mapping[str, Explanation]) -> pd.DataFrame:
    """Every pair of maps with what they have in common: one row a pair.

    Parameters
    ----------
    explanations : dict of str to Explanation

    Returns
    -------
    DataFrame
        ``first, second, rank_correlation, feature_agreement, rank_agreement``: two of the names, and the three measures of their heatmaps.
    """
    measures = {"rank_correlation": similarity, "feature_agreement": feature_agreement, "rank_agreement": rank_agreement}
    maps = {name: explanation.heatmap for name, explanation in explanations.items()}
    return pd.DataFrame(
        {"first": first, "second": second} | {name: measure(maps[first], maps[second]) for name, measure in measures.items()}
        for first, second in combinations(maps, 2)
    )
