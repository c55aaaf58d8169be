import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.audit.label_errors.outcomes import OF_TWO, outcomes
from core.datasets import open_dataset
from core.datasets.sources.shipped import open_shipped
from core.embedding import Area, Embedding, embedding_at_hand, within
from core.runs.store import open_run
from dashboard.components.data.catalogue import catalogue
from dashboard.components.data.image_map.chart import map_data
from dashboard.components.data.image_map.colours import MOST, Colouring, _fewer
from dashboard.components.data.image_map.hover import films

RUN = Path(__file__).parents[5] / "models" / "cnn1-20261121-012941-c05057"
MIDDLE = [[300, 300], [600, 300], [600, 700], [300, 700]]


def sent(app) -> dict:
    """What the browser was given of the map."""
    drawn = [json.loads(node.proto.json or "{}") for node in app.get("bidi_component")]
    return next((data for data in drawn if "places" in data), {})


def numbers(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.fixture
def shipped_with_a_run(empty_models):
    """The shipped index and one finished run on it."""
    shutil.copytree(RUN, empty_models / RUN.name)
    return open_shipped()


def test_the_browser_gets_a_few_bytes_a_point_in_a_random_order():
    places = np.arange(20, dtype=np.uint16).reshape(10, 2)
    colouring = Colouring(("a", "b"), ("#000000", "#ffffff"), np.array([0, 1] * 5), strong=("b",), faint=("a",))
    order, area = np.array([9, 3, 0, 1, 2, 4, 5, 6, 7, 8]), Area("000000", np.array(MIDDLE))
    data = map_data(Embedding(places, "table"), order, colouring, np.array([3, 4]), area, most=9)
    assert numbers(data["places"], "<u2").reshape(-1, 2).tolist() == places[order[:9]].tolist()
    assert numbers(data["codes"], np.uint8).tolist() == [1, 1, 0, 1, 0, 0, 1, 0, 1]
    assert np.unpackbits(numbers(data["shown"], np.uint8), bitorder="little")[:9].tolist() == [0, 1, 0, 0, 0, 1, 0, 0, 0]
    assert [(one["n"], one["passing"], one["weight"]) for one in data["categories"]] == [(5, 1, -1), (5, 1, 1)]
    assert (data["n"], data["area"]) == (9, MIDDLE) and "10 images, of which 2 pass" in data["alt"]
    assert map_data(Embedding(places, "table"), order, colouring, order, None)["shown"] == ""


def test_two_hundred_classes_become_nineteen_and_the_others():
    sizes = np.r_[np.full(19, 50), np.full(181, 2)]
    shown = _fewer(Colouring(tuple(map(str, range(200))), ("#000000",) * 200, np.repeat(np.arange(200), sizes)))
    assert len(shown.names) == len(shown.colours) == MOST and shown.names[-1] == "181 others"
    assert np.bincount(shown.codes).tolist() == [50] * 19 + [362]


def test_an_area_in_the_link_filters_the_page_and_lets_go(empty_models, open_page, page_text):
    dataset = open_shipped()
    embedding = embedding_at_hand(dataset)
    area = Area(embedding.key, np.array(MIDDLE))
    n = int(within(area, embedding.places).sum())
    app = open_page("data", data_area=area.text)
    assert 0 < n < 5840 and f"{n:,} of 5,840 images" in page_text(app)
    assert sent(app)["area"] == MIDDLE and sum(one["passing"] for one in sent(app)["categories"]) == n
    del app.query_params["data_area"]  # a click that set out before the browser knew of the area brings the link as it was
    app.run()
    assert f"{n:,} of 5,840 images" in page_text(app) and app.query_params["data_area"] == area.text
    assert f"The page is filtered by this area: [see {n:,} images above](#images)" in page_text(app)
    app.button(key="data_area_off").click().run()
    app.query_params["data_area"] = area.text  # and one that set out before it was let go of
    app.run()
    assert "data_area" not in app.query_params and "5,840 of 5,840 images" in page_text(app) and not app.exception
    for text, said in (("broken", "draw it again"), ("000000_1.1_500.1_1.500", "map of other images")):
        wrong = open_page("data", data_area=text)
        assert any(said in box.value for box in wrong.warning) and "5,840 of 5,840 images" in page_text(wrong)


@pytest.mark.long
def test_the_errors_of_a_run_are_coloured_and_counted(shipped_with_a_run, open_page):
    app = open_page("data", data_map_colour="errors")
    names, codes = outcomes(shipped_with_a_run, open_run(RUN.name))
    assert names == OF_TWO and [one["n"] for one in sent(app)["categories"]] == np.bincount(codes, minlength=4).tolist()
    assert RUN.name in app.query_params["data_map_run"] and not app.exception
    app.selectbox(key="data_map_colour").set_value("Appearance group").run()
    assert len(sent(app)["categories"]) > 3 and sum(one["n"] for one in sent(app)["categories"]) == 5840


@pytest.mark.long
def test_the_map_of_other_images_is_made_at_a_press(phantoms, empty_models, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    monkeypatch.setenv("KERAS_HOME", str(empty_models))  # no weights: by what is measured
    app = open_page("data")
    assert not sent(app)
    app.button(key="data_map_make").click().run()
    assert not app.exception and sent(app)["n"] == 12 and any("t-SNE by measured" in caption.value for caption in app.caption)
    assert sent(open_page("data"))["key"] == sent(app)["key"]


def test_films_at_the_pointer_have_picture_name_class_and_split(phantoms):
    dataset = open_dataset(phantoms)
    shelf = catalogue(dataset.digest, dataset)
    first, second = films(dataset, shelf, [0, 5])
    row = dataset.samples.iloc[shelf.order[5]]
    assert (first["place"], second["place"]) == (0, 5) and second["name"] == Path(row["sample_id"]).name
    assert second["lines"][0].startswith(row["class_name"]) and second["lines"][1] in ("train", "validation", "test")
    assert second["picture"].startswith("data:image/jpeg;base64,") and not films(dataset, shelf, [])
    assert films(open_shipped(), catalogue("s", open_shipped()), [3])[0]["picture"] == ""
