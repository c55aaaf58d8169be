"""Points of many dimensions laid out on a plane: by t-SNE, and of very many an even choice, the others beside their nearest."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from core.parallel import Progress

MOST_FITTED = 6_000  # images: half a minute on one core, and the whole of the Kermany set
ROUNDS, ITERATIONS = 4, 250
PERPLEXITY = 30
EXAGGERATION = 12
NEAREST = 5
FEWEST = 8  # images below which neighbourhoods mean nothing
STEP = 4096
SCALE = 2**16 - 1
MARGIN = 0.02


def lay_out(points: np.ndarray, progress: Progress | None = None) -> np.ndarray:
    """Places of images on a plane.

    t-SNE from the first two principal axes, in four rounds of 250 iterations of which the first exaggerates. Of more than 6,000 images
    an even choice is laid out so; each other image goes to the mean of its five nearest of those, weighted by closeness. One thread does
    it, because sums of several threads differ from run to run.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_dimensions), float32
        As `core.groups.by_appearance.look.look` gives them.
    progress : callable of (int, int), optional

    Returns
    -------
    ndarray of shape (n_samples, 2), uint16
        In units of 1 / 65,535 of the longer side of the map. The same points give the same places.

    References
    ----------
    van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 9 (2008) 2579.
    Kobak and Berens, "The art of using t-SNE for single-cell transcriptomics", Nat. Commun. 10 (2019) 5416: begin with principal axes.
    Poličar, Stražar and Zupan, "Embedding to reference t-SNE space addresses batch effects", Mach. Learn. 112 (2023) 721: place others
    by their nearest.
    """
    chosen = fitted_rows(len(points))
    with threadpool_limits(1):
        fitted = _tsne(points[chosen].astype(np.float32), progress)
        places = fitted if len(chosen) == len(points) else _placed(points, points[chosen], fitted)
    return _on_grid(places)


def fitted_rows(n_samples: int) -> np.ndarray:
    """Rows that are laid out by t-SNE: all, or an even choice of 6,000."""
    return np.arange(n_samples) if n_samples <= MOST_FITTED else np.linspace(0, n_samples - 1, MOST_FITTED).astype(int)


def _tsne(values: np.ndarray, progress: Progress | None) -> np.ndarray:
    """Places of the images that are fitted, float; their principal axes where there are too few for neighbourhoods."""
    from sklearn.manifold import TSNE  # a second to load, which a map that is kept does without

    n, places = len(values), _axes(values)
    if n < FEWEST or not places.any():
        return places
    rate = max(n / EXAGGERATION / 4, 50)
    for number in range(ROUNDS):
        exaggerated = 1 if number else EXAGGERATION
        tsne = TSNE(
            perplexity=min(PERPLEXITY, (n - 1) / 3), early_exaggeration=exaggerated, learning_rate=rate, max_iter=ITERATIONS, init=places,
            random_state=0, n_jobs=1,
        )  # fmt: skip
        places = tsne.fit_transform(values)
        if progress:
            progress((number + 1) * n // ROUNDS, n)
    return places


def _axes(values: np.ndarray) -> np.ndarray:
    """The first two principal axes, as small as t-SNE wants what it begins with: shape (n, 2), float32."""
    centred = values - values.mean(axis=0) if len(values) else values
    _, _, directions = np.linalg.svd(centred.T @ centred)
    axes = np.zeros((len(values), 2), np.float32)
    axes[:, : min(2, len(directions))] = centred @ directions[:2].T
    spread = axes[:, 0].std() if len(axes) else 0
    return axes / spread * 1e-4 if spread > 0 else np.zeros_like(axes)


def _placed(points: np.ndarray, reference: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """All points beside the nearest of those that are fitted."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=NEAREST).fit(reference)
    places = np.empty((len(points), 2))
    for start in range(0, len(points), STEP):
        distances, nearest = search.kneighbors(points[start : start + STEP])
        weights = 1 / np.maximum(distances, 1e-9)  # a point that is fitted stays where it is
        places[start : start + STEP] = (fitted[nearest] * weights[..., None]).sum(axis=1) / weights.sum(axis=1, keepdims=True)
    return places


def _on_grid(places: np.ndarray) -> np.ndarray:
    """Places in whole units, the longer side filled but for a margin, the other in its middle."""
    if not len(places):
        return np.zeros((0, 2), np.uint16)
    low, high = places.min(axis=0), places.max(axis=0)
    side = float((high - low).max()) or 1.0
    unit = 0.5 + (places - (low + high) / 2) / side * (1 - 2 * MARGIN)
    return np.rint(unit * SCALE).astype(np.uint16)
