"""Tables of images whose look is planted, without any picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.datasets.dataset import Dataset


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    """A cache of its own, and no weights, wherever this machine may keep some."""
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path / "no weights"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "no keras"))


@pytest.fixture
def tabled() -> Callable[..., Dataset]:
    """``tabled(brightness, class_name=…)``: an image for each brightness, every second one PNEUMONIA."""

    def make(brightness, **columns) -> Dataset:
        n = len(brightness)
        table = {
            "sample_id": [f"train/{i:04d}.png" for i in range(n)], "split": "train", "subtype": None,
            "class_name": np.where(np.arange(n) % 2, "PNEUMONIA", "NORMAL"), "patient_id": [f"p{i}" for i in range(n)],
            "content_hash": [f"{i:032x}" for i in range(n)], "mean_intensity": brightness, "std_intensity": 50.0, "rim_mean": 80.0,
            "rim_black": 0.1, "letters": 1.0,
        }  # fmt: skip
        return Dataset("table", None, pd.DataFrame(table | columns), pd.DataFrame(columns=["path", "reason"]), None)

    return make
