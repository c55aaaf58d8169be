"""Where light and dark lie in a picture: a thumbnail, compared with those of the training images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE = 32
N_COMPONENTS = 64
ANGLES = np.arange(-30, 31, 5)  # degrees; quarter turns are found apart
_OFFSETS = np.arange(SIDE) - (SIDE - 1) / 2
_DISC = (np.hypot(*np.meshgrid(_OFFSETS, _OFFSETS)) < SIDE / 2).ravel()  # what a rotation leaves in the picture


def thumbnails(pixels: np.ndarray) -> np.ndarray:
    """Small pictures of equal brightness and contrast.

    Parameters
    ----------
    pixels : ndarray of shape (n, h, w), uint8

    Returns
    -------
    ndarray of shape (n, 1024), float32
        Mean 0 and root mean square 1; a uniform picture is all 0.
    """
    small = np.stack([np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BOX)) for image in pixels])
    flat = small.reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(flat.std(axis=1, keepdims=True), 1e-3)


@dataclass(frozen=True, eq=False)
class Layout:
    """The thumbnails of the training images, summarised.

    Attributes
    ----------
    mean : ndarray of shape (1024,)
    axes : ndarray of shape (n_components, 1024)
        Principal axes, unit length.
    spread : ndarray of shape (n_components,)
        Standard deviation along each axis.
    """

    mean: np.ndarray
    axes: np.ndarray
    spread: np.ndarray

    @classmethod
    def fit(cls, thumbs: np.ndarray) -> Layout:
        """Principal axes of thumbnails of shape (n, 1024)."""
        from sklearn.decomposition import PCA  # seconds to load, which no page has to wait for

        pca = PCA(min(N_COMPONENTS, len(thumbs) - 1), random_state=0).fit(thumbs)
        return cls(pca.mean_, pca.components_, np.sqrt(pca.explained_variance_))

    def distance(self, thumbs: np.ndarray) -> np.ndarray:
        """Mahalanobis distance along the axes over the square root of their number: about 1 for an image of the training set.

        Parameters
        ----------
        thumbs : ndarray of shape (n, 1024)

        Returns
        -------
        ndarray of shape (n,)
        """
        return np.sqrt(np.mean(((thumbs - self.mean) @ self.axes.T / self.spread) ** 2, axis=1))

    def turns(self, thumbs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By how many quarter turns each picture resembles the mean training image most.

        Parameters
        ----------
        thumbs : ndarray of shape (n, 1024)

        Returns
        -------
        turns : ndarray of shape (n,), int
            Quarter turns to the left (as `numpy.rot90`) that set it upright, 0 to 3.
        gain : ndarray of shape (n,)
            Its correlation after the best of the three real turns, minus its correlation as it is; in [-2, 2].
        """
        template = self.mean - self.mean.mean()
        template = template / max(np.linalg.norm(template), 1e-6)
        squares = thumbs.reshape(-1, SIDE, SIDE)
        alike = np.stack([np.rot90(squares, k, (1, 2)).reshape(len(thumbs), -1) @ template / SIDE for k in range(4)], axis=1)
        return alike.argmax(axis=1), alike[:, 1:].max(axis=1) - alike[:, 0]

    def tilt(self, thumbs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """At which angle the mean training image resembles each picture most.

        Parameters
        ----------
        thumbs : ndarray of shape (n, 1024)

        Returns
        -------
        angles : ndarray of shape (n,), int
            Degrees to the left, one of `ANGLES`.
        gain : ndarray of shape (n,)
            The correlation within a disc at that angle, minus that upright; in [0, 2].
        """
        template = self.mean.reshape(SIDE, SIDE)
        tilted = np.stack([ndimage.rotate(template, angle, reshape=False, order=1, mode="nearest").ravel() for angle in ANGLES])
        alike = _unit(thumbs[:, _DISC]) @ _unit(tilted[:, _DISC]).T
        return ANGLES[alike.argmax(axis=1)], alike.max(axis=1) - alike[:, ANGLES == 0][:, 0]


def _unit(rows: np.ndarray) -> np.ndarray:
    """Rows of mean 0 and length 1; a uniform row is all 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
