"""Seeded damage to model files: each is loaded, or refused by an InputError."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator

import keras
import pytest

from core.errors import InputError
from core.model_files.loading import load_foreign
from tests.core.damage import mutations, strange_json


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("model") / "m.keras"
    keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")]).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def damaged(parts: dict[str, bytes], n: int) -> Iterator[bytes]:
    """The archive, its description and its weights in turn."""
    whole = mutations(zipped(parts), n)
    texts = strange_json(json.loads(parts["config.json"]), n)
    weights = mutations(parts["model.weights.h5"], n)
    for place in range(n):
        if place % 3 == 0:
            yield next(whole)
        elif place % 3 == 1:
            yield zipped(parts | {"config.json": next(texts)})
        else:
            yield zipped(parts | {"model.weights.h5": next(weights)})


@pytest.mark.parametrize("n", [9, pytest.param(500, marks=[pytest.mark.slow, pytest.mark.fuzz])], ids=["few", "many"])
def test_models(parts, tmp_path, n):
    path, refused = tmp_path / "m.keras", 0
    for content in damaged(parts, n):
        path.write_bytes(content)
        began = time.process_time()
        try:
            load_foreign(path)
        except InputError as error:
            refused += 1
            assert str(error).endswith(".")
        assert time.process_time() - began < 3
    assert refused > n / 3
