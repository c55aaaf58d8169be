import os
import platform
import subprocess
import sys
import time

import pytest

from core.architectures import SYSTEMS, get_system
from core.config import Recipe
from core.planning import plan
from core.runs import create_run, list_runs
from dashboard import jobs
from dashboard.components.training_progress import progress_of


def shown(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.error, *app.caption])


@pytest.fixture
def started(monkeypatch):
    """The configurations that the page starts, instead of processes that train them."""
    calls = []

    def start(config, data):
        calls.append((config, data))
        return create_run(config, data)

    monkeypatch.setattr(jobs, "start", start)
    return calls


def test_every_system_can_be_chosen_and_its_recipe_is_what_starts(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train")
    for system in SYSTEMS:
        app.selectbox(key="train_system").set_value(system.title).run()
        assert not app.exception
        n_classes = system.variants[0].n_classes
        assert app.number_input(key=f"train_{system.key}_{n_classes}_epochs").value == system.variants[0].recipe.epochs


def test_start_trains_what_the_form_says(empty_models, phantoms, monkeypatch, open_page, started):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="cnn1")
    app.number_input(key="train_cnn1_2_epochs").set_value(2)
    app.number_input(key="train_cnn1_2_learning_rate").set_value(0.003)
    app.toggle(key="train_cnn1_2_flip").set_value(False)
    app.number_input(key="train_seed").set_value(7).run()
    app.button(key="train_start").click().run()
    assert not app.exception
    config, data = started[0]
    expected = get_system("cnn1").variant(2).recipe.model_copy(update={"epochs": 2, "learning_rate": 0.003, "flip": False})
    assert (config.recipe, config.seed, data) == (expected, 7, str(phantoms))


def test_a_link_chooses_system_and_classes(empty_models, open_page):
    app = open_page("train", train_system="cnn1", train_labels="3")
    assert app.selectbox(key="train_system").value == get_system("cnn1").title
    assert "352,835 parameters" in shown(app)


def test_settings_that_do_not_fit_are_said_before_the_start(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="cnn1")
    app.number_input(key="train_cnn1_2_plateau_patience").set_value(2).run()
    assert "both steer the learning rate" in app.warning[0].value
    assert app.button(key="train_start").disabled


def test_without_images_it_offers_to_get_them(empty_models, open_page):
    app = open_page("train")
    assert app.button(key="train_start").disabled
    assert app.button(key="get_phantoms").label == "Draw phantoms" and not app.code


def test_a_wrong_path_is_refused_without_a_run(empty_models, open_page, started):
    app = open_page("train")
    app.text_input(key="train_data").set_value("/nowhere/at/all").run()
    app.button(key="train_start").click().run()
    assert "There is no data set at" in app.error[0].value
    assert not started


def test_a_system_that_continues_another_needs_one(empty_models, open_page):
    app = open_page("train", train_system="cnn1_transfer")
    assert "train it first" in app.warning[0].value


def test_live_stopped_and_failed_runs_show_where_they_are(models_dir, make_run, open_page):
    live, failed = make_run(models_dir, created="2026-02-01T00:00:00+00:00"), make_run(models_dir, created="2026-02-02T00:00:00+00:00")
    live.write_status("running", epoch=2, epochs=8, step=3, steps=10, eta_seconds=130)
    failed.write_status("failed", reason="The pretrained weights are not here.")
    failed.log_path.write_text("epoch 1/8:  50%\repoch 1/8: 100%\n")
    app = open_page("train")
    assert not app.exception
    assert "about 2 min left" in app.get("progress")[0].proto.text
    assert not app.button(key="train_stop").disabled
    assert "The pretrained weights are not here." in shown(app)
    assert app.button(key=f"resume_{failed.name}")
    assert app.code[-1].value == "epoch 1/8: 100%"


def test_resume_goes_on_with_the_run_and_the_images_of_the_form(models_dir, make_run, phantoms, monkeypatch, open_page):
    launched = []
    monkeypatch.setattr(jobs, "launch", lambda run, data=None: launched.append((run.name, data)))
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    stopped = make_run(models_dir, created="2026-02-01T00:00:00+00:00")
    stopped.write_status("stopped", reason="asked to stop")
    open_page("train").button(key=f"resume_{stopped.name}").click().run()
    assert launched == [(stopped.name, str(phantoms))]


@pytest.mark.parametrize(
    ("status", "fraction", "words"),
    [
        ({"state": "queued"}, 0.0, "Starting"),
        ({"state": "running", "phase": "reading images"}, 0.0, "Reading images"),
        ({"state": "running", "phase": "scoring"}, 1.0, "Scoring"),
        ({"state": "running", "phase": "decoding", "done": 50, "total": 200, "eta_seconds": 9}, 0.25, "50 of 200 images, about 9 s left"),
        ({"state": "running", "epoch": 3, "epochs": 4, "step": 5, "steps": 10, "eta_seconds": 30}, 0.625, "step 5 of 10, about 30 s left"),
        ({"state": "running", "epoch": 1, "epochs": 4, "step": 0, "steps": 10, "eta_seconds": None}, 0.0, "estimating"),
    ],
)  # fmt: skip
def test_progress_in_words(status, fraction, words):
    done, text = progress_of(status)
    assert done == pytest.approx(fraction)
    assert words in text


def wait_for(condition, seconds=180):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def launch(monkeypatch, run, code):
    """Launch a run whose process does `code` instead of training."""
    popen = subprocess.Popen
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda command, **rest: popen([sys.executable, "-c", code], **rest))
    jobs.launch(run)


def test_a_process_that_dies_before_it_begins_fails_the_run(empty_models, monkeypatch):
    run = create_run(plan("cnn1", 2), "data")
    launch(monkeypatch, run, "print('no such thing'); raise SystemExit(1)")
    assert wait_for(lambda: run.state == "failed")
    assert "its log says more" in run.status["reason"]
    assert jobs.log_tail(run) == "no such thing"


def test_a_run_stopped_before_it_begins_is_stopped_not_failed(empty_models, monkeypatch):
    run = create_run(plan("cnn1", 2), "data")
    launch(monkeypatch, run, "import time; time.sleep(600)")
    assert run.state == "queued"
    assert not jobs.is_waiting(run)
    jobs.stop(run)
    assert wait_for(lambda: run.state == "stopped")


def test_a_run_of_another_machine_is_left_alone(empty_models, monkeypatch):
    run = create_run(plan("cnn1", 2), "data")
    run.write_status("queued", pid=os.getpid(), host=platform.node() + "-other")
    killed = []
    monkeypatch.setattr(jobs.os, "kill", lambda *signal: killed.append(signal))
    jobs.stop(run)
    assert not killed


def test_a_queued_run_without_a_process_can_be_started(empty_models):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    run = create_run(plan("cnn1", 2), "data")
    assert not jobs.is_waiting(run)
    run.write_status("queued", pid=process.pid, host=platform.node())
    assert jobs.is_waiting(run)
    assert list_runs()[0][0].name == run.name


def test_every_setting_of_a_recipe_stands_in_one_group():
    from dashboard.components.recipe_form import GROUPS, MAIN

    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted([*grouped, *MAIN]) == sorted(Recipe.model_fields)
