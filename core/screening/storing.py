"""Keep a run's reference beside it, and find it again."""

from __future__ import annotations

import json
import zipfile

import numpy as np

from core.errors import InputError
from core.files import replacing
from core.run import Run
from core.screening.embedding import Embedding
from core.screening.layout import Layout
from core.screening.reference import PERCENTILE, Reference
from core.screening.texture import Texture

PARTS = {"layout": Layout, "texture": Texture, "embedding": Embedding}


def save_reference(run: Run, reference: Reference) -> None:
    """Write ``reference.npz`` into a run directory: half precision for what is large."""
    facts = {"limits": reference.limits, "n_val": reference.n_val, "percentile": PERCENTILE}
    parts = {f"{name}_{key}": _stored(value) for name in PARTS for key, value in vars(getattr(reference, name)).items()}
    arrays = parts | {"sample_ids": reference.sample_ids.astype(str), "y_true": reference.y_true.astype(np.uint8)}
    with replacing(run.reference_path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, facts=json.dumps(facts), **arrays)


def open_reference(run: Run) -> Reference | None:
    """The reference kept beside a run; None if it has none.

    Raises
    ------
    InputError
        If the file is broken.
    """
    if not run.reference_path.exists():
        return None
    try:
        with np.load(run.reference_path, allow_pickle=False) as stored:
            facts = json.loads(str(stored["facts"]))
            parts = {name: part(*(_loaded(stored[f"{name}_{key}"]) for key in part.__dataclass_fields__)) for name, part in PARTS.items()}
            limits = {kind: (float(low), float(high)) for kind, (low, high) in facts["limits"].items()}
            return Reference(**parts, sample_ids=stored["sample_ids"], y_true=stored["y_true"], limits=limits, n_val=int(facts["n_val"]))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise InputError(
            f"The run {run.name!r} has a broken {run.reference_path.name}; make it again: python -m core reference {run.name}"
        ) from None


def _stored(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float16 if values.size > 10_000 else np.float32)


def _loaded(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)
