"""What a reading is written as."""

import io
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from core.prediction import Neighbour, Prediction
from core.saliency import Explanation, overlay
from core.screening import Finding
from dashboard.components.inspection_report import report
from dashboard.components.map_downloads import facts_json, map_npy, overlay_png
from dashboard.components.map_viewer import Look
from dashboard.components.picture import Picture
from dashboard.components.reading import Reading
from dashboard.components.shown import Said, Shown

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
    scores = {"NORMAL": 0.2, "PNEUMONIA": 0.8}
    nearest = (Neighbour("train/NORMAL/IM-0001-0001.jpeg", "NORMAL", 0.5),)
    views = ((0.2, 0.8), (0.1, 0.9), (0.3, 0.7))
    prediction = Prediction(scores, 0.6, "PNEUMONIA", (Finding("size", "warn", "small <b>"),), scores, True, nearest, views)
    return Reading(prediction, explanation)


@pytest.fixture
def item(run, reading):
    return Shown("A CNN_1", "A CNN_1", run, reading)


def test_overlay_has_the_pictures_own_size_and_loses_nothing(item):
    stored = np.asarray(Image.open(io.BytesIO(overlay_png(GREY, item, [item], Look(0.3, "viridis")))))
    assert stored.tolist() == overlay(GREY, item.reading.explanation.heatmap, 0.3, "viridis").tolist()


def test_overlay_follows_the_scale_that_maps_share(item, run, reading):
    stronger = replace(reading.explanation, raw_max=7.0)
    other = Shown("B", "B", run, Reading(reading.prediction, stronger))
    stored = np.asarray(Image.open(io.BytesIO(overlay_png(GREY, item, [item, other], Look(1.0, "viridis", scale="shared")))))
    assert stored.tolist() == overlay(GREY, reading.explanation.heatmap / 2, 1.0, "viridis").tolist()


def test_map_is_float32_of_the_models_input_size(reading):
    stored = np.load(io.BytesIO(map_npy(reading)), allow_pickle=False)
    assert stored.dtype == np.float32
    assert stored.tolist() == reading.explanation.heatmap.tolist()


def test_facts_name_run_class_layer_and_decision(run, reading):
    facts = json.loads(facts_json(run, PICTURE, GREY, reading))
    assert facts["image"] == {"digest": "0123456789abcdef", "source": "your image", "sample_id": None, "width": 90, "height": 60}
    assert (facts["run"], facts["label"], facts["threshold"], facts["warnings"]) == ("cnn1-x", "PNEUMONIA", 0.6, ["small <b>"])
    assert facts["explanation"]["class"] == "PNEUMONIA"
    assert facts["explanation"]["layer"] == "conv2"
    assert facts["explanation"]["shape"] == [16, 16]
    assert facts["explanation"]["reference"].startswith("Selvaraju")


def test_report_is_one_page_with_pictures_inside_and_no_file_name(item):
    page = report(replace(PICTURE, name="Jane_Doe.png"), GREY, [item], Look(), [Said("A CNN_1", item.run, item.reading.prediction)])
    assert page.count("<img ") == 2
    assert page.count("data:image/jpeg;base64,") == 2
    assert "http" not in page.replace("https://doi", "")
    assert "Jane" not in page
    assert "p(PNEUMONIA) = 0.800" in page
    assert "0.700–0.900 (n = 3)" in page
    assert "train/NORMAL/IM-0001-0001.jpeg" in page
    assert "small &lt;b&gt;" in page
    assert "not a medical device" in page


def test_report_leaves_a_dash_where_the_views_are_not_scored_yet(item):
    first = replace(item.reading.prediction, views=())
    page = report(PICTURE, GREY, [item], Look(), [Said("A CNN_1", item.run, first)])
    assert "<td>–</td>" in page and "p(PNEUMONIA) = 0.800" in page


def test_facts_hold_the_views_once_they_are_scored(item, run):
    first = item.settled(replace(item.reading.prediction, views=()))
    assert json.loads(facts_json(run, PICTURE, GREY, first.reading))["interval"] is None
    settled = first.settled(item.reading.prediction)
    assert json.loads(facts_json(run, PICTURE, GREY, settled.reading))["interval"]["PNEUMONIA"] == [0.7, 0.9]
