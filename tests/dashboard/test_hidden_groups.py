"""Hidden groups on the Data page: what is said of them, the filter, names, and data of which little can be said."""

import json

import numpy as np
import pandas as pd
import pytest

from core.datasets import open_dataset
from core.groups import name_group, open_groups

CELLS = "Share of each class in each group, by split"


def rows_shown(app) -> list[dict]:
    """The rows of cells: first of all images, then of each group."""
    drawn = [json.loads(node.proto.json or "{}") for node in app.get("bidi_component")]
    return next((data["rows"] for data in drawn if data.get("title") == CELLS), [])


def clicks(app) -> dict[str, tuple[str, ...]]:
    return {box["said"]: tuple(box["picks"]) for row in rows_shown(app) for box in row["boxes"]}


@pytest.fixture
def table(tmp_path, empty_models, monkeypatch):
    """``table(n, column=values)``: a table of images without files, half of each class, the last fifth of them in test."""
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path / "no weights"))

    def write(n: int = 200, **columns) -> str:
        rng = np.random.default_rng(0)
        rows = {
            "sample_id": [f"IM-{i:04d}.png" for i in range(n)], "split": np.where(np.arange(n) < 0.8 * n, "train", "test"),
            "class_name": np.where(np.arange(n) // 2 % 2, "PNEUMONIA", "NORMAL"), "patient_id": [f"p{i // 2}" for i in range(n)],
            "mean_intensity": rng.normal(120, 10, n), "std_intensity": rng.normal(55, 5, n), "rim_mean": rng.normal(85, 10, n),
            "rim_black": rng.uniform(0, 0.5, n), "letters": rng.uniform(0, 3, n),
        }  # fmt: skip
        path = tmp_path / "table.parquet"
        pd.DataFrame(rows | columns).to_parquet(path)
        return str(path)

    return write


def test_the_shipped_set_has_its_groups_at_once(empty_models, open_page, page_text):
    app = open_page("data", data_k="8", data_group="3", data_split="test", data_class="NORMAL")
    assert not app.exception and not app.error
    text = page_text(app)
    assert "the look of a film gives its class away." in text and "n = 5,216" in text.replace("\u00a0", " ")
    rows = rows_shown(app)
    assert len(rows) == 9 and rows[0]["title"] == "All images: 5,840"
    cell = next(box for row in rows for box in row["boxes"] if tuple(box["picks"]) == ("test", "NORMAL", "Group 3"))
    shown = int(cell["share"])
    assert f"{shown} of 5,840 images" in text and "95 % interval" in cell["said"]
    assert not cell["faded"] and sum(not box["faded"] for row in rows for box in row["boxes"]) == 4  # with those of all images that hold it
    held = [app.button(key=f"chip_{key}").label.replace("\\", "") for key in ("data_split", "data_class", "data_group")]
    assert held == ["Split: test", "Class: NORMAL", "Group 3"]
    app.button(key="chip_data_group").click().run()
    assert "234 of 5,840 images" in page_text(app)


@pytest.mark.long
def test_groups_of_another_kind_let_go_of_the_filter(empty_models, open_page, page_text):
    app = open_page("data", data_by="series", data_group="IM")
    assert "666 of 5,840 images" in page_text(app) and "File-name series alone gives the class away" in page_text(app)
    app.selectbox(key="data_k").set_value("2").run()
    assert not app.exception and "5,840 of 5,840 images" in page_text(app)
    assert {row["title"].partition(":")[0] for row in rows_shown(app)} == {"All images", "person", "all other values"}


@pytest.mark.parametrize("tied", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_planted_style_is_the_worst_group_and_the_audit_leads_there(table, open_page, page_text, tied):
    ill = np.arange(200) // 2 % 2 == 1
    framed = np.where(ill, np.arange(200) % 10 == 2, True) if tied else np.arange(200) % 10 < 4
    path = table(rim_black=np.where(framed, 0.9, 0.1), rim_mean=np.where(framed, 20.0, 90.0), letters=np.where(framed, 9.0, 0.0))
    dataset = open_dataset(path)
    grouping = open_groups(dataset)
    app = open_page("data", data_source=path)
    text = page_text(app)
    assert not app.exception and not app.error
    assert ("the look of a film gives its class away." in text) == tied
    assert ("The look gives the class away" in text) == tied and ("does not give the class away" in text) != tied
    assert ("[See the groups and their films above](#hidden-groups)" in text) == tied
    if tied:
        worst = next(box["picks"][2] for box in rows_shown(app)[1]["boxes"])
        inside = grouping.codes == grouping.labels.index(worst)
        planted = (dataset.samples["rim_black"] > 0.5).to_numpy()[inside]
        assert planted.all() or not planted.any()


def test_a_name_stands_beside_its_group_as_text(table, open_page, page_text):
    path = table(80, view=["AP", "PA"] * 40)
    dataset = open_dataset(path)
    name_group(dataset, open_groups(dataset, "view"), 1, "<b>*from* behind</b>")
    app = open_page("data", data_source=path, data_by="view")
    assert any(row["title"].startswith("<b>*from* behind</b> (PA): 40 images") for row in rows_shown(app))
    cards = next(html.proto.body for html in app.get("html") if "group-cards" in html.proto.body)
    assert "&lt;b&gt;*from* behind&lt;/b&gt; (PA)" in cards and "<b>*from*" not in cards


def test_without_groups_the_page_offers_to_find_them(table, open_page, page_text):
    app = open_page("data", data_source=table(), data_group="2")
    assert not app.exception and app.button(key="data_groups_start").label == "Find hidden groups"
    assert "200 of 200 images" in page_text(app) and not rows_shown(app)


def test_a_table_without_files_offers_no_work_that_would_fail(tmp_path, empty_models, open_page, page_text):
    names = [f"IM-{i:04d}.png" for i in range(40)]
    rows = {"path": names, "label": ["NORMAL", "PNEUMONIA"] * 20, "split": ["train"] * 30 + ["test"] * 10, "hospital": ["A", "B"] * 20}
    pd.DataFrame(rows).to_csv(tmp_path / "table.csv", index=False)
    app = open_page("data", data_source=str(tmp_path / "table.csv"), data_remedy="group_balance")
    assert not app.exception and not {"data_groups_start", "data_map_make"} & {button.key for button in app.button}
    text = page_text(app)
    assert "They can be grouped by File-name series" in text and "Column hospital" in text and "A map of them needs the images" in text
    assert "Balancing by it needs the images" in text and "does it first" not in text


LITTLE = {
    "one image a group": (40, {"note": [f"n{i}" for i in range(40)]}, "note", "no two images share one"),
    "only missing values": (40, {"note": [None] * 40}, "note", "is not known of any image"),
    "a thousand values": (1000, {"age": np.arange(1000) / 10}, "age", "over 16 to "),
    "many words": (40, {"site": [f"site {i % 30}" for i in range(40)]}, "site", "the others stand together"),
    "one class": (40, {"class_name": "NORMAL", "view": ["AP", "PA"] * 20}, "view", "There is one class"),
    "no test": (40, {"split": "train", "view": ["AP", "PA"] * 20}, "view", "no test images"),
    "200 classes": (400, {"class_name": [f"kind {i % 200}" for i in range(400)], "view": ["AP", "PA"] * 200}, "view", "6 largest of 200"),
}


USUAL = ("only missing values", "one class", "no test")


@pytest.mark.parametrize("kind", [kind if kind in USUAL else pytest.param(kind, marks=pytest.mark.long) for kind in LITTLE])
def test_what_cannot_be_said_is_said(table, open_page, page_text, undefined_words, kind):
    n, columns, by, words = LITTLE[kind]
    app = open_page("data", data_source=table(n, **columns), data_by=by, data_groups_look="Table")
    assert not app.exception and not app.error
    drawn = " ".join(node.proto.json or "" for node in app.get("bidi_component"))
    assert words in page_text(app) + drawn + " ".join(button.label for button in app.button)
    assert not undefined_words(page_text(app))
