import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from core.audit.label_errors import held_out, put_tag, read_tags, suspects
from core.audit.label_errors.tags import tag_of
from core.datasets.sources.shipped import open_shipped
from core.runs.store import open_run
from dashboard.components.data.label_errors import review

RUN = Path(__file__).parents[5] / "models" / "cnn1-20261121-012941-c05057"


@pytest.fixture
def judged(empty_models):
    """The shipped index, and what one run says of its labels."""
    shutil.copytree(RUN, empty_models / RUN.name)
    dataset = open_shipped()
    return dataset, suspects(dataset, held_out(dataset, [open_run(RUN.name)]))


def cards(app) -> list[dict]:
    drawn = [json.loads(node.proto.json or "{}") for node in app.get("bidi_component")]
    return next((data["cards"] for data in drawn if "cards" in data), [])


def test_the_suspects_stand_ranked_with_votes_and_filter_the_page(judged, open_page, page_text):
    dataset, found = judged
    put_tag(dataset.fingerprint, found.table["sample_id"][1], tag_of("unusable", "cut off"))
    app = open_page("data")
    text, shown = page_text(app), cards(app)
    assert f"**{len(found.by_most):,}** of 1,667 held-out images" in text and "proves little" in text and not app.exception
    assert [one["sample_id"] for one in shown] == found.table["sample_id"][: review.PER_PAGE].tolist()
    assert shown[0]["against"].startswith("1 of 1 model says ") and (shown[1]["tag"], shown[1]["note"]) == ("unusable", "cut off")
    app.button(key="data_review_filter").click().run()
    assert f"{len(found.by_most):,} of 5,840 images" in page_text(app)
    assert f"The page is filtered by them: [see {len(found.by_most):,} suspected images above](#images)" in page_text(app)
    app.selectbox(key="data_tag").set_value("unusable").run()
    assert "1 of 5,840 images" in page_text(app)


def test_what_was_said_last_is_undone(judged, open_page):
    dataset, found = judged
    sample_id, said = found.table["sample_id"][0], tag_of("right")
    put_tag(dataset.fingerprint, sample_id, said)
    app = open_page("data", data_review_show="Tagged")
    assert [one["sample_id"] for one in cards(app)] == [sample_id] and app.button(key="data_review_undo").disabled
    app.session_state[review.UNDO] = [(dataset.fingerprint, sample_id, said, None)]
    app.run().button(key="data_review_undo").click().run()
    assert read_tags(dataset.fingerprint) == {} and not cards(app) and not app.exception


@pytest.mark.long
def test_without_runs_it_says_what_to_do(empty_models, open_page, page_text):
    assert "train one, and it judges the labels too" in page_text(open_page("data"))


@pytest.mark.parametrize(
    ("event", "kept", "problem"),
    [
        ({"sample_id": "a.png", "tag": "right", "note": "<b>fine</b>"}, {"a.png": ("right", "<b>fine</b>")}, ""),
        ({"sample_id": "not shown.png", "tag": "right", "note": ""}, {}, ""),
        ({"sample_id": "a.png", "tag": "perhaps", "note": ""}, {}, "A tag is right"),
        ({"sample_id": "a.png"}, {}, "could not be read"),
        (None, {}, "could not be read"),
    ],
)
def test_what_the_browser_says_is_checked(event, kept, problem, empty_models, monkeypatch):
    session = {"data_review_cards": {"said": event}}
    monkeypatch.setattr(review, "st", SimpleNamespace(session_state=session))
    review._said(SimpleNamespace(fingerprint="f"), ("a.png",))
    assert {name: (said.tag, said.note) for name, said in read_tags("f").items()} == kept
    assert session.get(review.PROBLEM, "").startswith(problem) if problem.startswith("A") else problem in session.get(review.PROBLEM, "")
    assert len(session.get(review.UNDO, [])) == len(kept)


def test_a_card_of_an_image_that_no_model_judged():
    row = SimpleNamespace(sample_id="train/N/a.png", label="N", split="train", votes=pd.NA, n_models=pd.NA, suggested="", p_label=None)
    shown = review.card(row, None, "It is broken.", SimpleNamespace(has_pixels=False, root=None))
    assert shown["against"] == "Held out of no training" and (shown["mean"], shown["inspect"], shown["picture"]) == ("", "", "")
    assert shown["problem"] == "It is broken."
