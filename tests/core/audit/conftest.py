"""Sample tables without files: what a check sees is the table alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.datasets.dataset import Dataset


@pytest.fixture
def tabled() -> Callable[..., Dataset]:
    """``tabled(n, column=values, …)``: n samples, half of each class, the last fifth in test, every content its own."""

    def make(n: int = 200, unreadable: pd.DataFrame | None = None, **columns) -> Dataset:
        rng = np.random.default_rng(0)
        split = np.where(np.arange(n) < 0.8 * n, "train", "test")
        class_name = np.where(np.arange(n) % 2, "PNEUMONIA", "NORMAL")
        table = {
            "sample_id": [f"{s}/{c}/{i:04d}.jpeg" for i, (s, c) in enumerate(zip(split, class_name, strict=True))],
            "split": split,
            "class_name": class_name,
            "patient_id": [f"{s}/p{i}" for i, s in enumerate(split)],
            "content_hash": [f"{i:032x}" for i in range(n)],
            "perceptual_hash": [rng.bytes(32).hex() for _ in range(n)],
            "width": rng.integers(900, 2000, n),
            "height": rng.integers(800, 1500, n),
            "n_bytes": rng.integers(50_000, 400_000, n),
            "quantisation_sum": rng.choice([3688, 1850, 960], n),
            "mode": "L",
            "mean_intensity": rng.normal(120, 10, n),
            "std_intensity": rng.normal(55, 5, n),
            "rim_mean": rng.normal(85, 10, n),
            "rim_black": rng.uniform(0, 0.5, n),
            "letters": rng.uniform(0, 3, n),
        }
        samples = pd.DataFrame(table | columns).astype(
            dict.fromkeys(("width", "height", "n_bytes", "quantisation_sum"), "Int64")
            | dict.fromkeys(("mean_intensity", "std_intensity", "rim_mean", "rim_black", "letters"), "Float64")
            | dict.fromkeys(("split", "class_name", "patient_id", "content_hash", "perceptual_hash"), "str")
        )
        return Dataset("table", None, samples, pd.DataFrame(columns=["path", "reason"]) if unreadable is None else unreadable, None)

    return make
