"""What is measured of an image once, when its data set is opened: size, levels, hashes and what lies around the chest."""

from __future__ import annotations

import hashlib

import imagehash
import numpy as np
from PIL import Image

from core.images.borders import rim_facts
from core.images.reading import read_with_header

STATISTICS_SIZE = 224
LEVELS = np.arange(256)
HASH_SIDE = 16  # 256 bits: with 64, thousands of different children collide


def facts_of(content: bytes) -> dict:
    """Facts of the content of an image file. The pixels are decoded, so a cut file is found.

    Raises
    ------
    ImageError
        If it cannot be used.
    """
    grey, header = read_with_header(content, STATISTICS_SIZE)
    counts = np.bincount(grey.ravel(), minlength=256)
    mean = float(counts @ LEVELS / grey.size)
    return {
        "width": header.width,
        "height": header.height,
        "mode": header.mode,
        "quantisation_sum": header.quantisation_sum,
        "content_hash": content_hash(content),
        "perceptual_hash": perceptual_hash(grey),
        "mean_intensity": mean,
        "std_intensity": float(np.sqrt(max(float(counts @ LEVELS**2) / grey.size - mean**2, 0.0))),
    } | rim_facts(grey)


def perceptual_hash(grey: np.ndarray) -> str:
    """Difference hash (Krawetz 2013) of a grey image, 256 bits as 64 hexadecimal digits.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8

    Returns
    -------
    str
    """
    small = Image.fromarray(grey).reduce(STATISTICS_SIZE // HASH_SIDE // 4)  # the library's own filter is slow on large images
    return np.packbits(imagehash.dhash(small, HASH_SIDE).hash).tobytes().hex()


def content_hash(content: bytes) -> str:
    """BLAKE2b of the bytes, 32 hexadecimal digits.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    str
    """
    return hashlib.blake2b(content, digest_size=16).hexdigest()
