"""Lay a heatmap over a radiograph. No Keras here: moving the opacity blends again and computes no map."""

import numpy as np

from core.errors import InputError
from core.saliency.heatmap import resize_map

# Ten equidistant anchors of matplotlib's perceptually uniform maps (viridis and inferno: van der Walt and Smith 2015, CC0;
# cividis: Nunez, Anderton and Renslow 2018, readable with colour-vision deficiency). Their lightness grows steadily, so
# that equal steps of the heatmap look equal and no false edges appear, as they do in "jet".
_ANCHORS = {
    "inferno": "000004 1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d fcffa4",
    "viridis": "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
    "cividis": "00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838",
}
COLOUR_MAPS = tuple(_ANCHORS)


def overlay(grey: np.ndarray, heatmap: np.ndarray, opacity: float = 0.45, colour_map: str = "inferno") -> np.ndarray:
    """Blend a coloured heatmap over a grey image, at the image's own size.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8
        The radiograph, of any size.
    heatmap : ndarray of shape (h, w), float32, in [0, 1]
        Enlarged bilinearly to the image.
    opacity : float, in [0, 1]
        Share of the colour in each pixel: 0 shows the radiograph alone, 1 the heatmap alone.
    colour_map : str
        One of `COLOUR_MAPS`.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8

    Raises
    ------
    InputError
        If the opacity lies outside [0, 1], the colour map is unknown or the image is not a uint8 matrix.
    """
    if not 0.0 <= opacity <= 1.0:
        raise InputError(f"opacity must lie in [0, 1], received {opacity}")
    if grey.ndim != 2 or grey.dtype != np.uint8:
        raise InputError(f"overlay takes a uint8 image of shape (height, width), received {grey.dtype} of shape {grey.shape}")
    heat = resize_map(heatmap, *grey.shape)
    levels = np.rint(255.0 * np.clip(heat, 0.0, 1.0)).astype(np.uint8)
    colours = colour_table(colour_map)[levels].astype(np.float32)
    blend = (1.0 - opacity) * grey[..., np.newaxis] + opacity * colours
    return np.rint(blend).astype(np.uint8)


def colour_table(colour_map: str) -> np.ndarray:
    """256 colours of a map, from 0 to 1.

    Parameters
    ----------
    colour_map : str
        A key of `COLOUR_MAPS`.

    Returns
    -------
    ndarray of shape (256, 3), uint8

    Raises
    ------
    InputError
    """
    if colour_map not in _ANCHORS:
        raise InputError(f"unknown colour map '{colour_map}': choose one of {', '.join(COLOUR_MAPS)}")
    anchors = np.array([list(bytes.fromhex(colour)) for colour in _ANCHORS[colour_map].split()])
    positions = np.linspace(0, 255, len(anchors))
    channels = [np.interp(np.arange(256), positions, anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
