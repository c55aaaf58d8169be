"""Vanilla gradients: which pixels would change the class score most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str | None = None, progress: Progress | None = None) -> RawMap:
    """Largest absolute derivative of the class score over the colour channels (Simonyan et al. 2013, section 3.1)."""
    return RawMap(np.abs(probe.gradients(image[np.newaxis], class_id)[0]).max(axis=-1))


SALIENCY = Method(
    key="saliency",
    title="Vanilla gradients",
    reference="Simonyan, Vedaldi, Zisserman 2013, arXiv:1312.6034",
    family="gradient",
    unit="change of the logit per grey level",
    raw_map=raw_map,
    asks=("gradients",),
)
