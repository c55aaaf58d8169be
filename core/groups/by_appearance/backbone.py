"""What a frozen MobileNetV2 sees in images: its ImageNet features, where the weights are at hand."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.architectures.pretrained import load_backbone, weights_at_hand
from core.datasets.dataset import Dataset
from core.datasets.pixel_store import RowFile, pixel_store
from core.groups.by_appearance.stages import Stages, stage
from core.groups.measured import SIDE

if TYPE_CHECKING:
    import keras

BACKBONE = "mobilenet_v2"
TITLE = "MobileNetV2"


def weights_key() -> str | None:
    """What tells one weight file from another; None where none is at hand. Nothing is downloaded for the sake of groups."""
    path = weights_at_hand(BACKBONE)
    return None if path is None else _digest(path, path.stat().st_size, path.stat().st_mtime_ns)


def features(dataset: Dataset, stages: Stages | None = None) -> RowFile:
    """The mean over the picture of the last map of MobileNetV2, of each image squashed to 128 pixels.

    Parameters
    ----------
    dataset : Dataset
        With pixels.
    stages : callable of str, optional

    Returns
    -------
    RowFile of shape (n_samples, 1280), float16
        Kept in the cache for the same weights and content.

    References
    ----------
    Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018.
    """
    pixels = pixel_store(dataset, SIDE, "squash", stage(stages, "decoding"))
    from core.inference.features import feature_store

    rows, content = np.arange(len(pixels)), f"{dataset.fingerprint}-{SIDE}-look"
    return feature_store(_trunk(), pixels, rows, content, False, stage(stages, "features"))


def _trunk() -> keras.Model:
    """The backbone with its own preprocessing, averaged over the picture."""
    import keras

    from core.machine import devices

    devices.prepare()
    inputs = keras.Input((SIDE, SIDE, 3))
    scaled = keras.applications.mobilenet_v2.preprocess_input(inputs)
    backbone = keras.applications.MobileNetV2(include_top=False, weights=None, input_tensor=scaled)
    load_backbone(backbone, BACKBONE)
    trunk = keras.Model(inputs, keras.layers.GlobalAveragePooling2D(dtype="float32")(backbone.output), trainable=False)
    trunk.jit_compile = False  # XLA is slower on a CPU, and compiling takes longer than the work
    return trunk


@lru_cache(maxsize=4)
def _digest(path: Path, size: int, changed: int) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
