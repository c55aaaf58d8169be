"""What a training opens, sorts, decodes and loads is found once and handed on."""

from __future__ import annotations

from collections import Counter

import keras
import pytest
from click.testing import CliRunner

import core.datasets
from core.cli.train import train
from core.datasets import labels
from core.datasets import pixel_store as pixels
from core.inference import atlas
from core.input_checks import measure as measuring

WATCHED = {
    "data set opened": (core.datasets, "_opened"), "class ids": (labels, "classes_as"), "pixel stores": (pixels, "stored"),
    "model loaded": (keras.models, "load_model"),
}  # fmt: skip


@pytest.fixture
def counts(monkeypatch):
    """How often each of `WATCHED` is called."""
    found = Counter()

    def counted(name, function):
        return lambda *arguments, **named: (found.update([name]), function(*arguments, **named))[1]

    monkeypatch.setattr(atlas, "ENOUGH", 1)
    for name, (module, function) in WATCHED.items():
        monkeypatch.setattr(module, function, counted(name, getattr(module, function)))
    return found


def test_a_training_finds_everything_once(counts, phantoms, tmp_path, monkeypatch, small_films):
    monkeypatch.setattr(measuring, "MIN_VAL", 1)
    arguments = ["cnn1", "--data", str(phantoms), "--epochs", "1", "--batch-size", "19", "--models", str(tmp_path), "--json"]
    assert CliRunner().invoke(train, arguments, catch_exceptions=False).exit_code == 0
    assert next(tmp_path.glob("*/reference.npz")).exists()
    assert len([*tmp_path.glob("*/atlas*")]) == 2, "mean maps of validation and test"
    assert counts == {"data set opened": 1, "class ids": 1, "pixel stores": 2, "model loaded": 1}, "a store for each size"
