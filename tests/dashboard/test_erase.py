"""Erase and ask on the Inspect page: boxes of a link, the map's peak, undo, other questions, and what the files hold of it."""

import json
import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from core.datasets.sources import shipped
from core.images.edits.boxes import MOST_BOXES
from dashboard.components.inspect.erase import film_boxes
from dashboard.components.inspect.erase.answers import Answer
from dashboard.components.inspect.erase.answers_table import points, table

SIZE = 32


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A saved model of which brighter films are likelier PNEUMONIA."""
    import keras

    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = layers.Conv2D(2, 1, name="conv", kernel_initializer="ones")(layers.Rescaling(1 / 255)(inputs))
    logits = layers.Dense(2, name="logits", kernel_initializer=keras.initializers.Constant([[0, 1.0], [0, 1.0]]))
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(logits(layers.GlobalAveragePooling2D()(x)))
    path = tmp_path_factory.mktemp("model") / "model.keras"
    keras.Model(inputs, outputs).save(path)
    return path


@pytest.fixture
def run(empty_models, make_run, tiny, phantoms, monkeypatch):
    monkeypatch.setattr(shipped, "PHANTOMS", phantoms)
    made = make_run(empty_models, seed=1, image_size=SIZE)
    shutil.copy(tiny, made.model_path)
    return made


def opened(open_page, run, **more):
    page = open_page("inspect", inspect_runs=[run.name], inspect_erase="true", **more)
    assert not page.exception
    return page


def answers(page):
    """Before and after in the table, or none."""
    found = [html.proto.body for html in page.get("html") if "Before" in html.proto.body]
    return [float(number) for number in re.findall(r"<b>(0\.\d{3})</b>", found[0])] if found else []


def boxes(page):
    return next(json.loads(one.proto.json) for one in page.get("bidi_component") if '"boxes"' in one.proto.json)["boxes"]


def button(page, label):
    return next(one for one in page.button if one.label == label)


def test_boxes_of_a_link_are_erased_and_undone(run, open_page):
    page = opened(open_page, run, inspect_boxes=["300-200-400-500", "0-0-100-100"])
    assert boxes(page) == [[0.3, 0.2, 0.4, 0.5], [0.0, 0.0, 0.1, 0.1]]
    before, after = answers(page)
    assert before != after
    button(page, "Undo").click().run()
    assert boxes(page) == [[0.3, 0.2, 0.4, 0.5]] and page.query_params["inspect_boxes"] == "300-200-400-500"
    button(page, "Clear").click().run()
    assert not boxes(page) and not answers(page) and button(page, "Clear").disabled
    button(page, "Undo").click().run()
    assert boxes(page) == [[0.3, 0.2, 0.4, 0.5]], "clearing is undone too"


@pytest.mark.parametrize(("film", "says"), [("own-123456789abc", "upload it to see it"), ("test/NORMAL/gone.jpeg", "is not here")])
def test_boxes_of_a_film_that_is_not_here_are_drawn_on_no_other(run, open_page, film, says):
    page = opened(open_page, run, inspect_sample=film, inspect_boxes=["100-100-300-300"])
    for _ in range(2):  # the page draws itself anew once a data set is measured
        (said,) = [one.value for one in (*page.info, *page.warning) if says in one.value]
        assert "what was drawn on it is left out" in said
        page.run()
    assert not boxes(page) and not answers(page)
    assert page.query_params["inspect_sample"] == "example" and not any(page.query_params.get("inspect_boxes", []))


def test_the_answer_is_that_of_the_film_without_the_box(run, open_page, tmp_path):
    """The model is told by hand: its logit of PNEUMONIA is twice the mean of the three channels' sum."""
    film = np.full((SIZE, SIZE), 51, np.uint8)
    film[8:16, 8:16] = 255
    Image.fromarray(film).save(tmp_path / "film.png")
    page = opened(open_page, run)
    page.file_uploader(key="inspect_upload").set_value(("film.png", (tmp_path / "film.png").read_bytes(), "image/png")).run()
    if refused := [one for one in page.button if "anyway" in one.label.lower()]:
        refused[0].click().run()
    button(page, "Map's peak").click().run()
    assert len(boxes(page)) == 1
    page.session_state["inspect_boxes"] = ["250-250-250-250"]  # the bright square: what is left is 51 everywhere
    page.run()
    p = lambda grey: 1 / (1 + np.exp(-2 * 3 * grey / 255))  # noqa: E731
    assert answers(page) == pytest.approx([p(film.mean()), p(51)], abs=1e-3)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        (["nonsense"], "cannot be used"),
        (["2000-0-10-10"], "outside the film"),
        (["100-100-0-200"], "too small to hold anything"),
        (["0-0-1000-1000"], "cover the whole film"),
    ],
)
def test_boxes_that_cannot_be_are_refused_in_a_sentence(run, open_page, page_text, link, says):
    page = opened(open_page, run, inspect_boxes=link)
    assert says in " ".join(one.value for one in page.warning)
    assert not answers(page) and "p(PNEUMONIA)" in page_text(page), "the verdict stays"


@pytest.mark.parametrize(
    ("more", "n_kept", "says"),
    [
        ([f"{15 * n}-0-5-5" for n in range(1, 61)], MOST_BOXES, f"61 boxes; a film takes at most {MOST_BOXES}"),
        (["nonsense", "2000-0-10-10"], 1, "2 of the link's boxes cannot be used and are left out"),
    ],
)
def test_the_boxes_of_a_link_that_can_be_are_kept(run, open_page, more, n_kept, says):
    page = opened(open_page, run, inspect_boxes=["0-0-5-5", *more])
    assert says in page.warning[0].value and answers(page)
    assert boxes(page)[0] == [0.0, 0.0, 0.005, 0.005] and len(boxes(page)) == n_kept


def test_no_more_boxes_than_a_film_takes(run, open_page):
    page = opened(open_page, run, inspect_boxes=[f"{40 * n}-0-30-30" for n in range(MOST_BOXES)])
    button(page, "Map's peak").click().run()
    assert len(boxes(page)) == MOST_BOXES and "at most" in page.warning[0].value


def test_a_film_without_letters_says_so(run, open_page):
    page = opened(open_page, run)
    button(page, "Letters").click().run()
    assert not page.exception and (boxes(page) or "No letters" in page.warning[0].value)


def test_another_question_tells_the_range_of_its_curve(run, open_page, page_text):
    text = page_text(opened(open_page, run, inspect_question="brightness"))
    low, high = map(float, re.search(r"(0\.\d{3}) to (0\.\d{3}); n = 1 film", text).groups())
    assert low < high, "a model that goes by brightness"


@pytest.mark.parametrize("said", [None, 3, "redo", [1, 2, 3], [0, 0, 1, int("9" * 400)], ["a", 0, 0, 0], {"left": 1}])
def test_nonsense_from_the_browser_is_no_box(said, monkeypatch):
    class Said:
        drawn = said

    monkeypatch.setattr(film_boxes.st, "session_state", {film_boxes.KEY: Said})
    assert film_boxes.answer() is None


def test_a_film_with_doubts_says_so_of_every_answer():
    doubted = Answer(SimpleNamespace(name="run"), "PNEUMONIA", 0.7, 0.6996, "PNEUMONIA", "NORMAL", reliable=False)
    sure = replace(doubted, reliable=True)
    assert doubted.verdicts == ("not reliable here (would be PNEUMONIA)", "not reliable here (would be NORMAL)")
    assert "<b>0.700</b><br>not reliable here (would be PNEUMONIA)" in table({"A": doubted})
    assert sure.verdicts == ("PNEUMONIA", "NORMAL") and "not reliable" not in table({"A": sure})
    told = doubted.to_json()
    assert (told["reliable"], told["said_before"], told["verdicts"][0]) == (False, "PNEUMONIA", doubted.verdicts[0])


@pytest.mark.parametrize(("change", "told"), [(-0.092, "−9.2 points"), (0.0416, "+4.2 points"), (-0.0004, "0.0 points"), (0, "0.0 points")])
def test_a_change_in_points(change, told):
    assert points(change) == told
