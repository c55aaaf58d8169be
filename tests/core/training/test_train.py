"""Training on phantoms: a whole run, what is recorded and said, and what is refused. Real models, nothing mocked."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from core.errors import InputError
from core.input_checks import measure as measuring
from core.runs.store import create_run
from core.training.plan import plan
from tests.small_films import small_films

pytestmark = pytest.mark.usefixtures("small_films")


@pytest.fixture(scope="module")
def finished(phantoms, tmp_path_factory):
    """A five_block_cnn trained for two epochs on phantoms."""
    from core.training.train import train

    models = tmp_path_factory.mktemp("models")
    with small_films(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(measuring, "MIN_VAL", 1)  # so few phantoms are enough here
        run = create_run(plan("five_block_cnn", settings={"epochs": "2", "batch_size": "19"}, seed=3), phantoms, models)
        outcome = train(run)
    return run, outcome


def test_finished_run_has_every_file(finished):
    run, outcome = finished
    assert outcome.state == run.state == "finished"
    assert outcome.epochs == 2 and outcome.images_per_second > 0
    assert {p.name for p in run.path.iterdir()} == {
        "config.json", "history.csv", "predictions.parquet", "model.keras", "card.json", "status.json", "split.parquet",
        "battery.parquet", "reference.npz", "unlikeness.parquet",
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
    from core.datasets.kermany_names import parse

    split = finished[0].split
    predictions = finished[0].predictions
    assert set(predictions["split"]) == {"val", "test"}
    assert set(predictions["sample_id"]) == set(split.loc[split["split"].isin(["val", "test"]), "sample_id"])
    patients = parse(split["sample_id"])["patient_id"].groupby(split["split"]).agg(set)
    assert not patients["train"] & patients["val"] and not patients["train"] & patients["test"]


def test_stored_scores_are_those_of_the_saved_model(finished, phantoms):
    from core.datasets import open_dataset
    from core.inference.predict import load_model, predict

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
    assert run.card.thresholds == pytest.approx(expected | {"battery": battery}, abs=1e-6)
    assert run.card.recommended.rule == "half" and run.card.recommended.value == 0.5


def test_battery_holds_every_validation_image_without_each_clue(finished):
    from core.images.corruptions import VARIANTS

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

    from core.training import train as training

    def fit(*arguments):
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
        raise InputError("enough")

    monkeypatch.setattr(training, "fit", fit)
    with pytest.raises(InputError, match="enough"):
        training.train(create_run(plan("five_block_cnn", settings={"precision": "mixed_bfloat16"}), phantoms, tmp_path))
    assert keras.config.dtype_policy().name == "float32"


def test_finished_run_is_not_trained_again(finished):
    from core.training.train import train

    with pytest.raises(InputError, match="is finished"):
        train(finished[0])


def test_averaged_weights_are_what_is_kept(phantoms, tmp_path):
    """With a momentum close to 1 the average stays near the start, whatever the last step did."""
    import keras

    from core.architectures import get_system
    from core.inference.predict import load_model
    from core.training.train import train

    slow = {"epochs": "1", "averaging": "0.9999", "learning_rate": "0.01", "plateau_patience": "none"}
    run = create_run(plan("cnn1", settings=slow, seed=2, limit=30), phantoms, tmp_path)
    train(run)
    kept = load_model(run).get_layer("logits").get_weights()[0]
    keras.utils.set_random_seed(2)
    first = get_system("cnn1").build().get_layer("logits").get_weights()[0]
    steps = -(-int((run.split["split"] == "train").sum()) // run.config.recipe.batch_size)
    assert np.abs(kept - first).max() < 0.02 * steps, "the average is close to the start"
    assert not np.array_equal(kept, first)


@pytest.mark.long
def test_continued_cnn1_takes_the_trained_convolutions(phantoms, tmp_path):
    from core.inference.predict import load_model
    from core.training.train import train

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
    from core.training.train import train

    folder = lay(*(f"train/{name}/x{i}.jpeg" for name in ("CAT", "DOG") for i in range(8)))
    run = create_run(plan("cnn1"), folder, tmp_path)
    with pytest.raises(InputError, match="names CAT and DOG do not tell which class is the illness"):
        train(run)
    assert run.state == "failed" and "CAT" in run.status.reason


def test_stages_before_and_after_the_epochs_are_recorded(phantoms, tmp_path, monkeypatch):
    from core.training.callbacks import progress as journal

    monkeypatch.setattr(journal, "HEARTBEAT_SECONDS", -1.0)
    run = create_run(plan("cnn1"), phantoms, tmp_path)
    seen = []
    stage = journal.recorded(run, lambda name: lambda done, total: seen.append((name, done, total)))
    report = stage("decoding")
    report(0, 10)
    report(4, 10)
    assert seen == [("decoding", 0, 10), ("decoding", 4, 10)]
    status = run.status
    assert (status.phase, status.done, status.total) == ("decoding", 4, 10) and status.eta_seconds >= 0


def test_a_resumed_run_keeps_the_arithmetic_of_its_first_part(phantoms, tmp_path, monkeypatch):
    from core.training import train as training

    def fit(*arguments):
        raise InputError("enough")

    monkeypatch.setattr(training, "fit", fit)
    monkeypatch.setattr(training, "choose_precision", lambda config, device: ("mixed_bfloat16", "as the hardware was then"))
    run = create_run(plan("five_block_cnn"), phantoms, tmp_path)
    for other in ("float32", "mixed_float16"):
        with pytest.raises(InputError, match="enough"):
            training.train(run)
        monkeypatch.setattr(training, "choose_precision", lambda config, device, other=other: (other, "another machine"))
    assert (run.config.device["precision"], run.config.device["precision_why"]) == ("mixed_bfloat16", "as the hardware was then")


def test_a_training_that_diverges_at_once_fails_and_says_so(phantoms, tmp_path, monkeypatch):
    from core.training import train as training
    from core.training.callbacks.divergence import Diverged

    def fit(*arguments):
        raise Diverged("the loss was not a number any more at step 2 of epoch 1")

    monkeypatch.setattr(training, "fit", fit)
    run = create_run(plan("five_block_cnn", settings={"learning_rate": "10"}), phantoms, tmp_path)
    with pytest.raises(InputError, match=r"diverged: the loss was not a number .* smaller learning_rate, such as 0.001 \(it was 10\)"):
        training.train(run)
    assert run.state == "failed" and "diverged" in run.status.reason


def test_a_training_that_diverges_later_keeps_its_good_epoch_and_its_card_says_so(finished, phantoms, tmp_path, monkeypatch):
    from core.training import train as training
    from core.training.callbacks.divergence import Diverged

    def fit(run, *arguments):
        shutil.copy(finished[0].model_path, run.model_path)
        run.append_history(finished[0].history.iloc[0].to_dict() | {"epoch": 1})
        raise Diverged("the loss was not a number any more at step 2 of epoch 2")

    monkeypatch.setattr(training, "fit", fit)
    outcome = training.train(run := create_run(plan("five_block_cnn", settings={"batch_size": "500"}), phantoms, tmp_path))
    assert outcome.state == run.state == "finished" and run.card.warnings == list(outcome.warnings)
    clipped, said, *_ = outcome.warnings
    assert clipped.startswith("The batch size of 500 is more than the 38 images of an epoch")
    assert "the model kept is of the 1 epoch before" in said and "smaller learning_rate" in said


def test_a_step_that_does_not_fit_into_memory_is_refused_before_anything_is_decoded(phantoms, tmp_path, monkeypatch):
    from core.datasets import split_images
    from core.machine import free_space as room
    from core.training import train as training
    from core.training.resources import batch_size

    for module in (batch_size, room):
        monkeypatch.setattr(module, "free_memory", lambda: 10e6)
    monkeypatch.setattr(split_images, "pixel_store", None)
    run = create_run(plan("five_block_cnn", settings={"precision": "float32"}), phantoms, tmp_path)
    with pytest.raises(InputError, match=r"A training step of 32 80-pixel images of five_block_cnn needs about .* 10 MB are free"):
        training.train(run)
    assert run.state == "failed"


@pytest.mark.parametrize(("system", "words"), [("imported", "came from elsewhere"), ("ensemble", "a mean of other runs")])
def test_what_was_never_trained_here_is_not_continued(system, words, finished, tmp_path):
    from core.training.train import train

    run = create_run(finished[0].config.model_copy(update={"system": system}), tmp_path, tmp_path)
    with pytest.raises(InputError, match=words):
        train(run)
