"""Training on phantoms: a whole run, stopping, dying, continuing, and what is refused. Real models, nothing mocked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.planning import plan
from core.runs import create_run, list_runs, open_run
from core.screening import measuring

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def finished(phantoms, tmp_path_factory):
    """A five_block_cnn (the smallest input) trained for two epochs on phantoms."""
    from core.training import train

    models = tmp_path_factory.mktemp("models")
    run = create_run(plan("five_block_cnn", settings={"epochs": "2", "batch_size": "8"}, seed=3), phantoms, models)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measuring, "MIN_VAL", 1)  # so few phantoms are enough here
        outcome = train(run)
    return run, outcome


def test_finished_run_has_every_file(finished):
    run, outcome = finished
    assert outcome.state == run.state == "finished"
    assert outcome.epochs == 2 and outcome.images_per_second > 0
    assert {p.name for p in run.path.iterdir()} == {
        "config.json", "history.csv", "predictions.parquet", "model.keras", "card.json", "status.json", "split.parquet",
        "battery.parquet", "reference.npz",
    }  # fmt: skip
    assert run.history["epoch"].tolist() == [1, 2]
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds"} <= set(run.history)


def test_config_records_what_is_needed_to_repeat_it(finished, phantoms):
    config = finished[0].config
    assert (config.seed, config.data_title, config.class_names) == (3, phantoms.name, ("NORMAL", "PNEUMONIA"))
    assert len(config.fingerprint) == 16
    assert {"keras", "tensorflow", "numpy"} <= set(config.versions)
    assert config.device["precision"] in ("float32", "mixed_bfloat16", "mixed_float16")
    assert str(phantoms) not in (finished[0].path / "config.json").read_text(), "a run names no path of the machine"


def test_splits_are_recorded_and_share_no_patient(finished):
    from core.datasets.names import parse

    split = finished[0].split
    predictions = finished[0].predictions
    assert set(predictions["split"]) == {"val", "test"}
    assert set(predictions["sample_id"]) == set(split.loc[split["split"].isin(["val", "test"]), "sample_id"])
    patients = parse(split["sample_id"])["patient_id"].groupby(split["split"]).agg(set)
    assert not patients["train"] & patients["val"] and not patients["train"] & patients["test"]


def test_stored_scores_are_those_of_the_saved_model(finished, phantoms):
    from core.datasets import open_dataset
    from core.inference import load_model, predict

    run, dataset = finished[0], open_dataset(phantoms)
    table = run.predictions.sample(5, random_state=0)
    pixels = np.stack([dataset.read(sample_id, run.config.image_size) for sample_id in table["sample_id"]])
    scores = predict(load_model(run), pixels)
    np.testing.assert_allclose(scores[:, 1], table["p_PNEUMONIA"], atol=1e-4)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)


def test_thresholds_come_from_validation_only(finished):
    from core.metrics.thresholds import choose_thresholds

    run = finished[0]
    validation = run.predictions.query("split == 'val'")
    expected = choose_thresholds(validation["y_true"].to_numpy(), validation["p_PNEUMONIA"].to_numpy())
    battery = choose_thresholds(run.battery["y_true"].to_numpy(), run.battery["p_PNEUMONIA"].to_numpy())["youden"]
    assert run.card["thresholds"] == pytest.approx(expected | {"battery": battery}, abs=1e-6)
    assert run.card["recommended"]["rule"] == "battery" and run.card["recommended"]["value"] == pytest.approx(battery)


def test_battery_holds_every_validation_image_without_each_clue(finished):
    from core.battery import VARIANTS

    run = finished[0]
    validation = run.predictions.query("split == 'val'").set_index("sample_id")["y_true"]
    for _, group in run.battery.groupby("variant"):
        assert group.set_index("sample_id")["y_true"].to_dict() == validation.to_dict()
    assert set(run.battery["variant"]) == set(VARIANTS)


def test_saved_model_has_no_optimiser(finished):
    import keras

    assert not keras.models.load_model(finished[0].model_path, safe_mode=True).compiled


def test_the_arithmetic_of_a_run_ends_with_it(phantoms, tmp_path, monkeypatch):
    import keras

    from core import training

    def fit(*arguments):
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        raise InputError("enough")

    monkeypatch.setattr(training, "fit", fit)
    with pytest.raises(InputError, match="enough"):
        training.train(create_run(plan("five_block_cnn", settings={"precision": "mixed_bfloat16"}), phantoms, tmp_path))
    assert keras.config.dtype_policy().name == "float32"


def test_finished_run_is_not_trained_again(finished):
    from core.training import train

    with pytest.raises(InputError, match="is finished"):
        train(finished[0])


def start_process(phantoms, models, *extra):
    command = [sys.executable, "-m", "core", "train", "five_block_cnn", "--data", str(phantoms), "--models", str(models), "--json"]
    return subprocess.Popen([*command, *extra], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)


def wait_for_epoch(models: Path, epoch: int, process) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        runs, _ = list_runs(models)
        if runs and len(runs[0].history) >= epoch and runs[0].checkpoint_path.exists():
            return
        if process.poll() is not None:
            pytest.fail(f"the training ended early: {process.stderr.read()[-2000:]}")
        time.sleep(0.05)
    pytest.fail("no epoch was finished in ten minutes")


def test_sigterm_keeps_the_best_model_and_the_run_can_be_continued(phantoms, tmp_path):
    process = start_process(phantoms, tmp_path, "--epochs", "6", "--set", "early_stopping=none")
    wait_for_epoch(tmp_path, 1, process)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    answer = json.loads(output)
    run = open_run(answer["run"], tmp_path)
    assert answer["status"] == run.state == "stopped"
    assert run.model_path.exists() and 1 <= len(run.history) < 6
    assert not (run.path / "predictions.parquet").exists(), "test images are scored once, when the run is finished"

    command = [sys.executable, "-m", "core", "train", "--resume", str(run.path), "--json"]
    resumed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert json.loads(resumed.stdout)["status"] == "finished"
    assert run.history["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert not run.checkpoint_path.exists()


def test_sigterm_before_the_first_epoch_leaves_a_stopped_run(phantoms, tmp_path, monkeypatch):
    from core import training

    def asked_to_stop(*arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    run = create_run(plan("five_block_cnn", settings={"epochs": "1"}), phantoms, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(training, "pixel_store", asked_to_stop)
        assert training.train(run).state == run.state == "stopped"
    assert training.train(run).state == "finished"


def test_killed_run_is_seen_as_failed_and_can_be_continued(phantoms, tmp_path):
    from core.training import train

    process = start_process(phantoms, tmp_path, "--epochs", "3")
    wait_for_epoch(tmp_path, 1, process)
    process.kill()
    process.communicate()
    run = list_runs(tmp_path)[0][0]
    assert run.state == "failed" and "resume" in run.status["reason"]
    assert train(run).state == "finished"
    assert run.history["epoch"].is_monotonic_increasing and run.history["epoch"].iloc[-1] == 3


LENS_LIKE = {"plateau_patience": "none", "cosine": "true", "averaging": "0.9", "selection": "battery", "optimizer": "adamw"}


@pytest.mark.parametrize(
    ("system", "settings"),
    [
        ("five_block_cnn", {"plateau_patience": "1"}),
        ("five_block_cnn", LENS_LIKE | {"crop_area": "0.3", "cutmix": "0.5", "clue_removal": "0.5"}),
        pytest.param("vgg16_flat", {"weights": "none"}, marks=pytest.mark.slow),
    ],
    ids=["plateau", "cosine with averaged weights", "frozen features"],
)
def test_continued_run_ends_where_an_unbroken_one_does(system, settings, phantoms, tmp_path, monkeypatch):
    from core import fitting, training
    from core.journal import Journal, StopRequested

    config = plan(system, settings={"epochs": "3", "batch_size": "16"} | settings, seed=1)
    unbroken = create_run(config, phantoms, tmp_path)
    training.train(unbroken)

    class StopsAfterTwo(Journal):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            if epoch == 1:
                raise StopRequested

    broken = create_run(config, phantoms, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "Journal", StopsAfterTwo)
        assert training.train(broken).state == "stopped"
    assert training.train(broken).state == "finished"
    columns = ["loss", "val_loss", "learning_rate"]
    np.testing.assert_allclose(broken.history[columns], unbroken.history[columns], rtol=1e-3)
    scores = [run.predictions[f"p_{config.class_names[1]}"] for run in (broken, unbroken)]
    np.testing.assert_allclose(*scores, atol=2e-3)


def test_averaged_weights_are_what_is_kept(phantoms, tmp_path):
    """With a momentum close to 1 the average stays near the start, whatever the last step did."""
    import keras

    from core.architectures import get_system
    from core.inference import load_model
    from core.training import train

    slow = {"epochs": "1", "averaging": "0.9999", "learning_rate": "0.01", "plateau_patience": "none"}
    run = create_run(plan("five_block_cnn", settings=slow, seed=2, limit=30), phantoms, tmp_path)
    train(run)
    kept = load_model(run).get_layer("logits").get_weights()[0]
    keras.utils.set_random_seed(2)
    first = get_system("five_block_cnn").build().get_layer("logits").get_weights()[0]
    steps = -(-int((run.split["split"] == "train").sum()) // run.config.recipe.batch_size)
    assert np.abs(kept - first).max() < 0.02 * steps, "the average is close to the start"
    assert not np.array_equal(kept, first)


def test_replay_restores_patience():
    import keras

    from core.checkpoints import Replay

    early = keras.callbacks.EarlyStopping("val_loss", patience=3)
    early.set_model(keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]))
    early.on_train_begin()
    history = pd.DataFrame({"epoch": [1, 2, 3], "val_loss": [0.5, 0.6, 0.7]})
    Replay(history, [early]).on_train_begin()
    assert early.wait == 2 and early.best == 0.5


def test_limit_takes_that_share_of_train_and_leaves_test_whole(phantoms, tmp_path):
    from core.datasets import open_dataset
    from core.training import _split

    samples = open_dataset(phantoms).samples
    split = _split(samples, plan("cnn1", limit=20))
    assert abs((split.isin(["train", "val"])).sum() - 20) <= 1
    assert (split == "test").sum() == (samples["split"] == "test").sum()


def test_continued_cnn1_takes_the_trained_convolutions(phantoms, tmp_path):
    from core.inference import load_model
    from core.training import train

    with pytest.raises(InputError, match="train it first"):
        plan("cnn1_transfer", models=tmp_path)
    base = create_run(plan("cnn1", 3, {"epochs": "1"}, limit=30), phantoms, tmp_path)
    train(base)
    run = create_run(plan("cnn1_transfer", settings={"epochs": "1"}, limit=30, models=tmp_path), phantoms, tmp_path)
    assert run.config.base_run == base.name
    train(run)
    source, model = load_model(base), load_model(run)
    for layer in ("cnn1_conv1", "cnn1_conv3"):
        np.testing.assert_array_equal(model.get_layer(layer).get_weights()[0], source.get_layer(layer).get_weights()[0])
    assert run.config.class_names == ("NORMAL", "BACTERIAL", "VIRAL")


def test_failure_is_recorded_with_its_reason(lay, tmp_path):
    from core.training import train

    folder = lay(*(f"train/{name}/x{i}.jpeg" for name in ("CAT", "DOG") for i in range(8)))
    run = create_run(plan("cnn1"), folder, tmp_path)
    with pytest.raises(InputError, match="needs the classes NORMAL, PNEUMONIA; found CAT, DOG"):
        train(run)
    assert run.state == "failed" and "CAT" in run.status["reason"]


def test_stages_before_and_after_the_epochs_are_recorded(phantoms, tmp_path, monkeypatch):
    from core import journal

    monkeypatch.setattr(journal, "HEARTBEAT_SECONDS", -1.0)
    run = create_run(plan("cnn1"), phantoms, tmp_path)
    seen = []
    stage = journal.recorded(run, lambda name: lambda done, total: seen.append((name, done, total)))
    report = stage("decoding")
    report(0, 10)
    report(4, 10)
    assert seen == [("decoding", 0, 10), ("decoding", 4, 10)]
    status = run.status
    assert (status["phase"], status["done"], status["total"]) == ("decoding", 4, 10) and status["eta_seconds"] >= 0
