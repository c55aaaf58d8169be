"""Several pictures and several runs: one run without a model stops no other."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import SimpleNamespace

import pandas as pd
import pytest

from core.errors import InputError
from core.inference.prediction import Prediction
from core.input_checks import Finding
from dashboard.components.inspect import many_images as several
from dashboard.components.inspect import remarks


@pytest.fixture
def row(monkeypatch):
    """``row("A", "B")``: the line of a picture that all runs but `B` score, and none called `B…` does."""

    def predict(run, picture):
        if run.startswith("B"):
            raise InputError("The run has no model file.")
        copy = Finding("copy", "warn", "It was trained on this.")
        found = (Finding("size", "warn", "It is small."), *([copy] if run == "A" else []))
        return Prediction({"NORMAL": 0.2, "PNEUMONIA": 0.8}, 0.5, "PNEUMONIA", found, None, True)

    monkeypatch.setattr(several, "size_of", lambda picture: (4, 6))
    monkeypatch.setattr(several, "predict", predict)
    picture = type("Picture", (), {"name": "film.png", "digest": "0"})()
    monkeypatch.setattr(several, "verdicts_of", lambda picture, run: ["Grad-CAM: Do not trust this map."] if run == "C" else [])
    return lambda *runs: several._row(picture, {run: run for run in runs})


def test_a_run_without_a_model_leaves_the_scores_of_the_others(row):
    found = row("A", "B", "C")
    assert (found["A: verdict"], found["C: verdict"], found["A: p(pneumonia)"]) == ("PNEUMONIA", "PNEUMONIA", pytest.approx(0.8))
    assert "B: verdict" not in found and found["error"] == "" and "B: The run has no model file." in found["reasons_for_doubt"]
    assert several.tally(pd.DataFrame([found])) == "**1 file**, 1 scored"


def test_reasons_for_doubt_stand_once_and_say_whose_they_are(row):
    found = row("A", "C")
    assert found["reasons_for_doubt"] == "It is small. A: It was trained on this."
    assert found["map_checks"] == "C, Grad-CAM: Do not trust this map."


def test_a_click_anywhere_in_a_row_shows_its_film(monkeypatch):
    shown, pictures = [], [SimpleNamespace(key="own-1"), SimpleNamespace(key="own-2")]
    monkeypatch.setattr(several, "show", shown.append)
    monkeypatch.setattr(several.st, "session_state", {several.TABLE: {"selection": {"cells": [(1, "size")]}}})
    several._follow(pictures)
    assert shown == ["own-2"]


def test_a_picture_that_no_run_scores_is_left_out_with_the_reason(row):
    found = row("B", "B2")
    assert found["error"] == "The run has no model file." and "B: verdict" not in found


def test_the_file_holds_tag_and_note_as_they_are_when_it_is_asked_for(monkeypatch):
    """Streamlit makes the file in a thread that has no session."""
    asked, notes, pictures = [], {}, [SimpleNamespace(digest=digest, name=digest, key=digest) for digest in ("a", "b")]
    monkeypatch.setattr(
        several, "_table", lambda *_: pd.DataFrame(dict.fromkeys(several.TEXTS, "") | {"file": ["a", "b"], "error": ["", ""]})
    )
    monkeypatch.setattr(several.st, "session_state", {remarks.NOTES: notes})
    monkeypatch.setattr(several.st, "download_button", lambda label, data, *_, **more: asked.append(data))
    several.show_several(pictures, pictures[0], {})
    notes["b"] = ("Unsure", "of the left lung")
    monkeypatch.setattr(several.st, "session_state", {})
    with ThreadPoolExecutor(1) as elsewhere:
        found = pd.read_csv(BytesIO(elsewhere.submit(asked[0]).result()), keep_default_na=False)
    assert found[["tag", "note"]].to_numpy().tolist() == [["", ""], ["Unsure", "of the left lung"]]
