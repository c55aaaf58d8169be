"""Tiles of single images, and the links that open them in Inspect."""

from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from core.errors import InputError
from dashboard.components.compare.images.case_gallery import tiles
from dashboard.components.compare.maps.tile_maps import _calls
from dashboard.components.links import inspect_address

COMPARISON = SimpleNamespace(
    runs={"[A] CNN_1": None, "[B] VGG": None}, letters=["A", "B"], colours={"[A] CNN_1": "#111111", "[B] VGG": "#222222"}
)
TABLE = pd.DataFrame(
    {
        "sample_id": ["test/PNEUMONIA/<x>_virus_1.jpeg"], "truth": ["PNEUMONIA"], "subtype": ["VIRAL"],
        "[A] CNN_1: called": ["NORMAL"], "[A] CNN_1: p(PNEUMONIA)": [0.0625],
        "[B] VGG: called": ["PNEUMONIA"], "[B] VGG: p(PNEUMONIA)": [0.75],
    }
)  # fmt: skip


def test_address_of_inspect_carries_sample_runs_and_the_way_back():
    query = parse_qs(urlsplit(inspect_address("test/NORMAL/a b&c.jpeg", ["one", "two"], "compare_runs=one&compare_kind=A+x")).query)
    assert query == {
        "inspect_sample": ["test/NORMAL/a b&c.jpeg"], "inspect_runs": ["one", "two"], "inspect_from": ["compare_runs=one&compare_kind=A+x"],
    }  # fmt: skip


def test_a_tile_tells_truth_and_every_runs_score_and_whether_it_is_right():
    html = tiles(TABLE, ["inspect?inspect_sample=1"], ["data:image/jpeg;base64,AAAA"], COMPARISON)
    assert "<b>Viral</b>" in html
    assert 'background:#111111">A</b> 0.062 ✗' in html
    assert 'background:#222222">B</b> 0.750 ✓' in html
    assert 'href="inspect?inspect_sample=1"' in html
    assert "&lt;x&gt;_virus_1.jpeg" in html
    assert "<x>" not in html


def test_a_missing_picture_is_said():
    assert "no image" in tiles(TABLE, ["inspect"], [None], COMPARISON)


def test_a_tile_shows_the_map_of_each_run_that_has_one():
    maps = {(TABLE["sample_id"][0], "[B] VGG"): "data:image/jpeg;base64,BBBB"}
    html = tiles(TABLE, ["inspect"], ["data:image/jpeg;base64,AAAA"], COMPARISON, maps)
    assert 'src="data:image/jpeg;base64,BBBB" alt="Map of B"' in html and "border-bottom:3px solid #222222" in html
    assert "Map of A" not in html


@pytest.mark.parametrize(
    ("members", "class_names", "file", "sentence"),
    [
        (("x",), ("NORMAL", "PNEUMONIA"), __file__, "averages the answers of its members"),
        ((), ("NORMAL", "BACTERIAL", "VIRAL"), __file__, "more classes"),
        ((), ("NORMAL", "PNEUMONIA"), "model.keras", "no model file here"),
    ],
)
def test_a_run_without_maps_says_why(members, class_names, file, sentence):
    run = SimpleNamespace(config=SimpleNamespace(members=members, class_names=class_names), model_path=Path(file))
    with pytest.raises(InputError, match=sentence):
        _calls(run, SimpleNamespace(samples=TABLE), TABLE, "[B] VGG")


def test_films_whose_images_are_gone_have_no_map():
    run = SimpleNamespace(config=SimpleNamespace(members=(), class_names=("NORMAL", "PNEUMONIA")), model_path=Path(__file__))
    assert _calls(run, SimpleNamespace(samples=TABLE[:0]), TABLE, "[B] VGG") == ()
    assert _calls(run, SimpleNamespace(samples=TABLE), TABLE, "[B] VGG") == ((TABLE["sample_id"][0], "PNEUMONIA"),)
