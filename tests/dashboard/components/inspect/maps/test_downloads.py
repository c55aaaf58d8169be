"""What a reading is written as."""

import io
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.images.edits.boxes import Box
from core.inference.prediction import Neighbour, Prediction
from core.input_checks import Finding
from core.saliency import Explanation, overlay
from core.saliency.checks import Belief
from dashboard.components.inspect.analysis import Reading
from dashboard.components.inspect.erase.answers import Answer
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.maps.downloads import facts_json, map_npy, overlay_png
from dashboard.components.inspect.maps.report import report
from dashboard.components.inspect.maps.tiles import Said, Shown, factor
from dashboard.components.inspect.maps.viewer import Look
from dashboard.components.inspect.remarks import Remarks

GREY = np.random.default_rng(0).integers(0, 255, (60, 90), dtype=np.uint8)
PICTURE = Picture(b"", "0123456789abcdef", "your image")


@pytest.fixture
def run():
    config = SimpleNamespace(
        system="cnn1", class_names=("NORMAL", "PNEUMONIA"), recipe=SimpleNamespace(resize="squash"), data_title="mine", members=()
    )
    return SimpleNamespace(name="cnn1-x", config=config, split=pd.DataFrame({"sample_id": ["a"], "split": ["train"]}))


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
    return Shown("[A] CNN_1", "[A] CNN_1", run, reading)


def test_overlay_has_the_pictures_own_size_and_loses_nothing(item):
    stored = np.asarray(Image.open(io.BytesIO(overlay_png(GREY, item, [item], Look(0.3, "viridis")))))
    assert stored.tolist() == overlay(GREY, item.reading.explanation.heatmap, 0.3, "viridis").tolist()


def test_overlay_follows_the_scale_that_maps_share(item, run, reading):
    stronger = replace(reading.explanation, raw_max=7.0)
    other = Shown("B", "B", run, Reading(reading.prediction, stronger))
    stored = np.asarray(Image.open(io.BytesIO(overlay_png(GREY, item, [item, other], Look(1.0, "viridis", scale="shared")))))
    assert stored.tolist() == overlay(GREY, reading.explanation.heatmap / 2, 1.0, "viridis").tolist()


def test_a_map_is_held_against_an_opacity_that_is_known(item):
    """The map is strongest in the lower right corner; the half below holds the half above of its values."""
    below = np.repeat([[False], [True]], 8, axis=0).repeat(16, axis=1)
    assert "Its peak lies inside the true opacity (overlap 1.00; 1 is perfect)." in replace(item, opacity=below).caption
    assert "Its peak misses the true opacity (overlap 0.00; 1 is perfect)." in replace(item, opacity=~below).caption
    assert "opacity" not in item.caption


def test_map_is_float32_of_the_models_input_size(reading):
    stored = np.load(io.BytesIO(map_npy(reading)), allow_pickle=False)
    assert stored.dtype == np.float32
    assert stored.tolist() == reading.explanation.heatmap.tolist()


def test_facts_name_run_class_layer_and_decision(item):
    facts = json.loads(facts_json(PICTURE, GREY, item))
    assert facts["image"] == {"digest": "0123456789abcdef", "source": "your image", "sample_id": None, "width": 90, "height": 60}
    assert (facts["run"], facts["label"], facts["threshold"], facts["warnings"]) == ("cnn1-x", "PNEUMONIA", 0.6, ["small <b>"])
    assert facts["explanation"]["class"] == "PNEUMONIA"
    assert facts["explanation"]["layer"] == "conv2"
    assert facts["explanation"]["shape"] == [16, 16]
    assert facts["explanation"]["reference"].startswith("Selvaraju")
    assert facts["explanation"]["checks"] is None and facts["reliable"] is True
    assert "'mine'" in facts["knows"]


def test_report_is_one_page_with_pictures_inside_and_no_file_name(item):
    page = report(replace(PICTURE, name="Jane_Doe.png"), GREY, [item], Look(), [Said("[A] CNN_1", item.run, item.reading.prediction)])
    assert page.count("<img ") == 2
    assert page.count("data:image/jpeg;base64,") == 2
    assert "http" not in page.replace("https://doi", "")
    assert "Jane" not in page
    assert "p(PNEUMONIA) = 0.800" in page
    assert "0.700–0.900 (n = 3)" in page
    assert "train/NORMAL/IM-0001-0001.jpeg" in page
    assert "small &lt;b&gt;" in page
    assert "not a medical device" in page


def test_report_says_all_that_the_page_warns_of(item):
    copy = Finding("copy", "warn", "The model was trained on this very image (train/a.jpeg), so its answer proves nothing.")
    said = Said("[A] CNN_1", item.run, item.reading.prediction.with_findings([copy]))
    checked = item.checked(Belief((), "unsupported", "Do not trust this map: it failed “Random weights”."))
    page = report(PICTURE, GREY, [checked], Look(), [said])
    assert "[A] CNN_1: The model was trained on this very image (train/a.jpeg)" in page
    assert "Do not trust this map: it failed “Random weights”." in page
    assert "whom they show is not recorded here" in page
    assert "Not checked" in report(PICTURE, GREY, [item], Look(), [said])


def test_report_says_borderline_and_the_calibrated_value_in_words(item):
    views = ((0.2, 0.8), (0.5, 0.5))
    page = report(PICTURE, GREY, [item], Look(), [Said("[A] CNN_1", item.run, replace(item.reading.prediction, views=views))])
    assert "PNEUMONIA, borderline: changes when the film is shifted" in page
    assert "of 100 validation films scored like this, about 80 would show PNEUMONIA" in page


def test_a_very_weak_map_is_named_and_painted_faintly(item):
    weak = replace(item, reading=replace(item.reading, explanation=replace(item.reading.explanation, raw_max=1e-12, strength=1e-10)))
    assert "a very weak map (maximum 1e-12 logit per cell of the layer)" in weak.caption
    assert factor(weak, [weak], "own") == 1e-10 and factor(weak, [weak, item], "shared") < 1e-11
    painted = np.asarray(Image.open(io.BytesIO(overlay_png(GREY, weak, [weak], Look(1.0, "viridis")))))
    assert len(np.unique(painted.reshape(-1, 3), axis=0)) == 1, "nothing of it is seen"
    assert weak.tile(60, 90, {}).full == pytest.approx(0.01)


def test_true_opacity_is_outlined_and_measured(item):
    opacity = np.zeros((16, 16), bool)
    opacity[12:, 8:] = True
    known = replace(item, opacity=opacity)
    assert "Its peak lies inside the true opacity (overlap" in known.caption
    stored = np.asarray(Image.open(io.BytesIO(overlay_png(GREY, known, [known], Look()))))
    assert (stored == (0, 230, 118)).all(axis=-1).sum() > 20
    healthy = replace(known, reading=replace(item.reading, explanation=replace(item.reading.explanation, class_id=0)))
    assert "opacity" not in healthy.caption, "a map of the healthy class is not held against an opacity"


def test_report_leaves_a_dash_where_the_views_are_not_scored_yet(item):
    first = replace(item.reading.prediction, views=())
    page = report(PICTURE, GREY, [item], Look(), [Said("[A] CNN_1", item.run, first)])
    assert "<td>–</td>" in page and "p(PNEUMONIA) = 0.800" in page


def test_facts_hold_the_views_once_they_are_scored(item):
    first = item.settled(replace(item.reading.prediction, views=()))
    assert json.loads(facts_json(PICTURE, GREY, first))["interval"] is None
    settled = first.settled(item.reading.prediction)
    assert json.loads(facts_json(PICTURE, GREY, settled))["interval"]["PNEUMONIA"] == [0.7, 0.9]


def test_files_hold_the_note_and_what_was_erased(item, run, reading):
    answers = [Answer(run, "PNEUMONIA", 0.8, 0.3, "PNEUMONIA", "NORMAL")]
    remarks = Remarks("Unsure", "look <at> the letter\nand again", (Box(0.1, 0.2, 0.3, 0.4),), "smooth", answers)
    held = json.loads(facts_json(PICTURE, GREY, item, remarks))["remarks"]
    assert held["tag"] == "Unsure" and held["erased"]["boxes"] == [{"left": 0.1, "top": 0.2, "width": 0.3, "height": 0.4}]
    assert held["erased"]["answers"][0]["change"] == pytest.approx(-0.5)
    page = report(PICTURE, GREY, [item], Look(), [Said("A CNN_1", run, reading.prediction)], remarks)
    assert "<p>look &lt;at&gt; the letter<br>and again</p>" in page
    assert "−50.0 points" in page and "0.300 NORMAL" in page and "left 0.100, top 0.200" in page
    assert json.loads(facts_json(PICTURE, GREY, item))["remarks"] == {"tag": "", "note": "", "erased": None}


def test_files_say_that_no_answer_is_to_be_relied_on(item, run, reading):
    answers = [Answer(run, "PNEUMONIA", 0.8, 0.3, "PNEUMONIA", "NORMAL", False)]
    remarks = Remarks(boxes=(Box(0.1, 0.2, 0.3, 0.4),), fill="smooth", answers=answers)
    run.config.members = ("a", "b")
    page = report(PICTURE, GREY, [item], Look(), [Said("A CNN_1", run, reading.prediction)], remarks)
    assert "0.300 not reliable here (would be NORMAL)" in page
    assert "A CNN_1: an ensemble has no nearest training images" in page
    (answer,) = json.loads(facts_json(PICTURE, GREY, item, remarks))["remarks"]["erased"]["answers"]
    assert answer["reliable"] is False and answer["verdicts"][1] == "not reliable here (would be NORMAL)"
