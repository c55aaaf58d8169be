"""Explain what a model says of an image under a view: the mean of the maps of its looks, each laid where it belongs in the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.images.views import VIEWS
from core.saliency.explanation import Explanation, as_heatmap, explain

if TYPE_CHECKING:
    import keras

    from core.parallel import Progress
    from core.saliency.method import Method


def explain_view(
    model: keras.Model,
    image: np.ndarray,
    view: str,
    method: str | Method,
    class_id: int | None = None,
    layer: str | None = None,
    progress: Progress | None = None,
) -> Explanation:
    """Compute the map of a view, which is what a run with such a view is asked through.

    Parameters
    ----------
    model : keras.Model
        As for `explain`.
    image : ndarray of shape (side, side), uint8
        Of the model's input size.
    view : str
        A key of `core.images.views.VIEWS`.
    method, class_id, layer, progress
        As for `explain`; the class is by default the one predicted at the view's first look.

    Returns
    -------
    Explanation
        Its `raw` has the image's size where the view has several looks; what no look shows is 0.

    Raises
    ------
    InputError
        As `explain` does.
    """
    looks = VIEWS[view]
    if len(looks) == 1:
        return explain(model, image, method, class_id, layer, progress)
    maps, found = [], []
    for number, look in enumerate(looks):
        (seen,) = look.at(image[np.newaxis])
        found.append(explain(model, np.ascontiguousarray(seen), method, class_id, layer, _part(progress, number, len(looks))))
        class_id = found[0].class_id
        maps.append(look.back(found[-1].magnitude[np.newaxis])[0])
    return _merged(np.nan_to_num(_mean(np.stack(maps))), found, image)


def _mean(maps: np.ndarray) -> np.ndarray:
    """Mean over the looks that show each pixel; NaN where none does."""
    shown = np.isfinite(maps)
    return np.divide(np.where(shown, maps, 0).sum(axis=0), shown.sum(axis=0), out=np.full(maps.shape[1:], np.nan), where=shown.any(axis=0))


def _merged(raw: np.ndarray, found: list[Explanation], image: np.ndarray) -> Explanation:
    from core.saliency import get_method

    raw = raw.astype(np.float32)
    return replace(
        found[0],
        heatmap=as_heatmap(raw, image),
        raw=raw,
        raw_max=float(max(raw.max(), 0.0)),
        milliseconds=sum(one.milliseconds for one in found),
        strength=get_method(found[0].method).strength(raw),
        note=f"{found[0].note} The mean of the maps of {len(found)} looks at the picture.".strip(),
    )


def _part(progress: Progress | None, number: int, n_looks: int) -> Progress | None:
    return progress and (lambda done, total: progress(number * total + done, n_looks * total))
