"""The command line against the interface: JSON keys, exit codes, one `error:` line; on a real run on phantoms."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from core.__main__ import main
from core.errors import InputError
from tests.small_films import SIDE

PROJECT = Path(__file__).parents[3]
BINARY = {"accuracy", "sensitivity", "specificity", "precision", "f1", "roc_auc", "average_precision", "brier", "ece"}


@pytest.fixture(scope="module")
def models(trained_runs, tmp_path_factory):
    """Two finished runs with two classes and one with three, trained on phantoms."""
    return shutil.copytree(trained_runs, tmp_path_factory.mktemp("commands") / "models")


@pytest.fixture
def call(models, monkeypatch, capsys):
    """Run a command in this process: exit code, parsed JSON (or None) and standard error."""
    monkeypatch.setenv("PNEUMOLENS_MODELS", str(models))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["core", *map(str, arguments)])
        code = main()
        captured = capsys.readouterr()
        return code, json.loads(captured.out) if captured.out.strip() else None, captured.err

    return run


@pytest.fixture
def two(call):
    """Names of the two-class runs."""
    return [row["run"] for row in call("runs", "--json")[1]["runs"] if "sensitivity" in row["metrics"]]


@pytest.fixture
def three(call):
    """Name of the three-class run."""
    return next(row["run"] for row in call("runs", "--json")[1]["runs"] if "macro_f1" in row["metrics"])


def assert_refused(answer, *words):
    code, output, errors = answer
    lines = [line for line in errors.splitlines() if line.startswith("error:")]
    assert (code, output, len(lines)) == (2, None, 1), errors
    for word in words:
        assert word in lines[0]


def test_systems(call):
    code, answer, _ = call("systems", "--json")
    keys = {"key", "title", "source", "n_classes", "image_size", "params_total", "params_trainable", "published"}
    assert code == 0 and all(set(row) == keys for row in answer["systems"])
    assert [(row["key"], row["n_classes"]) for row in answer["systems"]].count(("cnn1", 3)) == 1


def test_index(call, phantoms):
    code, answer, _ = call("index", phantoms, "--json")
    keys = {"n_images", "counts", "positive", "n_patients", "n_left_out", "unreadable", "notes", "fingerprint", "seconds"}
    assert code == 0 and set(answer) == keys
    assert answer["n_images"] == 60 == sum(n for counts in answer["counts"].values() for n in counts.values())
    assert set(answer["counts"]) == {"train", "test"} and set(answer["counts"]["test"]) == {"NORMAL", "PNEUMONIA"}
    three = call("index", phantoms, "--labels", "3", "--json")[1]
    assert set(three["counts"]["train"]) == {"NORMAL", "BACTERIAL", "VIRAL"}
    assert three["counts"]["train"]["NORMAL"] == answer["counts"]["train"]["NORMAL"]


def test_index_names_bad_files_and_uses_the_good_ones(call, lay):
    folder = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/person1_virus_1.jpeg", "train/PNEUMONIA/person2_virus_2.jpeg")
    (folder / "train/NORMAL/text.jpeg").write_text("not an image")
    whole = (folder / "train/PNEUMONIA/person1_virus_1.jpeg").read_bytes()
    (folder / "train/PNEUMONIA/person2_virus_2.jpeg").write_bytes(whole[: len(whole) // 2])
    code, answer, _ = call("index", folder, "--json")
    assert (code, answer["n_images"]) == (0, 2)
    reasons = {Path(bad["path"]).name: bad["reason"] for bad in answer["unreadable"]}
    assert "not a JPEG" in reasons["text.jpeg"] and "cut short" in reasons["person2_virus_2.jpeg"]


def test_audit(call, phantoms):
    code, answer, _ = call("audit", phantoms, "--json")
    keys = {"id", "severity", "title", "value", "n_samples", "explanation"}
    assert code == 0 and all(set(row) == keys for row in answer["findings"])
    assert {row["id"] for row in answer["findings"]} >= {
        "exact_duplicates", "near_duplicates", "patients_across_splits", "encoding_shortcut", "size_shortcut", "class_imbalance",
        "split_shift", "unreadable",
    }  # fmt: skip


def test_audit_writes_the_images_concerned(call, phantoms, tmp_path):
    code, answer, _ = call("audit", phantoms, "--csv", tmp_path / "images.csv", "--json")
    assert code == 0 and answer["findings"]
    assert (tmp_path / "images.csv").read_text().startswith("finding,sample_id,note")


def test_tables_for_readers_have_a_column_for_each_metric_and_whole_sentences(call, two, monkeypatch, capsys):
    def printed(*arguments):
        monkeypatch.setattr(sys, "argv", ["core", *arguments])
        assert main() == 0
        return capsys.readouterr().out

    rows = {row["run"]: row for row in call("runs", "--json")[1]["runs"]}
    text, accuracy = printed("runs"), rows[two[0]]["metrics"]["accuracy"]
    line = next(line for line in text.splitlines() if two[0] in line)
    assert f"{accuracy['value']:.3f} ({accuracy['low']:.3f}–{accuracy['high']:.3f})" in line and "{" not in text
    answer, shown = call("compare", *two, "--json")[1], printed("compare", *two)
    sentence = answer["verdicts"][0]["sentence"]
    assert sentence in " ".join(shown.split())
    assert all(row["name"] in sentence and row["run"] not in sentence for row in answer["runs"]), "runs are called as on the pages"
    text = printed("systems")
    assert "accuracy 0.820, sensitivity 0.995" in text and "266306" in text


def test_names_with_line_breaks_of_other_alphabets_are_read_on_one_line(call, two, lay, monkeypatch, capsys):
    odd = "person1_virus_1 \u2028\x85\x0b\x1cx.jpeg"
    folder = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/person1_virus_1.jpeg", f"train/PNEUMONIA/{odd}")
    broken = folder / "train/NORMAL" / odd
    broken.write_text("not an image")
    for arguments in (["index", folder], ["audit", folder], ["predict", two[0], folder / "train/PNEUMONIA" / odd, broken]):
        monkeypatch.setattr(sys, "argv", ["core", *map(str, arguments)])
        assert main() == 0, arguments
        text = capsys.readouterr().out
        assert text.strip() and not set("\u2028\x85\x0b\x1c") & set(text), arguments
        assert text.splitlines() == text.rstrip("\n").split("\n") and (arguments[0] == "audit" or "person1_virus_1 x.jpeg" in text)


def test_the_note_on_threshold_rules_is_said_once(call, monkeypatch, capsys):
    monkeypatch.setattr("core.metrics.rules_apart.rules_note", lambda runs: "One stands apart.")
    monkeypatch.setattr(sys, "argv", ["core", "runs"])
    assert main() == 0
    captured = capsys.readouterr()
    assert (captured.out + captured.err).count("One stands apart.") == 1 and call("runs", "--json")[1]["notes"] == ["One stands apart."]


def test_runs(call, models):
    code, answer, errors = call("runs", "--json")
    assert code == 0 and len(answer["runs"]) == 3
    keys = {"run", "name", "group", "seed", "has_model", "system", "status", "metrics", "worst_group", "warnings"}
    keys |= {"note", "baseline", "archived"}
    assert all(set(row) == keys and row["status"] == "finished" for row in answer["runs"])
    assert len({row["name"] for row in answer["runs"]}) == 3
    (models / "cnn1-half-written").mkdir()
    try:
        code, answer, errors = call("runs", "--json")
    finally:
        (models / "cnn1-half-written").rmdir()
    assert code == 0 and len(answer["runs"]) == 3 and "cnn1-half-written" in errors


def test_evaluate_two_classes(call, two):
    code, answer, _ = call("evaluate", two[0], "--json")
    assert code == 0 and set(answer["metrics"]) == BINARY
    assert answer["n"] == np.sum(answer["confusion_matrix"])
    (tn, _), (_, tp) = answer["confusion_matrix"]
    assert answer["metrics"]["accuracy"]["value"] == pytest.approx((tn + tp) / answer["n"])
    assert all({"value", "low", "high"} <= set(metric) for metric in answer["metrics"].values())


@pytest.mark.parametrize("threshold", ["recommended", "half", "youden", "sensitivity_95", "0.3"])
def test_evaluate_thresholds(call, two, threshold):
    validation = call("evaluate", two[0], "--split", "val", "--threshold", threshold, "--json")[1]
    assert 0 <= validation["threshold"] <= 1
    if threshold == "half":
        assert validation["threshold"] == 0.5
    if threshold == "sensitivity_95":
        assert validation["metrics"]["sensitivity"]["value"] >= 0.95


def test_evaluate_three_classes(call, three):
    code, answer, _ = call("evaluate", three, "--json")
    assert code == 0
    assert set(answer["metrics"]) == {"accuracy", "macro_f1", "roc_auc", "recall_NORMAL", "recall_BACTERIAL", "recall_VIRAL"}
    assert np.shape(answer["confusion_matrix"]) == (3, 3)


def test_evaluate_recomputed_equals_stored(call, two, phantoms):
    stored = call("evaluate", two[0], "--json")[1]
    code, anew, _ = call("evaluate", two[0], "--recompute", "--data", phantoms, "--json")
    assert code == 0
    assert anew["confusion_matrix"] == stored["confusion_matrix"]
    assert anew["metrics"]["roc_auc"]["value"] == pytest.approx(stored["metrics"]["roc_auc"]["value"], abs=1e-6)
    validation = call("evaluate", two[0], "--split", "val", "--recompute", "--data", phantoms, "--json")[1]
    assert validation["n"] == call("evaluate", two[0], "--split", "val", "--json")[1]["n"]


def test_evaluate_on_other_images_is_an_external_test(call, two, tmp_path):
    from core.datasets.phantom.write import write_phantoms

    write_phantoms(tmp_path / "other", n=20, seed=99, size=64)
    code, answer, _ = call("evaluate", two[0], "--recompute", "--data", tmp_path / "other", "--json")
    assert code == 0 and answer["n"] < 20


def test_compare(call, two):
    code, answer, _ = call("compare", *two, "--json")
    assert code == 0
    assert {"a", "b", "metric", "difference", "low", "high", "p_value", "test"} <= set(answer["pairs"][0])
    first = {row["metric"]: row for row in answer["pairs"]}
    values = [call("evaluate", name, "--json")[1]["metrics"]["accuracy"]["value"] for name in two]
    assert first["accuracy"]["difference"] == pytest.approx(values[1] - values[0])


def test_predict(call, two, phantoms, tmp_path):
    good = next((phantoms / "test" / "NORMAL").glob("*.jpeg"))
    bad = tmp_path / "text.png"
    bad.write_text("not an image")
    code, answer, _ = call("predict", two[0], good, bad, tmp_path / "missing.png", "--json")
    assert code == 0
    assert set(answer["images"][0]) >= {"path", "probabilities", "threshold", "label", "warnings", "refused", "calibrated", "interval"}
    assert sum(answer["images"][0]["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert answer["images"][0]["reliable"] in (True, False)
    assert [set(row) for row in answer["images"][1:]] == [{"path", "error"}] * 2
    assert set(answer) == {"images"}


def test_predict_and_explain_tell_a_training_image(call, two, phantoms, models, monkeypatch):
    from core.runs.run import Run

    split = Run(models / two[0]).split
    trained = split.loc[split["split"] == "train", "sample_id"].iloc[0]
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    _, answer, told = call("predict", two[0], phantoms / trained, "--json")
    (row,) = answer["images"]
    assert "note: This model was trained on" in told
    assert "whom they show is not recorded here" in told and "trained on this very image" in told
    assert any(f"trained on this very image ({trained})" in text for text in row["warnings"])
    answer = call("explain", two[0], phantoms / trained, "--method", "saliency", "--json")[1]
    assert set(row["warnings"]) <= set(answer["warnings"])


def test_predict_is_refused_where_no_image_can_be_used(call, two, tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    files = [tmp_path / "missing.png", tmp_path / "notes.txt", tmp_path / "gone1.png", tmp_path / "gone2.png"]
    assert_refused(call("predict", two[0], *files, "--json"), "No image could be used", "missing.png", "not a JPEG", "and 1 more")


def test_predict_looks_at_the_files_before_it_opens_data_or_a_model(call, two, tmp_path, monkeypatch):
    for late in ("core.inference.predict.load_model", "core.cli.predict.samples_at_hand"):
        monkeypatch.setattr(late, lambda *_: pytest.fail("too late"))
    assert_refused(call("predict", two[0], tmp_path, "--json"), "No image could be used", str(tmp_path))


def test_visualize_writes_to_a_name_of_a_picture_alone(call, two, tmp_path):
    assert_refused(call("visualize", two[0], "--class", "PNEUMONIA", "--out", tmp_path / "v.txt"), "ends in .png", "v.txt")
    assert not (tmp_path / "v.txt").exists()


@pytest.mark.long
def test_a_path_is_understood_with_quotes_and_blanks_around_it(call, two, phantoms, models):
    image = next((phantoms / "test" / "NORMAL").glob("*.jpeg"))
    plain = call("predict", two[0], image, "--json")[1]["images"]
    for typed in (f' "{image}" ', f"'{image}'", image.as_uri()):
        assert call("predict", two[0], typed, "--json")[1]["images"] == plain
    assert call("index", f'"{phantoms}"', "--json")[1]["n_images"] == 60
    assert call("predict", f' "{models / two[0]}"', image, "--models", f"{models} ", "--json")[1]["images"] == plain


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "{data}", "--csv", "{locked}/a.csv"),
        ("report", "{run}", "--out", "{locked}/r.html"),
        ("explain", "{run}", "{image}", "--method", "saliency", "--class", "normal", "--npy", "{locked}/m.npy"),
        ("explain", "{run}", "{image}", "--method", "saliency", "--class", "normal", "--out", "{locked}/m.png"),
        ("phantom", "{locked}/p", "--n", "12"),
        ("train", "cnn1", "--data", "{data}", "--models", "{locked}/m"),
        ("ensemble", "{run}", "{other}", "--models", "{locked}"),
        ("fetch", "pneumoniamnist", "{locked}"),
    ],
    ids=lambda arguments: " ".join(part for part in arguments if "{" not in part),
)
def test_a_folder_that_cannot_be_written_to_is_said(call, two, phantoms, models, tmp_path, monkeypatch, arguments):
    locked = lock(tmp_path / "locked", monkeypatch)
    places = {
        "data": phantoms, "run": models / two[0], "other": models / two[1], "locked": locked,
        "image": next((phantoms / "test" / "NORMAL").glob("*.jpeg")),
    }  # fmt: skip
    answer = call(*(part.format(**places) for part in arguments), "--json")
    assert_refused(answer, "cannot be written to (permission denied)", str(locked))
    assert not list(locked.iterdir())


def lock(folder, monkeypatch):
    """A folder in which nothing can be made: permissions do not stop the administrator who may run these tests."""
    folder.mkdir()
    inside = lambda path: Path(path).is_relative_to(folder)  # noqa: E731

    def locked(function, path_of):
        def call(*arguments, **more):
            if inside(path_of(*arguments, **more)):
                raise PermissionError(errno.EACCES, "Permission denied", str(path_of(*arguments, **more)))
            return function(*arguments, **more)

        return call

    monkeypatch.setattr(os, "mkdir", locked(os.mkdir, lambda path, *rest, **more: path))
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: not (inside(path) and mode & os.W_OK) and access(path, mode, **more))
    return folder


@pytest.mark.parametrize("method", ["saliency", "grad_cam"])
def test_explain(call, two, phantoms, tmp_path, method):
    image = tmp_path / "film.png"
    Image.open(next((phantoms / "test" / "PNEUMONIA").glob("*.jpeg"))).resize((300, 260)).save(image)
    arguments = ("--method", method, "--class", "pneumonia", "--out", tmp_path / "o.png", "--npy", tmp_path / "o.npy")
    code, answer, _ = call("explain", two[0], image, *arguments, "--json")
    assert code == 0 and set(answer) == {"method", "class", "layer", "milliseconds", "shape", "maximum", "warnings"}
    assert answer["maximum"] >= 0 and all(isinstance(text, str) for text in answer["warnings"])
    assert (answer["method"], answer["class"], answer["shape"]) == (method, "PNEUMONIA", [SIDE, SIDE])
    heatmap = np.load(tmp_path / "o.npy")
    assert heatmap.dtype == np.float32 and heatmap.shape == (SIDE, SIDE) and 0 <= heatmap.min() <= heatmap.max() <= 1
    assert Image.open(tmp_path / "o.png").size == (300, 260)


def test_explain_tells_how_far_to_believe_the_map(call, two, phantoms, tmp_path):
    image = next((phantoms / "test" / "PNEUMONIA").glob("*.jpeg"))
    arguments = ("--method", "grad_cam", "--class", "pneumonia", "--npy", tmp_path / "o.npy", "--raw", tmp_path / "raw.npy", "--believe")
    code, answer, _ = call("explain", two[0], image, *arguments, "--json")
    assert code == 0 and answer["belief"]["level"] in ("supported", "doubtful", "unsupported", "empty")
    assert all(set(check) == {"key", "value", "unit", "passed", "sentence"} for check in answer["belief"]["checks"])
    heatmap, raw = np.load(tmp_path / "o.npy"), np.load(tmp_path / "raw.npy")
    np.testing.assert_allclose(heatmap * raw.max(), raw, atol=1e-5 * raw.max())


def test_methods(call):
    code, answer, _ = call("methods", "--json")
    assert code == 0 and all(set(row) == {"key", "title", "reference"} for row in answer["methods"])
    assert {"saliency", "smoothgrad", "grad_cam", "grad_cam_plus_plus", "layer_cam", "score_cam"} <= {
        row["key"] for row in answer["methods"]
    }


def test_phantom(call, tmp_path):
    code, answer, _ = call("phantom", tmp_path / "p", "--n", "15", "--seed", "3", "--json")
    assert code == 0 and answer == {"path": str(tmp_path / "p"), "n_images": 15}
    assert list((tmp_path / "p" / "masks").rglob("*.png"))
    assert_refused(call("phantom", tmp_path / "p", "--n", "15", "--json"), "empty folder")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], ["nonsense"]),
        (["index"], ["DATA"]),
        (["index", "/nowhere", "--json"], ["/nowhere"]),
        (["train", "resnet", "--data", "/nowhere"], ["resnet", "cnn1"]),
        (["train", "cnn1"], ["--data"]),
        (["train"], ["system"]),
        (["train", "imported", "--data", "/nowhere"], ["python -m core import FILE"]),
        (["train", "ensemble", "--data", "/nowhere"], ["python -m core ensemble RUN RUN"]),
        (["train", "cnn1", "--data", "/nowhere", "--set", "speed=9"], ["speed", "learning_rate"]),
        (["train", "cnn1", "--data", "/nowhere", "--epochs", "many"], ["epochs", "many"]),
        (["train", "--resume", "nobody"], ["nobody"]),
        (["evaluate", "nobody", "--json"], ["nobody"]),
        (["compare", "one"], ["two"]),
        (["explain", "nobody", "x.png", "--method", "magic"], ["magic", "grad_cam"]),
        (["fetch", "imagenet", "x"], ["kaggle"]),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(call, arguments, words):
    assert_refused(call(*arguments), *words)


def test_bad_values_for_a_real_run(call, two, phantoms, tmp_path):
    image = next((phantoms / "test" / "NORMAL").glob("*.jpeg"))
    assert_refused(call("evaluate", two[0], "--threshold", "1.5"), "1.5")
    assert_refused(call("evaluate", two[0], "--data", phantoms), "--recompute")
    assert_refused(call("evaluate", two[0], "--recompute"), "--data")
    assert_refused(call("explain", two[0], image, "--method", "grad_cam", "--class", "cat"), "cat", "NORMAL")
    assert_refused(call("explain", two[0], image, "--method", "grad_cam", "--layer", "attic"), "attic")
    assert_refused(call("explain", two[0], tmp_path / "gone.png", "--method", "grad_cam"), "gone.png")
    assert_refused(call("compare", two[0], two[0]), "two different")


def test_refused_training_leaves_no_run_behind(call, models, tmp_path):
    before = set(models.iterdir())
    assert_refused(call("train", "cnn1", "--data", tmp_path / "nowhere"), "nowhere")
    assert set(models.iterdir()) == before


@pytest.fixture
def no_weights(monkeypatch, tmp_path):
    """No weights of a backbone are here, and none come."""
    from core.architectures import pretrained

    monkeypatch.delenv("PNEUMOLENS_WEIGHTS", raising=False)
    monkeypatch.setattr(pretrained, "ORIGIN", "http://127.0.0.1:9/")
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))


def test_missing_weights_are_said_before_any_work(call, models, phantoms, no_weights):
    before = set(models.iterdir())
    assert_refused(call("train", "vgg16_flat", "--data", phantoms), "vgg16_weights", "PNEUMOLENS_WEIGHTS", "weights=none")
    assert set(models.iterdir()) == before


@pytest.mark.parametrize(
    "command", ["systems", "index", "audit", "train", "runs", "evaluate", "compare", "predict", "explain", "methods", "fetch", "phantom"]
)
def test_every_command_has_help(call, capsys, monkeypatch, command):
    monkeypatch.setattr(sys, "argv", ["core", command, "--help"])
    assert main() == 0
    assert "--json" in capsys.readouterr().out


def test_json_is_alone_on_standard_output(phantoms):
    command = [sys.executable, "-m", "core", "index", str(phantoms), "--json"]
    answer = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert len(answer.stdout.splitlines()) == 1 and json.loads(answer.stdout)["n_images"] == 60


def test_ensemble_is_listed_and_evaluated_like_any_run(call, two):
    code, answer, _ = call("ensemble", *two, "--title", "Both", "--json")
    assert code == 0 and set(answer) == {"run", "members"} and answer["members"] == two
    assert call("evaluate", answer["run"], "--json")[1]["metrics"].keys() >= BINARY
    assert answer["run"] in [row["run"] for row in call("runs", "--json")[1]["runs"]]


def test_ensemble_of_other_classes_is_refused(call, two, three):
    assert_refused(call("ensemble", two[-1], three, "--json"), "other classes")


def test_battery_is_scored_anew_without_touching_test(call, two, models, phantoms):
    from core.images.corruptions import VARIANTS
    from core.runs.store import open_run

    before = open_run(two[0], models)
    expected, predictions = before.battery, (before.path / "predictions.parquet").read_bytes()
    (before.path / "battery.parquet").unlink()
    code, answer, _ = call("battery", two[0], "--data", phantoms, "--json")
    assert code == 0
    assert [row["images"] for row in answer["runs"]] == ["validation", *VARIANTS, "battery mean", "battery worst", "test"]
    after = open_run(two[0], models)
    np.testing.assert_allclose(after.battery["p_PNEUMONIA"], expected["p_PNEUMONIA"], atol=1e-4)
    assert (after.path / "predictions.parquet").read_bytes() == predictions
    assert after.card.recommended.rule == "half"
    assert after.card.thresholds == pytest.approx(before.card.thresholds, abs=1e-4)


def test_battery_of_other_images_is_refused(call, two, lay):
    other = lay(*(f"train/{name}/{i}.jpeg" for name in ("NORMAL", "PNEUMONIA") for i in range(4)))
    assert_refused(call("battery", two[0], "--data", other, "--json"), "trained on other images")


def test_reproduce_names_what_cannot_be_trained(call, phantoms, monkeypatch, no_weights):
    from core.training import reproduce as reproduction

    monkeypatch.setattr(reproduction, "_train", trained_here)
    code, answer, _ = call("reproduce", "--data", phantoms, "--seeds", "1", "--only", "vgg16_flat", "--json")
    assert code == 0 and answer["trainings"][0]["status"] == "failed" and "vgg16_weights" in answer["trainings"][0]["reason"]
    (row,) = answer["systems"]
    assert row["system"] == "vgg16_flat" and row["published_accuracy"] == 0.8 and row["accuracy"] is None


def trained_here(system, variant, seed, arguments):
    """In this process: the one of its own, which costs seconds, is tested with the reproduction."""
    from core.cli.train import train
    from core.training.reproduce import Training

    try:
        answer = json.loads(CliRunner().invoke(train, [*arguments, "--json"], catch_exceptions=False).stdout)
    except InputError as error:
        return Training(system.key, variant.n_classes, seed, None, "failed", str(error))
    return Training(system.key, variant.n_classes, seed, answer["run"], "trained")


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("key", ["vgg16_sigmoid", "inception_v3", "vgg16_flat", "vgg16_regularised"])
def test_reproduce_goes_through_a_system_whose_weights_are_not_at_hand_and_says_so(call, key, phantoms, tmp_path, monkeypatch, small_films):
    from core.runs.identity import own_name
    from core.runs.store import open_run
    from core.training import reproduce as reproduction

    monkeypatch.setattr(reproduction, "_train", trained_here)
    options = ("--seeds", "1", "--set", "weights=none", "--set", "epochs=1", "--limit", "12", "--models", tmp_path, "--json")
    code, answer, errors = call("reproduce", "--data", phantoms, "--only", key, *options)
    assert code == 0, errors
    (training,), (row,) = answer["trainings"], answer["systems"]
    assert training["status"] == "trained", training["reason"]
    run = open_run(training["run"], tmp_path)
    assert run.state == "finished" and run.model_path.exists() and set(run.predictions["split"]) == {"val", "test"}
    assert "no ImageNet weights" in own_name(run) and row["n_runs"] == 0, "never a result"


def test_reproduce_without_images_or_of_an_unknown_system_is_refused(call, phantoms, monkeypatch):
    assert_refused(call("reproduce", "--data", phantoms, "--only", "lens_scratch", "--json"), "no published system")
    monkeypatch.delenv("PNEUMOLENS_DATA", raising=False)
    assert_refused(call("reproduce", "--json"), "needs the images")


def test_index_says_how_a_folder_was_read_and_lists_all_that_is_left_out(call, lay):
    folder = lay("training_set/NORMAL/a.png", "training_set/PNEUMONIA/virus/b.png", "NORMAL/c.png", "NORMAL/d.png")
    code, answer, _ = call("index", folder, "--json")
    assert (code, answer["n_images"], answer["counts"]) == (0, 2, {"train": {"NORMAL": 1, "PNEUMONIA": 1}})
    assert answer["n_left_out"] == 2 and [row["path"] for row in answer["unreadable"]] == [f"{folder}/NORMAL/"]
    assert answer["unreadable"][0]["reason"].startswith("2 files: ") and len(answer["notes"]) == 4


def test_training_says_what_became_of_val(call, lay, tmp_path, monkeypatch):
    from core.training.train import Outcome

    monkeypatch.setattr("core.training.train.train", lambda *_: Outcome("stopped", 0, 0.0, 0.0))
    names = [*(f"train/{name}/{i}.png" for name in ("NORMAL", "PNEUMONIA") for i in range(6)), "val/NORMAL/9.png"]
    folder = lay(*names)
    for number, name in enumerate(names):
        Image.fromarray(np.random.default_rng(number).integers(0, 255, (32, 32), dtype=np.uint8)).save(folder / name)
    _, _, errors = call("train", "cnn1", "--data", folder, "--models", tmp_path / "models", "--json")
    notes = [line for line in errors.splitlines() if line.startswith("note: ")]
    assert len(notes) == 1, errors
    assert "its one image counts as train" in notes[0] and "The positive class is PNEUMONIA" in notes[0]


def test_a_limit_that_leaves_too_little_is_named_before_a_run_is_made(call, phantoms, tmp_path):
    for limit in (1, 3):
        code, _, errors = call("train", "cnn1", "--data", phantoms, "--limit", limit, "--models", tmp_path / "models", "--json")
        assert code == 2 and f"raise the limit of {limit} images (--limit)" in errors and not (tmp_path / "models").exists()
    few = tmp_path / "few.csv"
    pd.DataFrame({"path": sorted(phantoms.glob("train/*/*.jpeg"))[:3], "class_name": ["NORMAL", "NORMAL", "ILL"]}).to_csv(few, index=False)
    code, _, errors = call("train", "cnn1", "--data", few, "--limit", 2, "--models", tmp_path / "models", "--json")
    assert code == 2 and "Each class needs images of at least 5 patients" in errors and "limit" not in errors


@pytest.mark.long
def test_a_run_remembers_what_its_table_calls_its_columns(call, phantoms, tmp_path, small_films):
    """So that it can be resumed, and scored anew, without saying it again."""
    files = sorted(phantoms.glob("t*/*/*.jpeg"))
    table = pd.DataFrame({"where": files, "truth": ["NORMAL" if file.parent.name == "NORMAL" else "z" for file in files]})
    table["part"] = [file.parts[-3] for file in files]
    table.to_csv(tmp_path / "list.csv", index=False)
    said = ("--column", "path=where", "--column", "class_name=truth", "--column", "split=part", "--class-name", "z=PNEUMONIA")
    options = ("--data", tmp_path / "list.csv", "--epochs", 1, "--batch-size", 16, "--models", tmp_path / "models", "--json")
    code, answer, errors = call("train", "cnn1", *said, *options)
    assert code == 0, errors
    assert "Name the patients" not in errors and "The positive class is PNEUMONIA" in errors
    for more in ((), said):
        again = call(
            "evaluate", answer["run"], "--recompute", "--data", tmp_path / "list.csv", "--models", tmp_path / "models", *more, "--json"
        )
        assert again[0] == 0 and again[1]["n"] == table["part"].eq("test").sum(), again[2]


@pytest.mark.parametrize("threshold", ["nan", "inf", "1.5", "-1", "half a"])
def test_a_threshold_that_is_none_is_one_sentence(call, two, tmp_path, threshold):
    pd.DataFrame({"sample_id": ["x"], "p_PNEUMONIA": [0.5]}).to_csv(tmp_path / "t.csv", index=False)
    for words in (("evaluate", two[0]), ("import", tmp_path / "t.csv", "--like", two[0]), ("report", two[0], "--out", tmp_path / "r.html")):
        code, _, errors = call(*words, f"--threshold={threshold}")
        assert code == 2 and errors.startswith("error: ") and errors.count("\n") == 1
        assert "from 0 to 1; received" in errors and threshold in errors


def test_describe(call, models):
    name = call("runs", "--json")[1]["runs"][0]["run"]
    code, answer, _ = call("describe", name, "--name", "Mine", "--note", "a note", "--baseline", "--json")
    assert code == 0 and answer == {"run": name, "name": "Mine", "note": "a note", "baseline": True, "archived": False}
    assert {row["name"] for row in call("runs", "--json")[1]["runs"]} >= {"Mine"}
    code, answer, _ = call("describe", name, "--name", "", "--note", "", "--no-baseline", "--json")
    assert answer["name"] != "Mine" and not answer["baseline"]
    assert call("describe", name, "--name", "n" * 81)[0] == 2
