"""First run without images: what a page offers, which data it says are in use, and what stays of a choice."""

from __future__ import annotations

import json
import os
import shutil

import pandas as pd
import pytest
import streamlit as st

from core.datasets.recent import recent
from dashboard import acquisition, chosen, state
from dashboard.acquisition import SOURCES
from dashboard.components.data import freshness


@pytest.fixture
def says(page_text):
    """The one line of a page that says which images are in use."""
    return lambda app: next(box.value for box in app.caption if box.value.startswith("Data: "))


def pretend(key: str, **job) -> None:
    """An attempt as its process would leave it."""
    folder = acquisition._folder(SOURCES[key])
    (folder / "job.json").write_text(json.dumps({"dest": "/there", "pid": os.getpid(), "began": acquisition._began(os.getpid())} | job))


@pytest.mark.parametrize("page", ["overview", "data", "train", "compare", "inspect"])
def test_every_page_says_which_data_are_in_use(empty_models, open_page, says, page):
    app = open_page(page)
    assert not app.exception
    assert "shipped index" in says(app) and says(app).endswith("because no folder was chosen.")


@pytest.mark.parametrize("page", ["data", "train", "inspect"])
def test_pages_that_need_pixels_offer_three_ways_to_them(empty_models, open_page, page_text, page):
    app = open_page(page)
    assert "You are looking at shipped results" in page_text(app)
    assert {"get_phantoms", "get_start", "get_use"} <= {button.key for button in app.button}


def test_with_a_folder_there_is_no_strip_and_the_line_says_where_it_is_from(empty_models, phantoms, monkeypatch, open_page, says):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("data")
    assert says(app) == "Data: phantoms (12 images), from PNEUMOLENS_DATA."
    assert "get_phantoms" not in {button.key for button in app.button}


def test_phantoms_that_were_drawn_are_in_use_on_every_page_of_the_session(empty_models, phantoms, open_page, says):
    shutil.copytree(phantoms, acquisition.usual_place(SOURCES["phantoms"]))
    app = open_page("train")
    app.button(key="get_phantoms").click().run()
    assert says(app) == "Data: phantoms, chosen by you in this session."
    place = app.text_input(key="train_data").value
    assert place.endswith("data/phantoms") and "get_phantoms" not in {button.key for button in app.button}
    app.switch_page("views/data.py").run()
    assert not app.exception and app.text_input(key="data_source").value == place
    assert says(app) == "Data: phantoms (12 images), chosen by you in this session."
    assert recent() == [place]


def test_a_folder_that_was_used_before_is_offered_in_a_later_session_until_it_is_gone(empty_models, phantoms, tmp_path, open_page, says):
    folder = shutil.copytree(phantoms, tmp_path / "mine")
    app = open_page("inspect")
    app.text_input(key="get_path").set_value(f' "{folder}" ').run()
    app.button(key="get_use").click().run()
    assert not app.error and says(app).startswith("Data: mine")
    later = open_page("train")
    assert "because no folder was chosen" in says(later)
    later.button(key="get_recent_0").click().run()
    assert says(later).startswith("Data: mine")
    shutil.rmtree(folder)
    assert "get_recent_0" not in {button.key for button in open_page("train").button}


def test_a_folder_that_is_none_is_said_in_the_strip_and_changes_nothing(empty_models, tmp_path, open_page, says):
    app = open_page("train")
    app.text_input(key="get_path").set_value(str(tmp_path / "none")).run()
    app.button(key="get_use").click().run()
    assert "There is no data set at" in app.error[0].value and "one row for each image" in app.error[0].value
    assert "because no folder was chosen" in says(app) and recent() == []


def test_what_is_under_way_shows_its_progress_in_every_session_and_can_be_cancelled(empty_models, open_page, monkeypatch):
    pretend("kaggle")
    (acquisition._folder(SOURCES["kaggle"]) / "log").write_text(" 50%|█▌  | 1.15G/2.29G [00:30<00:31, 36MB/s]")
    cancelled = []
    monkeypatch.setattr(acquisition, "cancel", cancelled.append)
    app = open_page("data")
    bar = app.get("progress")[0].proto
    assert (bar.value, bar.text) == (50, "Downloading the chest X-ray set: 1.15 GB of 2.29 GB, about 31 s left")
    app.button(key="get_cancel_kaggle").click().run()
    assert cancelled == [SOURCES["kaggle"]]


def test_a_failure_says_why_and_is_gone_once_it_is_closed(empty_models, open_page, page_text):
    pretend("kaggle")
    app = open_page("train")
    pretend("kaggle", pid=0)
    (acquisition._folder(SOURCES["kaggle"]) / "log").write_text(" 1%|\rerror: No room is left; free disk space.\n")
    app.run()
    assert "did not work. No room is left; free disk space." in app.error[0].value
    assert app.button(key="get_again_kaggle")
    app.button(key="get_close_kaggle").click().run()
    assert not app.error and acquisition.current(SOURCES["kaggle"]) is None


def test_the_path_can_be_edited_and_what_was_chosen_elsewhere_comes_first(empty_models, phantoms, tmp_path, open_page, says):
    """A box of choices kept only what was added to a path that it held."""
    longer = shutil.copytree(phantoms, tmp_path / "phantoms-copy")
    app = open_page("data", data_source=str(longer)[:-5])
    assert "There is no data set at" in app.error[0].value
    field = app.text_input(key="data_source")
    field.set_value(field.value + "-copy").run()
    assert not app.error and says(app).startswith("Data: phantoms-copy (12 images)")
    recents = [button.label.replace("\\", "") for button in app.button if button.key.startswith("data_recent")]
    assert recents == [str(longer), chosen.SHIPPED]
    app.button(key="data_recent_1").click().run()
    assert "shipped index" in says(app) and app.text_input(key="data_source").value == chosen.SHIPPED


@pytest.fixture
def unnamed(lay, tmp_path):
    """A table whose columns have names that tell nothing."""
    files = [f"{number}.png" for number in range(6)]
    lay(*files, root=tmp_path)
    table = pd.DataFrame({"fichier": files, "verdict": ["ok", "ill"] * 3, "who": ["p1", "p1", "p2", "p2", "p3", "p3"], "age": range(6)})
    table.to_csv(tmp_path / "list.csv", index=False)
    return tmp_path / "list.csv"


def test_the_columns_of_a_table_are_asked_for_and_kept(unnamed, empty_models, open_page, page_text, says):
    app = open_page("data", data_source=str(unnamed))
    assert not app.exception and not app.error and "--column" not in page_text(app)
    assert app.button(key="columns_use").disabled
    app.selectbox(key="columns_path").set_value("fichier")
    app.selectbox(key="columns_patient_id").set_value("who")
    app.selectbox(key="columns_class_name").set_value("verdict").run()
    app.button(key="columns_use").click().run()
    assert not app.error and says(app).startswith("Data: list.csv (6 images)")
    assert "fichier is path" in page_text(app).replace("\\", "")
    later = open_page("data", data_source=str(unnamed))
    assert says(later).startswith("Data: list.csv (6 images)")
    later.button(key="columns_again").click().run()
    assert later.selectbox(key="columns_path").value is None


def test_other_pages_send_to_where_the_columns_are_chosen(unnamed, empty_models, monkeypatch, open_page, page_text):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(unnamed))
    app = open_page("inspect")
    assert not app.exception and "choose them on the Data page" in page_text(app) and "--column" not in page_text(app)


def test_one_column_cannot_be_two_things(unnamed, empty_models, open_page):
    app = open_page("data", data_source=str(unnamed))
    app.selectbox(key="columns_path").set_value("fichier")
    app.selectbox(key="columns_class_name").set_value("fichier").run()
    app.button(key="columns_use").click().run()
    assert "chosen for two things" in app.error[0].value and app.selectbox(key="columns_path").value == "fichier"


def test_a_part_that_is_redrawn_alone_sees_files_that_changed(lay, empty_models, monkeypatch):
    """A click in a fragment showed the pictures of before."""
    root = lay("train/NORMAL/a.png", "train/PNEUMONIA/b.png")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    reruns = []
    monkeypatch.setattr(freshness, "_alone", lambda: True)
    monkeypatch.setattr(st, "rerun", lambda: reruns.append(1))
    dataset = state.dataset()
    freshness.redraw_if_changed(dataset)
    assert not reruns
    lay("train/PNEUMONIA/c.png", root=root)
    freshness.redraw_if_changed(dataset)
    assert len(reruns) == 1
    shutil.rmtree(root)
    freshness.redraw_if_changed(dataset)
    assert len(reruns) == 2
