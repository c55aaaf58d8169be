"""Keep a run's reference beside it, and find it again."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TypeVar

import numpy as np

from core.errors import InputError
from core.files import replacing
from core.files.archives import load_arrays
from core.files.regular import open_regular
from core.input_checks.feature_distance import Embedding
from core.input_checks.layout_distance import SIDE, Layout
from core.input_checks.out_of_distribution import PERCENTILE, Reference
from core.input_checks.outlines import BINS, CELLS, Outlines
from core.input_checks.texture_distance import N_BANDS, Texture
from core.runs.run import Run

MOST_BYTES = 2**28  # of all arrays, unpacked
NEEDED = {"layout", "texture", "features", "rotated"}
Kind = TypeVar("Kind", Layout, Texture, Embedding, Outlines)
PARTS = ("layout", "texture", "embedding", "outlines")


def save_reference(run: Run, reference: Reference) -> None:
    """Write ``reference.npz`` into a run directory: half precision for what is large.

    Parameters
    ----------
    run : Run
    reference : Reference
    """
    facts = {"limits": reference.limits, "n_val": reference.n_val, "percentile": PERCENTILE}
    parts = {f"{name}_{key}": _stored(value) for name in _parts_of(reference) for key, value in vars(getattr(reference, name)).items()}
    arrays = parts | {"sample_ids": reference.sample_ids.astype(str), "y_true": reference.y_true.astype(np.uint8)}
    with replacing(run.reference_path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, facts=json.dumps(facts), **arrays)


def open_reference(run: Run) -> Reference | None:
    """The reference kept beside a run; None if it has none.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Reference or None

    Raises
    ------
    InputError
        If the file is broken.
    """
    if not run.reference_path.exists():
        return None
    try:
        with open_regular(run.reference_path) as file:
            stored = load_arrays(file, MOST_BYTES)
        return _reference(stored, run.config.n_classes)
    except Exception:  # zip, NumPy and JSON have many errors for a broken file
        raise InputError(
            f"The run {run.name!r} has a broken {run.reference_path.name}; make it again: python -m core reference {run.name}"
        ) from None


def _reference(stored: dict[str, np.ndarray], n_classes: int) -> Reference:
    facts = json.loads(str(stored["facts"]))
    layout, texture, embedding = _part(stored, "layout", Layout), _part(stored, "texture", Texture), _part(stored, "embedding", Embedding)
    outlines = _part(stored, "outlines", Outlines) if "outlines_mean" in stored else None  # earlier versions had none
    limits = {str(kind): (float(low), float(high)) for kind, (low, high) in facts["limits"].items()}
    sample_ids, y_true = stored["sample_ids"].astype(str), stored["y_true"].astype(np.int64)
    found = Reference(layout, texture, embedding, sample_ids, y_true, limits, int(facts["n_val"]), outlines)
    _check_shapes(found, n_classes)
    return found


def _part(stored: dict[str, np.ndarray], name: str, kind: type[Kind]) -> Kind:
    return kind(*(_loaded(stored[f"{name}_{field.name}"]) for field in fields(kind)))


def _check_shapes(found: Reference, n_classes: int) -> None:
    """Raise ValueError where parts do not fit each other, which would come out far from here."""
    layout, texture, embedding = found.layout, found.texture, found.embedding
    (n, n_axes), n_bands = embedding.points.shape, len(texture.mean)
    shapes = (
        (layout.mean, (SIDE**2,)), (layout.axes, (*layout.spread.shape, SIDE**2)), (texture.mean, (N_BANDS + 2,)),
        (texture.precision, (n_bands, n_bands)), (embedding.mean, embedding.scale.shape), (embedding.axes, (n_axes, *embedding.mean.shape)),
        (found.sample_ids, (n,)), (found.y_true, (n,)),
    )  # fmt: skip
    if any(values.shape != shape for values, shape in shapes) or not n * n_axes:
        raise ValueError("the shapes do not fit")
    if found.outlines:
        _check_outlines(found.outlines)
    needed = NEEDED | ({"outlines"} if found.outlines else set())
    if not set(found.limits) >= needed or not all(np.isfinite(limit).all() for limit in found.limits.values()):
        raise ValueError("limits are missing")
    if not ((found.y_true >= 0) & (found.y_true < n_classes)).all():
        raise ValueError("labels are of no class")


def _check_outlines(found: Outlines) -> None:
    """Raise ValueError where the outlines' arrays do not fit each other, or divide by nothing."""
    n = CELLS**2 * BINS
    shapes = ((found.mean, (n,)), (found.scale, (n,)), (found.axes, (len(found.variance), n)), (found.rest, ()))
    if any(values.shape != shape for values, shape in shapes):
        raise ValueError("the shapes of the outlines do not fit")
    if not all((values > 0).all() for values in (found.scale, found.variance, found.rest)):  # NaN fails as well
        raise ValueError("the outlines spread nowhere")


def _parts_of(reference: Reference) -> list[str]:
    return [name for name in PARTS if getattr(reference, name) is not None]


def _stored(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float16 if values.size > 10_000 else np.float32)


def _loaded(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)
