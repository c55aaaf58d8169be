"""What a reading is written as."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from core.saliency import Explanation, overlay
from core.single import Prediction
from dashboard.components.map_downloads import facts_json, map_npy, overlay_png
from dashboard.components.reading import Reading
from dashboard.components.upload import Picture

GREY = np.random.default_rng(0).integers(0, 255, (60, 90), dtype=np.uint8)
PICTURE = Picture(b"", "0123456789abcdef", "your image")


@pytest.fixture
def run():
    config = SimpleNamespace(system="cnn1", class_names=("NORMAL", "PNEUMONIA"), recipe=SimpleNamespace(resize="squash"))
    return SimpleNamespace(name="cnn1-x", config=config)


@pytest.fixture
def reading():
    heatmap = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    explanation = Explanation(heatmap, "grad_cam", 1, "conv2", 3.5, 12.34)
    return Reading(Prediction({"NORMAL": 0.2, "PNEUMONIA": 0.8}, 0.6, "PNEUMONIA", ("small",)), explanation)


def test_overlay_has_the_pictures_own_size_and_loses_nothing(run, reading):
    stored = np.asarray(Image.open(io.BytesIO(overlay_png(run, GREY, reading, 0.3, "viridis"))))
    assert stored.tolist() == overlay(GREY, reading.explanation.heatmap, 0.3, "viridis").tolist()


def test_map_is_float32_of_the_models_input_size(reading):
    stored = np.load(io.BytesIO(map_npy(reading)), allow_pickle=False)
    assert stored.dtype == np.float32
    assert stored.tolist() == reading.explanation.heatmap.tolist()


def test_facts_name_run_class_layer_and_decision(run, reading):
    facts = json.loads(facts_json(run, PICTURE, GREY, reading))
    assert facts["image"] == {"digest": "0123456789abcdef", "source": "your image", "sample_id": None, "width": 90, "height": 60}
    assert (facts["run"], facts["label"], facts["threshold"], facts["warnings"]) == ("cnn1-x", "PNEUMONIA", 0.6, ["small"])
    assert facts["explanation"]["class"] == "PNEUMONIA"
    assert facts["explanation"]["layer"] == "conv2"
    assert facts["explanation"]["shape"] == [16, 16]
    assert facts["explanation"]["reference"].startswith("Selvaraju")
