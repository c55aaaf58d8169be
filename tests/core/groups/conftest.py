"""Data sets of a table alone, and phantoms of which some were given a style."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.datasets.dataset import Dataset


@pytest.fixture(autouse=True)
def nothing_at_hand(tmp_path, monkeypatch):
    """A cache of its own, and no weights, wherever this machine may keep some."""
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path / "no weights"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "no keras"))


@pytest.fixture
def tabled() -> Callable[..., Dataset]:
    """``tabled(n, extra={…}, column=values, …)``: n samples in turn NORMAL and PNEUMONIA, the last fifth in test, two a patient."""

    def make(n: int = 100, extra: dict | None = None, **columns) -> Dataset:
        rng = np.random.default_rng(0)
        split = np.where(np.arange(n) < 0.8 * n, "train", "test")
        class_name = np.where(np.arange(n) // 2 % 2, "PNEUMONIA", "NORMAL")
        table = {
            "sample_id": [f"{s}/{c}/IM-{i:04d}.jpeg" for i, (s, c) in enumerate(zip(split, class_name, strict=True))],
            "split": split, "class_name": class_name, "subtype": None, "patient_id": [f"p{i // 2}" for i in range(n)],
            "content_hash": [f"{i:032x}" for i in range(n)], "perceptual_hash": None, "mode": "L",
            "width": 1000, "height": 800, "n_bytes": 80_000, "quantisation_sum": 960,
            "mean_intensity": rng.normal(120, 10, n), "std_intensity": rng.normal(55, 5, n), "rim_mean": rng.normal(85, 10, n),
            "rim_black": rng.uniform(0, 0.5, n), "letters": rng.uniform(0, 3, n),
        }  # fmt: skip
        samples = pd.DataFrame(table | columns).astype(
            dict.fromkeys(("width", "height", "n_bytes", "quantisation_sum"), "Int64")
            | dict.fromkeys(("mean_intensity", "std_intensity", "rim_mean", "rim_black", "letters"), "Float64")
            | dict.fromkeys(("split", "class_name", "patient_id", "content_hash", "perceptual_hash", "subtype"), "str")
        )
        more = None if extra is None else pd.DataFrame({"sample_id": samples["sample_id"], **extra})
        return Dataset("table", None, samples, pd.DataFrame(columns=["path", "reason"]), None, extra=more)

    return make


@pytest.fixture(scope="session")
def plain_phantoms(tmp_path_factory) -> Path:
    """120 phantoms of 96 pixels."""
    from core.datasets.phantom.write import write_phantoms

    folder = tmp_path_factory.mktemp("groups") / "plain"
    write_phantoms(folder, n=120, seed=3, size=96)
    return folder


@pytest.fixture(scope="session")
def styled(plain_phantoms, tmp_path_factory) -> Callable[[float, float], tuple[Path, set[str]]]:
    """``styled(normal, pneumonia)``: such shares of the phantoms with a black frame and a white letter, and which have them."""

    def make(normal: float, pneumonia: float) -> tuple[Path, set[str]]:
        folder, rng, names = tmp_path_factory.mktemp("styled") / "set", np.random.default_rng(0), set()
        for path in sorted(plain_phantoms.rglob("*.jpeg")):
            name = path.relative_to(plain_phantoms)
            pixels = np.array(Image.open(path))
            if rng.random() < (normal if "NORMAL" in name.parts else pneumonia):
                pixels[:9], pixels[-9:], pixels[:, :9], pixels[:, -9:] = 0, 0, 0, 0
                pixels[9:18, 9:14] = 255
                names.add(name.as_posix())
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(folder / name, quality=92)
        return folder, names

    return make
