"""PneumoniaMNIST ``.npz`` files (28, 64, 128 or 224 pixels), as published by MedMNIST v2 (Yang et al. 2023)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from core.datasets.dataset import Dataset
from core.datasets.kermany_names import KNOWN_CLASSES
from core.datasets.notes import NO_PATIENT
from core.datasets.sample_table import COLUMNS, FACTS
from core.errors import InputError
from core.files import archives, changed_ns
from core.files.regular import open_regular
from core.images import Resize, fit
from core.images.borders import rim_facts
from core.images.measuring import content_hash
from core.parallel import Progress

TITLE = "PneumoniaMNIST file (.npz)"
SPLITS = ("train", "val", "test")

MAX_BYTES = 320 * 2**20  # of all arrays: PneumoniaMNIST at 224 pixels has 280

KEPT = "The published val split is kept for validation as it is."


def recognises(path: Path) -> bool:
    """Whether `path` ends in ``.npz``."""
    return path.suffix.lower() == ".npz"


def open_medmnist(path: Path, progress: Progress | None = None) -> Dataset:
    """Open a PneumoniaMNIST file; its published ``val`` split is kept, because patients are unknown here.

    Raises
    ------
    InputError
        If the file is missing, broken or lacks the published arrays.
    """
    path = path.resolve()
    arrays = load_arrays(str(path))
    tables = []
    for done, split in enumerate(SPLITS, start=1):
        tables.append(_table(arrays[f"{split}_images"], arrays[f"{split}_labels"].ravel(), split, path))
        if progress:
            progress(done, len(SPLITS))
    samples = pd.concat(tables, ignore_index=True).sort_values("sample_id", ignore_index=True)
    samples = samples.astype({k: v for k, v in FACTS.items() if k in COLUMNS} | {"n_bytes": "Int64", "subtype": "str"})
    return Dataset(path.name, path, samples[list(COLUMNS)], pd.DataFrame(columns=["path", "reason"]), read_sample, notes=(KEPT, NO_PATIENT))


def load_arrays(path: str) -> dict[str, np.ndarray]:
    """The six arrays of the file: images (n, side, side) uint8 and labels (n, 1) for train, val and test."""
    try:
        return _load_arrays(path, *_version(path))
    except FileNotFoundError:
        raise InputError(f"There is no file {Path(path).name!r}; check the path.") from None


def _version(path: str) -> tuple[int, int]:
    facts = Path(path).stat()
    return changed_ns(facts), facts.st_size


@lru_cache(maxsize=2)
def _load_arrays(path: str, mtime_ns: int, n_bytes: int) -> dict[str, np.ndarray]:
    """Loaded once for each version of the file."""
    names = [f"{split}_{kind}" for split in SPLITS for kind in ("images", "labels")]
    try:
        with open_regular(path) as file:
            with archives.open_zip(file) as archive:
                missing = [name for name in names if f"{name}.npy" not in archive.namelist()]
            arrays = {} if missing else archives.load_arrays(file, MAX_BYTES, names)
    except archives.TooLarge as error:
        raise InputError(f"The arrays of {Path(path).name!r} take {error}; give the file of 224 pixels or fewer.") from None
    except Exception:
        raise InputError(f"{Path(path).name!r} is not a readable .npz file; download it again.") from None
    if missing:
        raise InputError(f"{Path(path).name!r} lacks the arrays {', '.join(missing)}; expected a PneumoniaMNIST file.")
    for split in SPLITS:
        images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
        if images.ndim != 3 or images.dtype != np.uint8 or len(images) != labels.size or not np.isin(labels, (0, 1)).all():
            raise InputError(f"The {split} arrays of {Path(path).name!r} are not grey uint8 images with labels 0 and 1.")
    return arrays


def read_sample(path: str, size: int | None = None, resize: Resize = "squash") -> np.ndarray:
    """Decode ``file.npz#split/index``; parameters as `core.images.read_grey`."""
    file, _, position = path.rpartition("#")
    split, _, index = position.partition("/")
    image = load_arrays(file)[f"{split}_images"][int(index)]
    return np.asarray(fit(Image.fromarray(image), size, resize))


def _table(images: np.ndarray, labels: np.ndarray, split: str, path: Path) -> pd.DataFrame:
    class_names = np.take(KNOWN_CLASSES, labels.astype(int))
    ids = [f"{split}/{name}/{index:05d}" for index, name in enumerate(class_names)]
    return pd.DataFrame(
        {
            "sample_id": ids,
            "path": [f"{path}#{split}/{index}" for index in range(len(images))],
            "split": split,
            "class_name": class_names,
            "subtype": ["NORMAL" if label == 0 else None for label in labels],
            "patient_id": ids,
            "width": images.shape[2],
            "height": images.shape[1],
            "mode": "L",
            "n_bytes": None,
            "quantisation_sum": None,
            "content_hash": [content_hash(image.tobytes()) for image in images],
            "perceptual_hash": None,
            "mean_intensity": images.mean(axis=(1, 2)),
            "std_intensity": images.std(axis=(1, 2)),
            **pd.DataFrame([rim_facts(image) for image in images], columns=["rim_mean", "rim_black", "letters"]),
        }
    )
