"""The reasons for doubt that the pixels do not show: age and view of the file, the training images, the run itself."""

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.images import read_grey
from core.images.dicom.header import Stated
from core.images.measuring import STATISTICS_SIZE, perceptual_hash
from core.inference.prediction import Prediction
from core.input_checks import Finding, in_brief
from core.input_checks import doubts as module
from core.input_checks.doubts import doubts, training_copy
from core.input_checks.population import Population
from core.runs.card import Card

PICTURE = np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)


@pytest.fixture
def film():
    buffer = io.BytesIO()
    Image.fromarray(PICTURE).save(buffer, "PNG")
    return buffer.getvalue()


def run(card=None):
    split = pd.DataFrame({"sample_id": ["train/a.png", "test/b.png"], "split": ["train", "test"]})
    return SimpleNamespace(name="r", config=SimpleNamespace(system="cnn1", data_title="mine"), split=split, card=Card(**card or {}))


@pytest.fixture
def header(monkeypatch):
    """``header(children, aged_1_to_5, frontal)``: what the model knows and what the file states."""

    def set_(children, *said):
        monkeypatch.setattr(module, "population", lambda run: Population(children, ""))
        monkeypatch.setattr(module, "stated", lambda content: Stated(*said))

    return set_


def test_an_adult_is_told_to_a_model_of_children_without_the_age(film, header):
    header(True, False, True)
    (found,) = doubts(run(), film)
    assert (found.kind, found.level) == ("age", "warn")
    assert found.sentence.startswith("The DICOM header says this is not a child of 1 to 5 years")


def test_an_age_is_no_reason_where_the_training_images_are_not_known(film, header):
    header(False, False, None)
    assert doubts(run(), film) == ()


@pytest.mark.parametrize(("children", "words"), [(True, "knows frontal films only"), (False, "nothing tells whether")])
def test_a_view_that_is_not_frontal_is_told(film, header, children, words):
    header(children, True, False)
    (found,) = doubts(run(), film)
    assert found.kind == "view" and words in found.sentence


def test_a_child_in_a_frontal_film_and_a_silent_header_give_no_reason(film, header):
    header(True, True, True)
    assert doubts(run(), film) == ()
    header(True, None, None)
    assert doubts(run(), film) == ()


def test_the_training_image_and_the_runs_own_warnings_are_reasons(film):
    found = doubts(run({"warnings": ["Its scores are constant."]}), film, "train/a.png")
    assert [finding.kind for finding in found] == ["copy", "run"]
    assert "trained on this very image (train/a.png)" in found[0].sentence and found[1].sentence == "Its scores are constant."


def test_a_training_image_is_found_again_and_a_test_image_is_none(film):
    samples = pd.DataFrame(
        {"sample_id": ["train/a.png", "test/b.png"], "perceptual_hash": [perceptual_hash(read_grey(film, STATISTICS_SIZE)), "0" * 64]}
    )
    assert training_copy(run(), film, samples) == "train/a.png"
    assert training_copy(run(), film, samples[::-1].assign(perceptual_hash=samples["perceptual_hash"].to_numpy())) is None
    assert training_copy(run(), film) is None, "without a data set at hand nothing is known"


@pytest.mark.parametrize(
    ("kind", "level", "reliable"),
    [
        ("layout", "warn", False),
        ("outlines", "warn", False),
        ("age", "warn", False),
        ("view", "warn", False),
        ("size", "warn", True),
        ("copy", "warn", True),
        ("blank", "refuse", False),
    ],
)
def test_an_answer_on_a_film_unlike_the_training_films_is_not_reliable(kind, level, reliable):
    said = Prediction({"NORMAL": 0.2, "PNEUMONIA": 0.8}, 0.5, "PNEUMONIA", (), None, True)
    assert said.to_json()["reliable"] is True
    assert said.with_findings([Finding(kind, level, "x")]).to_json()["reliable"] is reliable
    assert said.with_findings([Finding(kind, level, "x")]).to_json()["verdict"] == ("PNEUMONIA" if reliable else "not reliable here")


def test_what_is_unlike_the_training_films_is_one_line_without_distances():
    def found(*kinds):
        return [Finding(kind, "warn", f"{kind} (distance 2.21; 97 % lie below 1.41).") for kind in kinds]

    chest = "Unlike the training films: perhaps an adult's chest, or another machine."
    assert in_brief(found("outlines", "layout", "texture")) == (chest,)
    assert in_brief(found("layout", "features")) == ("Unlike the training films in framing or anatomy, and what the model looks at.",)
    tilted = Finding("tilted", "warn", "Tilted, more than 99 % of films.", brief="Tilted.")
    copy = Finding("copy", "warn", "Trained on it.")
    assert in_brief([copy, *found("outlines"), tilted, copy]) == (chest, "Trained on it.", "Tilted.")
    assert in_brief([]) == ()
