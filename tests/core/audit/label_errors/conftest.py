"""A data set of the images that the made-up runs of `scored_run` scored."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.datasets.dataset import Dataset


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    """A cache of its own: a review stays in it."""
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def labelled() -> Callable[..., Dataset]:
    """``labelled(run, flipped=[ids])``: the images that a run scored, the labels of some of them the other way round."""

    def make(run, flipped=(), **columns) -> Dataset:
        table = run.predictions
        names = np.take(["NORMAL", "PNEUMONIA"], np.minimum(table["y_true"], 1))
        samples = pd.DataFrame(
            {
                "sample_id": table["sample_id"],
                "split": np.where(table["split"] == "test", "test", "train"),
                "class_name": np.where(table["sample_id"].isin(flipped), np.where(names == "NORMAL", "PNEUMONIA", "NORMAL"), names),
                "subtype": None,
                "patient_id": None,
                "content_hash": [f"{i:032x}" for i in range(len(table))],
            }
            | columns
        )
        return Dataset(
            "labelled", None, samples.sort_values("sample_id", ignore_index=True), pd.DataFrame(columns=["path", "reason"]), None
        )

    return make
