"""The overlay as the browser shows it, painted anew at the picture's own size for a file."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from core.saliency import overlay
from core.saliency.heatmap import resize_map
from dashboard.components.inspect.maps.viewer import Look

LEVELS = (0.25, 0.5, 0.75)
LINE = 640  # a contour is one pixel wide for every so many of the longer side
WHITE, GREEN = 255, (0, 230, 118)


def paint(grey: np.ndarray, heatmap: np.ndarray, look: Look, factor: float = 1.0, opacity: np.ndarray | None = None) -> np.ndarray:
    """Lay a map over a picture.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8
    heatmap : ndarray of shape (h, w), float32, in [0, 1]
    look : Look
    factor : float, in [0, 1]
        The map's maximum relative to that of the maps it shares a scale with.
    opacity : ndarray of shape (h, w), bool, optional
        Its outline is drawn.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8
    """
    heat = resize_map(heatmap * np.float32(factor), *grey.shape)
    painted = overlay(grey, heat, look.opacity, look.colours)
    if look.cut > 0:
        painted = np.where((heat < look.cut)[..., np.newaxis], grey[..., np.newaxis], painted)
    if look.contours:
        painted[contours(heat)] = WHITE
    return painted if opacity is None else outlined(painted, opacity)


def outlined(pixels: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """A copy of a picture, grey or coloured, with the outline of the true opacity: uint8 of shape (height, width, 3)."""
    colours = np.repeat(pixels[..., np.newaxis], 3, axis=2) if pixels.ndim == 2 else pixels.copy()
    colours[contours(np.where(resize_map(opacity.astype(np.float32), *pixels.shape[:2]) >= 0.5, 0.6, 0.0))] = GREEN
    return colours


def contours(heat: np.ndarray) -> np.ndarray:
    """Where lines at a quarter, a half and three quarters run: bool of the shape of `heat`."""
    bands = np.digitize(heat, LEVELS).astype(np.int8)
    lines = np.zeros(heat.shape, bool)
    lines[1:] |= bands[1:] != bands[:-1]
    lines[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    width = round(max(heat.shape) / LINE)
    return ndimage.binary_dilation(lines, iterations=width) if width > 1 else lines


def png(pixels: np.ndarray) -> bytes:
    """Pixels of shape (height, width) or (height, width, 3), uint8, as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()
