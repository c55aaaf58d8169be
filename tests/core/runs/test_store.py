"""Run directories: states, dead processes, and every way in which one can be broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from core.config import Recipe, RunConfig
from core.errors import InputError
from core.inference.restore_card import restore_card
from core.metrics.thresholds import operating_points
from core.runs import store as runs
from core.runs.run import Run
from core.runs.store import create_run, list_runs, models_dir, open_run

CONFIG = RunConfig(system="cnn1", n_classes=2, class_names=("NORMAL", "PNEUMONIA"), image_size=64, recipe=Recipe())


@pytest.fixture
def run(tmp_path) -> Run:
    return create_run(CONFIG, tmp_path / "data", tmp_path / "models")


def predictions(**columns) -> pd.DataFrame:
    table = {
        "sample_id": ["test/NORMAL/a.jpeg", "test/PNEUMONIA/b.jpeg", "val/NORMAL/c.jpeg"],
        "split": ["test", "test", "val"],
        "y_true": [0, 1, 0],
        "p_NORMAL": [0.9, 0.2, 0.6],
        "p_PNEUMONIA": [0.1, 0.8, 0.4],
    }
    return pd.DataFrame(table | columns)


def ago(delta: timedelta) -> str:
    return (datetime.now(UTC) - delta).isoformat()


def test_a_new_run_is_queued_and_knows_its_data(run, tmp_path):
    assert run.state == "queued" and run.name.startswith("cnn1-")
    assert run.config.model_copy(update={"created": "", "versions": {}}) == CONFIG
    assert run.config.versions["numpy"] == np.__version__ and run.config.created
    assert run.data_path == str(tmp_path / "data")
    assert run.card.to_json() == {} and run.history.empty and list(run.history.columns) == ["epoch"]
    assert open_run(run.name, tmp_path / "models") == run and open_run(run.path) == run


def test_names_have_no_underscore_and_never_repeat(tmp_path):
    config = CONFIG.model_copy(update={"system": "five_block_cnn"})
    names = {create_run(config, tmp_path, tmp_path / "models").name for _ in range(20)}
    assert len(names) == 20 and all(name.startswith("five-block-cnn-") for name in names)


def test_states_follow_what_is_written(run):
    for state in ("running", "stopped", "running", "failed", "running", "finished"):
        run.write_status(state, epoch=2)
        assert run.state == state and run.status.epoch == 2
    run.drop_checkpoint()
    assert run.data_path is None


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "running"),
        ({"pid": 2**22 + 1}, "failed"),
        ({"pid": -1}, "failed"),
        ({"pid": "12"}, "failed"),
        ({"pid": 10**30}, "failed"),
        ({"process_started": 12.0}, "failed"),  # the number was given to a later process
        ({"process_started": "noon"}, "failed"),
        ({"host": "elsewhere", "heartbeat": timedelta(seconds=30)}, "running"),
        ({"host": "elsewhere", "heartbeat": timedelta(hours=1)}, "failed"),
        ({"host": "elsewhere", "heartbeat": "yesterday"}, "failed"),
        ({"host": "elsewhere", "heartbeat": "2024-01-01T00:00:00"}, "failed"),  # without a zone
        ({"host": "elsewhere", "heartbeat": 5}, "failed"),
        ({"state": "queued", "heartbeat": timedelta(seconds=30)}, "queued"),
        ({"state": "queued", "heartbeat": timedelta(hours=1)}, "failed"),
    ],
)
def test_a_live_state_without_its_process_is_failed(run, change, state):
    run.write_status("running")
    content = json.loads((run.path / "status.json").read_text())
    change = {key: ago(value) if isinstance(value, timedelta) else value for key, value in change.items()}
    (run.path / "status.json").write_text(json.dumps(content | change))
    assert run.state == state
    assert run.status.says("reason") == (state == "failed")


def test_a_process_that_was_killed_is_noticed(run):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    started = psutil.Process(process.pid).create_time()
    run.write_status("running", pid=process.pid, process_started=started)
    assert run.state == "running"
    process.kill()
    process.wait()
    assert run.state == "failed" and "ended without saying why" in run.status.reason


def test_history_grows_by_a_row_an_epoch(run):
    for epoch in (1, 2):
        run.append_history({"epoch": epoch, "loss": 1 / epoch})
        assert run.history["epoch"].tolist() == list(range(1, epoch + 1))
    assert run.history["loss"].tolist() == [1.0, 0.5]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'a,b\n1,2\n3,4,5\n"', b"loss\n1\n"])
def test_a_broken_history_is_named(run, content):
    (run.path / "history.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"broken history.csv"):
        _ = run.history


def test_tables_round_trip(run):
    run.write_predictions(predictions())
    pd.testing.assert_frame_equal(run.predictions, predictions())
    run.write_split(predictions()["sample_id"], predictions()["split"])
    assert run.split["split"].tolist() == ["test", "test", "val"]
    assert run.facts is None
    run.write_card({"params_total": 5})
    assert run.card.to_json() == {"params_total": 5}


def test_a_run_keeps_what_its_data_set_states_of_each_image(run):
    ids = predictions()["sample_id"]
    stated = pd.DataFrame({"sample_id": ids, "patient_id": ["a", None, "a"], "subtype": None, "hospital": ["north", "south", "south"]})
    run.write_split(ids, predictions()["split"], stated.iloc[::-1])
    assert run.split["split"].tolist() == ["test", "test", "val"] and run.facts["hospital"].tolist() == ["north", "south", "south"]
    assert run.facts["patient_id"].isna().tolist() == [False, True, False]


def test_what_was_read_is_read_anew_after_writing(run):
    run.write_predictions(predictions())
    assert run.predictions["p_NORMAL"].iloc[0] == 0.9 and run.card.to_json() == {}
    run.write_predictions(predictions(p_NORMAL=[0.5, 0.2, 0.6]))
    run.write_card({"epochs": 1})
    assert run.predictions["p_NORMAL"].iloc[0] == 0.5 and run.card.to_json() == {"epochs": 1}


BAD_PREDICTIONS = {
    "NaN score": ({"p_NORMAL": [0.9, np.nan, 0.6]}, "not probabilities"),
    "infinite score": ({"p_NORMAL": [0.9, np.inf, 0.6]}, "not probabilities"),
    "score above 1": ({"p_PNEUMONIA": [0.1, 1.01, 0.4]}, "not probabilities"),
    "negative score": ({"p_PNEUMONIA": [0.1, -0.01, 0.4]}, "not probabilities"),
    "text as score": ({"p_PNEUMONIA": ["low", "high", "low"]}, "not probabilities"),
    "a sample twice": ({"sample_id": ["a", "a", "b"]}, "1 sample twice"),
    "no sample id": ({"sample_id": ["a", None, "b"]}, "without a sample id"),
    "label out of range": ({"y_true": [0, 2, 0]}, "labels outside 0 to 1"),
    "label missing": ({"y_true": [0, None, 0]}, "labels outside 0 to 1"),
    "half a label": ({"y_true": [0, 0.5, 0]}, "labels outside 0 to 1"),
}


@pytest.mark.parametrize("kind", BAD_PREDICTIONS)
def test_predictions_that_cannot_be_used_are_refused(run, kind):
    columns, expected = BAD_PREDICTIONS[kind]
    run.write_predictions(predictions(**columns))
    with pytest.raises(InputError, match=f"{run.name}.*{expected}"):
        _ = run.predictions


def test_predictions_of_other_classes_are_refused(run):
    run.write_predictions(predictions().drop(columns=["p_PNEUMONIA", "split"]))
    with pytest.raises(InputError, match="lack the columns split, p_PNEUMONIA"):
        _ = run.predictions


def test_missing_and_broken_predictions_are_named(run):
    with pytest.raises(InputError, match=r"no predictions.parquet yet; finish it with: python -m core train --resume"):
        _ = run.predictions
    run.write_predictions(predictions())
    whole = (run.path / "predictions.parquet").read_bytes()
    for content in (b"", b"text", whole[:-40], whole[:100]):
        (run.path / "predictions.parquet").write_bytes(content)
        with pytest.raises(InputError, match=r"broken predictions.parquet"):
            _ = run.predictions


def broken(file: str, content: bytes | None):
    def spoil(path: Path) -> None:
        (path / file).unlink()
        if content is not None:
            (path / file).write_bytes(content)

    return spoil


def folder_for_file(path: Path) -> None:
    (path / "config.json").unlink()
    (path / "config.json").mkdir()


BROKEN_RUNS = {
    "no config": (broken("config.json", None), "no readable config.json"),
    "no status": (broken("status.json", None), "no readable status.json"),
    "empty config": (broken("config.json", b""), "broken config.json: .*not valid"),
    "cut config": (broken("config.json", b'{"system": "cnn1", "n_cl'), "broken config.json"),
    "config of another version": (broken("config.json", b'{"version": 9}'), "broken config.json"),
    "binary config": (broken("config.json", b"\xff\xfe\x00\x01"), "no readable config.json"),
    "config is a list": (broken("config.json", b"[]"), "broken config.json"),
    "config is a folder": (folder_for_file, "no readable config.json"),
    "cut status": (broken("status.json", b'{"state": "fini'), "broken status.json"),
    "status is a number": (broken("status.json", b"7"), "broken status.json"),
    "deep status": (broken("status.json", b"[" * 100_000), "broken status.json"),
    "unknown state": (broken("status.json", b'{"state": "dreaming"}'), "broken status.json"),
    "state is a list": (broken("status.json", b'{"state": []}'), "broken status.json"),
    "state is null": (broken("status.json", b'{"state": null}'), "broken status.json"),
}


@pytest.mark.parametrize("kind", BROKEN_RUNS)
def test_a_broken_run_is_named_with_its_file_and_the_others_are_listed(run, tmp_path, kind):
    spoil, expected = BROKEN_RUNS[kind]
    spoiled = create_run(CONFIG, tmp_path, tmp_path / "models")
    spoil(spoiled.path)
    found, reasons = list_runs(tmp_path / "models")
    assert found == [run] and list(reasons) == [spoiled.name]
    with pytest.raises(InputError, match=expected) as refusal:
        open_run(spoiled.path)
    assert spoiled.name in str(refusal.value) and "\n" not in str(refusal.value)
    assert reasons[spoiled.name] == str(refusal.value)


@pytest.mark.parametrize("content", [b'{"state": "fini', b"7", b""])
def test_a_run_with_scores_outlives_its_status(run, content):
    run.write_predictions(predictions())
    (run.path / "status.json").write_bytes(content)
    run.checkpoint_path.parent.mkdir(exist_ok=True)
    run.checkpoint_path.write_bytes(b"model")
    assert open_run(run.path).state == "failed" and "resume it" in run.status.reason
    run.drop_checkpoint()
    assert open_run(run.path).state == "finished" and "status.json is broken" in run.status.reason


FILES = ("config.json", "status.json", "card.json", "history.csv", "predictions.parquet", "split.parquet", "battery.parquet")


@pytest.mark.parametrize("file", FILES)
def test_nobody_is_told_to_delete_a_run_for_one_broken_file(run, file):
    (run.path / file).write_bytes(b"\xff no")
    broken = Run(run.path)
    with pytest.raises(InputError) as refusal:
        for name in ("config", "status", "card", "history", "predictions", "split", "battery"):
            if name in file or file == "config.json":
                getattr(broken, name)
    assert file in str(refusal.value) and "delete" not in str(refusal.value) and str(refusal.value).endswith("other files are untouched.")


def test_a_broken_card_is_made_anew_from_the_scores(scored_run):
    run = scored_run(n=40)
    before = operating_points(run)
    (run.path / "card.json").write_text("{")
    again = Run(run.path)
    with pytest.raises(InputError, match=rf"evaluate {run.name} --recompute"):
        _ = again.card
    assert "made anew from the stored scores" in restore_card(again)
    assert again.card.thresholds == before["thresholds"] and again.card.n_samples["test"] == 40
    assert restore_card(again) == ""


def test_what_is_no_run_in_the_folder_is_left_alone(run, tmp_path):
    (tmp_path / "models" / "README.md").write_text("notes")
    (tmp_path / "models" / ".cnn1.tmp").mkdir()
    (tmp_path / "models" / "loop").symlink_to(tmp_path / "models" / "loop")
    (tmp_path / "models" / "empty").mkdir()
    found, reasons = list_runs(tmp_path / "models")
    assert found == [run] and list(reasons) == ["empty"]


def test_runs_are_listed_newest_first(tmp_path):
    made = [create_run(CONFIG, tmp_path, tmp_path) for _ in range(3)]
    for run, day in zip(made, (2, 3, 1), strict=True):
        run.write_config(run.config.model_copy(update={"created": f"2024-05-0{day}T00:00:00+00:00"}))
    assert [run.path for run in list_runs(tmp_path)[0]] == [made[i].path for i in (1, 0, 2)]


def test_no_folder_of_runs_is_no_run(tmp_path):
    assert list_runs(tmp_path / "nothing") == ([], {})
    (tmp_path / "file").write_text("")
    assert list_runs(tmp_path / "file") == ([], {})


def test_a_locked_folder_of_runs_is_said(tmp_path, monkeypatch):
    def locked(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", locked)
    found, reasons = list_runs(tmp_path)
    assert found == [] and "Permission denied" in reasons[tmp_path.name]


@pytest.mark.parametrize("name", ["nothing", "", "../..", "a\0b", "x" * 5000, "~no-such-person/run", "🫁"])
def test_names_of_no_run(tmp_path, name):
    with pytest.raises(InputError, match=r"no run|no readable"):
        open_run(name, tmp_path)


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_a_broken_note_of_the_data_is_named(run, content):
    (run.path / "checkpoint" / "data.json").write_bytes(content)
    with pytest.raises(InputError, match=r"data\.json"):
        _ = run.data_path


def test_the_folder_of_runs(tmp_path, monkeypatch):
    assert models_dir(tmp_path) == tmp_path
    assert models_dir().name == "models" and models_dir().parent == Path(runs.__file__).parents[2]
    monkeypatch.setenv("PNEUMOLENS_MODELS", str(tmp_path / "mine"))
    assert models_dir() == tmp_path / "mine"
    monkeypatch.setenv("PNEUMOLENS_MODELS", "~/mine")
    assert models_dir() == Path(os.path.expanduser("~/mine"))  # noqa: PTH111


@pytest.mark.long
def test_nothing_here_loads_keras():
    modules = "core.runs.store, core.training.plan, core.metrics.comparison, core.audit"
    code = f"import sys, {modules}\nprint({{'keras', 'tensorflow'}} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"
