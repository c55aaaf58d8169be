"""What a visitor of a shared dashboard may do, and that what is off says so in place."""

import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import InputError
from core.runs.identity import write_about
from core.runs.reading import json_of
from core.runs.run import DATA
from core.runs.store import list_runs
from core.training.plan import plan
from dashboard import jobs, shared_mode

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def shown(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.caption, *app.error])


@pytest.fixture
def shared(models_dir, phantoms, monkeypatch):
    """A shared dashboard on phantoms, of which nobody may train."""
    monkeypatch.setenv("PNEUMOLENS_SHARED", "1")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    monkeypatch.setattr(jobs, "keep_going", lambda models=None: None)
    return models_dir


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_shared_is_said_by_the_environment(monkeypatch, word):
    assert not shared_mode.is_shared()
    monkeypatch.setenv("PNEUMOLENS_SHARED", word)
    assert shared_mode.is_shared()


def test_on_ones_own_machine_all_is_allowed():
    assert shared_mode.may_train() and shared_mode.may_stop(None) and shared_mode.may_name_paths()
    shared_mode.require_data("/etc")
    shared_mode.require_room_in_queue(10_000)


@pytest.mark.parametrize(("page", "key"), [("data", "data_source"), ("inspect", "inspect_data")])
@pytest.mark.parametrize("path", ["/etc", "/etc/passwd", "/nowhere/at/all", "~"])
def test_no_path_of_the_server_is_opened_nor_told_to_exist(shared, open_page, page, key, path):
    app = open_page(page, **{key: path})
    assert not app.exception
    said = shown(app)
    assert "its host chooses the data sets" in said and "There is no data set" not in said
    assert not any(widget.key in ("get_path", "get_dest_kaggle") for widget in app.text_input)


def test_the_host_lists_what_may_be_opened(shared, phantoms, tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATASETS", os.pathsep.join([str(tmp_path), ""]))
    assert shared_mode.data_sets() == [str(phantoms), str(tmp_path), "shipped index"]
    for allowed in (str(phantoms), f" '{phantoms}' ", str(tmp_path / "x" / ".."), "shipped index"):
        shared_mode.require_data(allowed)
    for other in (str(tmp_path.parent), str(phantoms / "train"), "/"):
        with pytest.raises(InputError, match="its host chooses"):
            shared_mode.require_data(other)


def test_nobody_trains_unless_the_host_says_so(shared, open_page):
    app = open_page("train")
    assert app.button(key="train_start").disabled and app.text_input(key="train_data").disabled
    assert "look at trainings but not start" in shown(app)
    assert not [button for button in app.button if button.key and button.key.startswith(("resume_", "get_", "train_measure"))]


def test_those_named_train_within_the_queue_and_stop_their_own_alone(shared, phantoms, monkeypatch):
    monkeypatch.setattr(shared_mode, "visitor", lambda: "ann@clinic.example")
    assert not shared_mode.may_train()
    monkeypatch.setenv("PNEUMOLENS_TRAINERS", "Ann@clinic.example, bob@clinic.example")
    monkeypatch.setenv("PNEUMOLENS_QUEUE", "2")
    runs = [jobs.start(plan("cnn1", 2, seed=seed), str(phantoms)) for seed in (0, 1)]
    assert json_of(runs[0].path, DATA)["owner"] == "ann@clinic.example"
    with pytest.raises(InputError, match="2 trainings wait already"):
        jobs.start(plan("cnn1", 2, seed=2), str(phantoms))
    with pytest.raises(InputError, match="its host chooses"):
        jobs.start(plan("cnn1", 2, seed=3), "/elsewhere")
    assert jobs.may_stop(runs[0])
    monkeypatch.setattr(shared_mode, "visitor", lambda: "bob@clinic.example")
    assert shared_mode.may_train() and not jobs.may_stop(runs[0]) and not jobs.stop(runs[0])
    assert not jobs.may_stop(list_runs(shared)[0][-1]), "begun before it was shared"


def test_names_and_notes_are_the_hosts(shared, open_page):
    write_about(list_runs(shared)[0][0], archived=True)
    app = open_page("overview")
    assert not [button for button in app.button if button.key == "overview_about"]
    assert all(button.disabled for button in app.button if button.key and button.key.startswith("bring_back"))


def test_imports_have_a_quota_on_disk(shared, make_run, monkeypatch):
    brought = make_run(shared)
    brought.path.rename(shared / "imported-1")
    size = sum(file.stat().st_size for file in (shared / "imported-1").iterdir() if file.is_file())
    monkeypatch.setenv("PNEUMOLENS_IMPORT_MB", "1")
    shared_mode.require_room_for_import(shared, 2**20 - size)
    with pytest.raises(InputError, match="is used up"):
        shared_mode.require_room_for_import(shared, 2**20 - size + 1)
    monkeypatch.setenv("PNEUMOLENS_IMPORT_MB", "much")
    with pytest.raises(InputError, match="must be a whole number; received 'much'"):
        shared_mode.require_room_for_import(shared, 1)


def test_where_a_log_in_is_set_up_nothing_is_shown_before_it(models_dir):
    app = AppTest.from_file(str(APP))
    app.secrets["auth"] = {"redirect_uri": "http://localhost/oauth2callback", "cookie_secret": "x", "client_id": "y"}
    app.run()
    assert not app.exception and [button.key for button in app.button] == ["log_in"] and not app.dataframe
