import os
import platform
import re
import subprocess
import sys

import pytest

from core.architectures import SYSTEMS, get_system
from core.config import Recipe
from core.datasets.phantom.write import write_phantoms
from core.runs.status import Status
from core.runs.store import create_run
from core.training.plan import plan
from core.training.resources import speed
from dashboard import jobs
from dashboard.components.train import trial as training_trial
from dashboard.components.train.progress import progress_of


def shown(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.error, *app.caption])


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory):
    """Enough synthetic radiographs to hold some patients out."""
    folder = tmp_path_factory.mktemp("data") / "phantoms"
    write_phantoms(folder, n=40, seed=0, size=48)
    return folder


@pytest.fixture
def started(monkeypatch):
    """The configurations that the page starts, instead of processes that train them."""
    calls = []

    def start(config, data, *about):
        calls.append((config, data, *about))
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
    config, data, *_ = started[0]
    expected = get_system("cnn1").variant(2).recipe.model_copy(update={"epochs": 2, "learning_rate": 0.003, "flip": False})
    assert (config.recipe, config.seed, data) == (expected, 7, str(phantoms))


def test_a_link_chooses_system_and_classes(empty_models, open_page):
    app = open_page("train", train_system="cnn1", train_labels="3")
    assert app.selectbox(key="train_system").value == get_system("cnn1").title
    assert "352,835 parameters" in shown(app)


def test_a_link_from_a_remedy_sets_what_differs_from_the_recipe(empty_models, phantoms, monkeypatch, open_page, started):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page(
        "train", train_system="lens_scratch", train_labels="2", train_set="class_weights=none,group_balance=sampling,group_cap=8"
    )
    assert "differ from the system's own by class\\_weights=none, group\\_balance=sampling, group\\_cap=8" in shown(app)
    app.button(key="train_start").click().run()
    own = get_system("lens_scratch").variant(2).recipe
    changes = {"class_weights": "none", "group_balance": "sampling", "group_cap": 8.0}
    assert not app.exception and started[0][0].recipe == own.model_copy(update=changes)
    app.button(key="train_set_clear").click().run()
    assert "as the link asks" not in shown(app) and app.selectbox(key="train_lens_scratch_2_class_weights").value == "balanced"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("nonsense=1", "no setting 'nonsense'"), ("loss", "received 'loss'"), ("loss=x", "loss"),
        ("epochs=2,epochs = 3", "given twice, as 2 and as 3"), (f"{'flip=true,' * 99}  epochs=100", "They take 1,002 characters"),
    ],
)  # fmt: skip
def test_a_link_with_settings_that_are_none_is_said_and_the_recipe_stays(asked, words, empty_models, open_page):
    app = open_page("train", train_system="cnn1", train_set=asked)
    assert not app.exception and "settings that cannot be used" in shown(app) and words in shown(app)


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


def test_a_wrong_path_is_said_before_the_start(empty_models, open_page):
    app = open_page("train")
    app.text_input(key="train_data").set_value("/nowhere/at/all").run()
    assert "There is no data set at" in app.error[0].value
    assert app.button(key="train_start").disabled


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
    assert "epoch 1/8: 100%" in [code.value for code in app.code]


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
        ({"state": "running", "phase": "reading images"}, 0.0, "Reading the images"),
        ({"state": "running", "phase": "scoring"}, 1.0, "Scoring"),
        ({"state": "running", "phase": "decoding", "done": 50, "total": 200, "eta_seconds": 9}, 0.25, "50 of 200 images, about 9 s left"),
        ({"state": "running", "epoch": 3, "epochs": 4, "step": 5, "steps": 10, "eta_seconds": 30}, 0.625, "step 5 of 10, about 30 s left"),
        ({"state": "running", "epoch": 1, "epochs": 4, "step": 0, "steps": 10, "eta_seconds": None}, 0.0, "estimating"),
    ],
)  # fmt: skip
def test_progress_in_words(status, fraction, words):
    done, text = progress_of(Status(**status))
    assert done == pytest.approx(fraction)
    assert words in text


def test_a_run_of_another_machine_is_left_alone(empty_models, monkeypatch):
    run = create_run(plan("cnn1", 2), "data")
    run.write_status("queued", pid=os.getpid(), host=platform.node() + "-other")
    killed = []
    monkeypatch.setattr(jobs.os, "kill", lambda *signal: killed.append(signal))
    jobs.stop(run)
    assert not killed


def test_a_queued_run_that_nobody_will_train_can_be_started(empty_models):
    run = create_run(plan("cnn1", 2), "data")
    assert jobs.is_live(run) and not jobs.is_idle(run)  # a command line may be loading Keras
    run.write_status("queued", heartbeat="2026-01-01T00:00:00+00:00")
    assert not jobs.is_live(run)


@pytest.fixture
def queued(empty_models, phantoms, monkeypatch):
    """Three runs that wait, and no process that would train them."""
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    monkeypatch.setattr(jobs, "keep_going", lambda models=None: None)
    return [jobs.start(plan("cnn1", 2, seed=seed), str(phantoms), f"plan {seed}", "to compare *seeds*", 600) for seed in range(3)]


def rows(app) -> list[str]:
    """The names in the queue, in their order."""
    return [found for element in app.markdown if (found := re.match(r"\d\. \*\*(.*)\*\*", element.value))]


def names_in(app) -> list[str]:
    return [row.group(1) for row in rows(app)]


def test_the_queue_is_seen_moved_and_removed(queued, open_page):
    app = open_page("train")
    assert names_in(app) == ["plan 0", "plan 1", "plan 2"]
    assert "**3 trainings wait**, about 30 min" in shown(app) and "to compare \\*seeds\\*" in shown(app)
    assert app.button(key=f"train_up_{queued[0].name}").disabled and app.button(key=f"train_down_{queued[2].name}").disabled
    app.button(key=f"train_up_{queued[2].name}").click().run()
    assert names_in(app) == ["plan 0", "plan 2", "plan 1"]
    app.button(key=f"train_remove_{queued[0].name}").click().run()
    assert names_in(app) == ["plan 2", "plan 1"] == names_in(open_page("train")), "another tab sees the same"
    assert not app.exception and not queued[0].path.exists()


def test_the_queue_can_be_held_back(queued, open_page):
    app = open_page("train")
    app.button(key="train_queue_pause").click().run()
    assert ":orange-badge[paused]" in shown(app) and app.button(key="train_queue_pause").label == "Go on"
    app.button(key="train_queue_pause").click().run()
    assert "badge[paused]" not in shown(app)


def test_several_seeds_and_systems_are_started_at_once(empty_models, phantoms, monkeypatch, open_page, started):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="five_block_cnn", train_scope="Quick try")
    app.number_input(key="train_n_seeds").set_value(2)
    app.multiselect(key="train_also").set_value(["Lens-Scratch"])
    app.text_input(key="train_name").set_value("Baseline").run()
    app.button(key="train_start").click().run()
    assert not app.exception
    assert [(config.system, config.seed, config.recipe.epochs, config.limit) for config, *_ in started] == [
        # no limit: the phantoms are fewer than the 1,000 of a quick try
        ("five_block_cnn", 0, 3, None), ("five_block_cnn", 1, 3, None), ("lens_scratch", 0, 3, None), ("lens_scratch", 1, 3, None),
    ]  # fmt: skip
    assert [name for _, _, name, *_ in started][0::3] == ["Baseline, Five-block CNN, seed 0", "Baseline, Lens-Scratch, seed 1"]


def test_what_will_be_trained_on_is_said_before_the_start(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="cnn1")
    text = shown(app)
    assert "**CNN\\_1, seed 0**, on phantoms" in text and "| patients |" in text and "| Images | Train | Validation | Test |" in text
    app.selectbox(key="train_cnn1_2_sampling").set_value("undersample").run()
    assert "Each epoch shows" in shown(app)
    app.number_input(key="train_limit").set_value(3).run()
    assert "Training images at most” above 3" in app.error[0].value and app.button(key="train_start").disabled


def test_the_time_is_what_was_measured_here_or_an_offer_to_measure(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    assert "was not measured on this machine yet" in shown(open_page("train", train_system="cnn1"))
    speed.record(plan("cnn1"), 0.5, 0.1, "trial of 20 steps")
    app = open_page("train", train_system="cnn1")
    assert re.search(r"\*\*About \d+ min\*\* on this machine at most, as it may stop early", shown(app))
    assert "From a trial of 20 steps here" in shown(app) and "measure" not in [button.key for button in app.button]


@pytest.mark.parametrize(
    ("code", "words"),
    [("", "was not measured on this machine yet"), ("import sys; sys.exit('error: A step needs 9 GB.')", "A step needs 9 GB.")],
)
def test_a_measurement_is_followed_and_its_failure_is_said(code, words, empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    popen, started = subprocess.Popen, []

    def measure(command, **rest):
        assert command[1:3] == ["-m", "core.training.resources.speed_trial"]
        started.append(popen([sys.executable, "-S", "-c", f"input()\n{code}"], **rest | {"stdin": subprocess.PIPE}))
        return started[0]

    monkeypatch.setattr(training_trial.subprocess, "Popen", measure)
    app = open_page("train", train_system="cnn1")
    app.button(key="train_measure").click().run()
    assert "Measuring CNN_1: about" in app.get("progress")[0].proto.text
    started[0].communicate(b"\n")
    app.run()
    assert not app.exception and words in shown(app)


def test_a_measurement_can_be_cancelled(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    popen, started = subprocess.Popen, []

    def measure(command, **rest):
        started.append(popen([sys.executable, "-S", "-c", "input()"], **rest | {"stdin": subprocess.PIPE}))
        return started[0]

    monkeypatch.setattr(training_trial.subprocess, "Popen", measure)
    app = open_page("train", train_system="cnn1")
    app.button(key="train_measure").click().run()
    app.button(key="train_measure_cancel").click().run()
    assert started[0].returncode is not None and app.button(key="train_measure")


def test_a_run_without_its_model_is_shown_as_scores_only_with_the_command_that_makes_it_again(models_dir, make_run, open_page):
    make_run(models_dir, created="2026-02-01T00:00:00+00:00", seed=4)
    app = open_page("train")
    assert "scores only" in shown(app)
    assert any(code.value == "python -m core train cnn1 --data DATA --seed 4 --set epochs=3" for code in app.code)


def test_a_run_without_its_model_is_not_offered_to_continue_from(models_dir, make_run, open_page):
    ready, bare = (make_run(models_dir, created=f"2026-02-0{day}T00:00:00+00:00", seed=day) for day in (1, 2))
    ready.model_path.write_bytes(b"")
    for run in (ready, bare):
        run.write_config(run.config.model_copy(update={"n_classes": 3, "class_names": ("NORMAL", "BACTERIAL", "VIRAL")}))
    app = open_page("train", train_system="cnn1_transfer")
    assert app.selectbox(key="train_base_run").options == ["CNN_1, 3 classes, 3 epochs, batch 32 · seed 1"]


def test_tensorflow_talking_to_itself_is_no_progress(empty_models, make_run, open_page):
    run = make_run(empty_models)
    run.write_status("running", phase="reading images")
    run.log_path.write_text("WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
                            "epoch 1/2\nI0000 00:00:1700000000.000000 1 cudart_stub.cc:31] Could not find cuda drivers\n")  # fmt: skip
    app = open_page("train")
    assert not any("cudart_stub" in text.value for text in [*app.caption, *app.markdown, *app.code])
    assert app.get("progress")[0].proto.text == "Reading the images"
    assert jobs.log_tail(run) == "epoch 1/2"


def test_every_setting_of_a_recipe_stands_in_one_group():
    from dashboard.components.train.recipe_fields import GROUPS, MAIN

    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted([*grouped, *MAIN]) == sorted(Recipe.model_fields)


def test_the_images_are_there_again_after_another_page(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train")
    app.switch_page("views/data.py").run()
    app.switch_page("views/train.py").run()
    assert app.text_input(key="train_data").value == str(phantoms) and not app.button(key="train_start").disabled


def test_fields_are_as_they_were_left_after_another_page(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="cnn1")
    app.number_input(key="train_cnn1_2_epochs").set_value(4)
    app.toggle(key="train_cnn1_2_flip").set_value(False)
    app.number_input(key="train_seed").set_value(7)
    app.text_area(key="train_note").set_value("why")
    app.text_input(key="train_name").set_value("Mine").run()
    app.switch_page("views/data.py").run()
    app.query_params.clear()
    app.switch_page("views/train.py").run()
    assert app.selectbox(key="train_system").value == get_system("cnn1").title
    assert (app.number_input(key="train_cnn1_2_epochs").value, app.number_input(key="train_seed").value) == (4, 7)
    assert app.toggle(key="train_cnn1_2_flip").value is False
    assert (app.text_input(key="train_name").value, app.text_area(key="train_note").value) == ("Mine", "why")


def test_what_was_started_gives_its_name_away(empty_models, phantoms, monkeypatch, open_page, started):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="cnn1")
    app.text_area(key="train_note").set_value("why")
    app.text_input(key="train_name").set_value("Mine").run()
    app.button(key="train_start").click().run()
    assert started[0][2:4] == ("Mine", "why") and not app.exception
    assert (app.text_input(key="train_name").value, app.text_area(key="train_note").value) == ("", "")


def test_a_name_too_long_is_said_with_how_much(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("train", train_system="cnn1")
    app.text_input(key="train_name").set_value("x" * 83).run()
    assert "has 83 characters; shorten it by 3" in app.warning[0].value and app.button(key="train_start").disabled
    app.text_input(key="train_name").set_value("x" * 75)
    app.number_input(key="train_n_seeds").set_value(2).run()
    assert "with what tells the trainings apart, has 83 characters" in app.warning[0].value, "75 and “, seed 0”"


def test_a_page_loaded_anew_keeps_its_folder(empty_models, phantoms, open_page):
    app = open_page("train", train_data=str(phantoms))
    assert app.text_input(key="train_data").value == str(phantoms) and not app.button(key="train_start").disabled
    assert "Data: phantoms (40 images), chosen by you in this session." in shown(app)


def test_the_latest_are_those_that_can_be_used_where_there_are_such(models_dir, make_run):
    from dashboard.components.train.progress import latest

    ready, bare, stopped = (make_run(models_dir, created=f"2026-02-0{day}T00:00:00+00:00", seed=day) for day in (1, 2, 3))
    ready.model_path.write_bytes(b"")
    stopped.write_status("stopped", reason="asked to stop")
    assert latest([stopped, bare, ready]) == ("Latest that can read a film or be resumed", [stopped, ready])
    assert latest([bare]) == ("Latest", [bare]) and latest([]) == ("Latest", [])
