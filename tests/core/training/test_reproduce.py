"""The reproduction trains what is missing, finds what is there, and names what failed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.reporting.published_vs_measured import departures, replication
from core.runs.store import create_run
from core.training import reproduce as reproduction
from core.training.plan import plan
from core.training.reproduce import Training, published, reproduce


def finish(run, accuracy=1.0):
    """Ten test images, of which a share is called right at the recommended threshold."""
    n_classes = run.config.n_classes
    y = np.arange(10) % n_classes
    called = np.where(np.arange(10) < round(10 * accuracy), y, (y + 1) % n_classes)
    scores = np.full((10, n_classes), 0.1 / (n_classes - 1))
    scores[np.arange(10), called] = 0.9
    table = pd.DataFrame({"sample_id": [f"test/NORMAL/x{i}.jpeg" for i in range(10)], "split": "test", "y_true": y})
    table[[f"p_{name}" for name in run.config.class_names]] = scores
    run.write_predictions(table)
    run.write_card({"recommended": {"rule": "half", "value": 0.5}} if n_classes == 2 else {})
    run.write_status("finished")
    return run


def fingerprinted(config, fingerprint="f" * 16):
    return config.model_copy(update={"fingerprint": fingerprint})


def test_every_published_row_is_planned_and_none_of_ours():
    keys = [(system.key, variant.n_classes) for system, variant in published()]
    assert len(keys) == 9 and not any(key.startswith("lens") for key, _ in keys)
    assert keys.index(("cnn1", 3)) < keys.index(("cnn1_transfer", 3))


def test_finished_runs_are_found_and_not_trained_again(tmp_path, monkeypatch):
    run = finish(create_run(fingerprinted(plan("three_conv_cnn", seed=1)), "data", tmp_path))
    create_run(fingerprinted(plan("three_conv_cnn", settings={"epochs": "1"}, seed=0)), "data", tmp_path)
    trained = []
    monkeypatch.setattr(
        reproduction, "_train", lambda s, v, seed, arguments: trained.append(arguments) or Training(s.key, 2, seed, "new", "trained")
    )
    found = list(reproduce("data", "f" * 16, (0, 1), ("three_conv_cnn",), str(tmp_path)))
    assert [(t.seed, t.status) for t in found] == [(0, "trained"), (1, "found")] and found[1].run == run.name
    assert trained == [["three_conv_cnn", "--labels", "2", "--seed", "0", "--data", "data", "--models", str(tmp_path)]]


def test_settings_that_no_recipe_takes_are_refused_before_any_training():
    with pytest.raises(InputError, match="batch_size is not valid"):
        next(reproduce("data", "f" * 16, (0,), settings={"batch_size": "0"}))


def test_a_finished_continuation_is_found_though_its_base_is_gone(tmp_path, monkeypatch):
    base = finish(create_run(fingerprinted(plan("cnn1", 3)), "data", tmp_path))
    (base.path / "model.keras").write_bytes(b"something")
    run = finish(create_run(fingerprinted(plan("cnn1_transfer", 3, models=str(tmp_path))), "data", tmp_path))
    (base.path / "model.keras").unlink()
    (found,) = reproduce("data", "f" * 16, (0,), ("cnn1_transfer",), str(tmp_path))
    assert (found.status, found.run) == ("found", run.name)


def test_what_a_recipe_departs_in_is_told_by_the_names_of_its_settings(tmp_path):
    runs = [create_run(config, "data", tmp_path) for config in (plan("cnn1"), plan("cnn1", settings={"cutmix": "0.5"}, limit=40))]
    other = runs[0].config.model_copy(update={"system": "ensemble", "members": ("a", "b")})
    assert [departures(run) for run in runs] == ["", "CutMix 0.5, 40 training images"]
    runs[0].write_config(other)
    assert departures(runs[0]) == ""


def test_other_images_do_not_count(tmp_path, monkeypatch):
    finish(create_run(fingerprinted(plan("three_conv_cnn"), "e" * 16), "data", tmp_path))
    monkeypatch.setattr(reproduction, "_train", lambda s, v, seed, arguments: Training(s.key, 2, seed, "new", "trained"))
    assert [t.status for t in reproduce("data", "f" * 16, (0,), ("three_conv_cnn",), str(tmp_path))] == ["trained"]


def test_stopped_runs_are_continued(tmp_path, monkeypatch):
    run = create_run(fingerprinted(plan("three_conv_cnn")), "data", tmp_path)
    run.checkpoint_path.write_bytes(b"something")
    run.write_status("stopped")
    trained = []
    monkeypatch.setattr(
        reproduction, "_train", lambda s, v, seed, arguments: trained.append(arguments) or Training(s.key, 2, seed, "r", "trained")
    )
    list(reproduce("data", "f" * 16, (0,), ("three_conv_cnn",), str(tmp_path)))
    assert trained[0][:2] == ["--resume", run.name]


def test_continued_cnn1_takes_the_one_of_its_seed_and_fails_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(reproduction, "_train", lambda s, v, seed, arguments: Training(s.key, 3, seed, " ".join(arguments), "trained"))
    (failed,) = reproduce("data", "f" * 16, (1,), ("cnn1_transfer",), str(tmp_path))
    assert failed.status == "failed" and "train it first" in failed.reason
    bases = [finish(create_run(fingerprinted(plan("cnn1", 3, seed=seed)), "data", tmp_path)) for seed in (0, 1)]
    for base in bases:
        (base.path / "model.keras").write_bytes(b"something")
    (found,) = reproduce("data", "f" * 16, (1,), ("cnn1_transfer",), str(tmp_path))
    assert f"base_run={bases[1].name}" in found.run


@pytest.mark.long
def test_one_training_in_a_process_of_its_own(phantoms, tmp_path, monkeypatch):
    """Without pretrained weights or network a transfer system is named with the reason; a scratch one is trained."""
    from core.datasets import open_dataset

    fingerprint = open_dataset(phantoms).fingerprint
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    models = tmp_path / "models"
    (failed,) = reproduce(str(phantoms), fingerprint, (0,), ("vgg16_flat",), str(models))
    assert failed.status == "failed" and "vgg16_weights" in failed.reason and failed.run is None
    short = {"epochs": "1", "batch_size": "19"}
    (trained,) = reproduce(str(phantoms), fingerprint, (0,), ("three_conv_cnn",), str(models), short)
    assert trained.status == "trained"
    (found,) = reproduce(str(phantoms), fingerprint, (0,), ("three_conv_cnn",), str(models), short)
    assert found == Training("three_conv_cnn", 2, 0, trained.run, "found")


def test_unknown_system_is_refused(tmp_path):
    with pytest.raises(InputError, match="no published system 'lens_scratch'"):
        list(reproduce("data", "", (0,), ("lens_scratch",), str(tmp_path)))


def test_replication_averages_over_seeds_and_leaves_other_recipes_out(tmp_path):
    runs = [finish(create_run(plan("three_conv_cnn", seed=seed), "d", tmp_path), accuracy) for seed, accuracy in ((0, 0.8), (1, 0.6))]
    runs.append(finish(create_run(plan("three_conv_cnn", settings={"epochs": "1"}, seed=2), "d", tmp_path)))
    runs.append(finish(create_run(plan("three_conv_cnn", seed=3, limit=5), "d", tmp_path)))
    row = replication(runs).set_index(["system", "n_classes"]).loc[("three_conv_cnn", 2)]
    assert (row["n_runs"], row["seeds"]) == (2, [0, 1])
    assert row["accuracy"] == pytest.approx(0.7) and row["accuracy_sd"] == pytest.approx(np.std([0.8, 0.6], ddof=1))
    assert row["accuracy_low"] < 0.6 < 0.8 < row["accuracy_high"]
    assert row["published_accuracy"] == 0.74


def test_replication_has_a_row_for_each_system_without_runs():
    table = replication([])
    assert len(table) >= 13 and (table["n_runs"] == 0).all() and table["accuracy"].isna().all()
