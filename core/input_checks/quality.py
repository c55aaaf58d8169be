"""What a picture alone tells: blank, small, of an odd shape, coloured, written on. No run and no training images needed."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from core.images import Source, gate
from core.input_checks.finding import Finding

BLANK_STD, FAINT_STD = 4.0, 12.0  # of 255; the flattest of the 5,840 Kermany images has 27
ASPECTS = (0.6, 2.4)  # width to height; the Kermany images lie between 0.83 and 3.4, all but a few below 2.2
TINTED, COLOURED = 6.0, 25.0  # mean distance of the channels, of 255
SIDE = 256  # letters are looked for at this size
GLYPH_HEIGHT = (4, 24)  # pixels of SIDE
GLYPHS_IN_A_LINE = 5  # a side marker has one to three letters


def check_quality(source: Source | gate.Film, pixels: np.ndarray, width: int, height: int) -> list[Finding]:
    """All checks of a picture by itself.

    Parameters
    ----------
    source : str, Path or bytes
        The file, for its colours.
    pixels : ndarray of shape (h, w), uint8
        The picture in grey, as the model takes it or larger.
    width, height : int
        Size in pixels as shown.

    Returns
    -------
    list of Finding
    """
    found = [
        _blank(float(pixels.std())),
        _size(width, height, len(pixels)),
        _shape(width, height),
        _colour(colour_distance(source)),
        _text(longest_text_line(pixels)),
    ]
    return [finding for finding in found if finding]


def colour_distance(source: Source | gate.Film) -> float:
    """Mean distance between the largest and the smallest colour channel, of 255; 0 for grey."""
    colours = gate.read_colours(source, gate.COLOUR_SIDE)
    if colours is None:
        return 0.0
    small = colours.astype(np.float32)
    return float((small.max(axis=-1) - small.min(axis=-1)).mean())


def longest_text_line(pixels: np.ndarray) -> int:
    """Number of letter-like marks in the longest line of them.

    A mark is a connected piece of the brightest pixels, of a letter's height and no wider than two letters, that fills a
    letter's share of its box. Marks whose centres lie within half a letter's height of each other form a line.

    Parameters
    ----------
    pixels : ndarray of shape (h, w), uint8

    Returns
    -------
    int
    """
    small = np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BILINEAR), dtype=np.float32)
    strokes = small - ndimage.grey_opening(small, size=(7, 7)) > 60  # thin bright strokes, whatever they lie on
    labels, n_marks = ndimage.label(strokes, structure=np.ones((3, 3)))
    if not n_marks:
        return 0
    boxes = np.array([[s.start, s.stop, t.start, t.stop] for s, t in ndimage.find_objects(labels)])
    heights, widths = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 2]
    filled = np.bincount(labels.ravel(), minlength=n_marks + 1)[1:] / (heights * widths)
    letters = (GLYPH_HEIGHT[0] <= heights) & (heights <= GLYPH_HEIGHT[1]) & (widths <= 2 * heights) & (filled > 0.2) & (widths >= 2)
    centres, tall = boxes[letters, :2].mean(axis=1), heights[letters]
    return max((int((np.abs(centres - c) <= h / 2).sum()) for c, h in zip(centres, tall, strict=True)), default=0)


def _blank(spread: float) -> Finding | None:
    if spread < BLANK_STD:
        return Finding("blank", "refuse", f"The image is almost uniform (standard deviation {spread:.1f} of 255): it shows nothing.")
    if spread < FAINT_STD:
        return Finding("blank", "warn", f"The image is faint (standard deviation {spread:.1f} of 255); check its exposure or window.")
    return None


def _size(width: int, height: int, side: int) -> Finding | None:
    if min(width, height) >= side:
        return None
    return Finding(
        "size", "warn", f"The image has {width}×{height} pixels, fewer than the {side}×{side} that the model takes: fine detail is missing."
    )


def _shape(width: int, height: int) -> Finding | None:
    if ASPECTS[0] <= width / height <= ASPECTS[1]:
        return None
    sentence = f"The image has {width}×{height} pixels; a frontal chest film is closer to square: crop it to the chest."
    return Finding("shape", "warn", sentence)


def _colour(distance: float) -> Finding | None:
    if distance < TINTED:
        return None
    if distance < COLOURED:
        return Finding(
            "colour",
            "warn",
            f"The image is tinted (channels differ by {distance:.0f} of 255): is it a photograph of a film?",
        )
    sentence = f"The image is in colour (channels differ by {distance:.0f} of 255), and a radiograph is grey: use the radiograph itself."
    return Finding("colour", "refuse", sentence)


def _text(n_letters: int) -> Finding | None:
    if n_letters < GLYPHS_IN_A_LINE:
        return None
    sentence = f"There seems to be writing on the film ({n_letters} letter-like marks in a line), which can sway a model: crop it off."
    return Finding("text", "warn", sentence)
