"""Many films are scored as each is alone, in the order of the list, whoever does it and however often it is interrupted."""

import os
import shutil
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.batch import Options, score_files
from core.batch.judges import load_benches
from core.errors import InputError
from core.images.gate import Film
from core.inference.ensemble import create_ensemble
from core.inference.predict import load_model
from core.inference.single_image import predict_image
from core.input_checks import open_reference
from core.input_checks.doubts import doubts

ROWS_HELD = [20, 12, 10]  # shards of 8, 8 and 6 films are put together until there are 20 rows
COLUMNS = ["path", "run", "p_NORMAL", "p_PNEUMONIA", "label", "threshold", "warnings", "reliable"]


@pytest.fixture(scope="session")
def films(tmp_path_factory, phantoms):
    """20 phantoms, one of them turned and one in colour, a cut file and one that is no image."""
    folder = tmp_path_factory.mktemp("archive")
    for number, path in enumerate(sorted((phantoms / "train").rglob("*.jpeg"))[:20]):
        (folder / f"{number // 10}").mkdir(exist_ok=True)
        shutil.copy(path, folder / f"{number // 10}" / f"{number:02d}.jpeg")
    turned = Image.open(folder / "0" / "03.jpeg").rotate(180)
    turned.save(folder / "0" / "03.jpeg")
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "1" / "colour.png")
    (folder / "1" / "cut.jpeg").write_bytes((folder / "0" / "01.jpeg").read_bytes()[:600])
    (folder / "notes.txt").write_text("no film")
    return folder


@pytest.fixture
def score(runs, films, here, small_shards, tmp_path):
    return partial(score_files, runs, str(films), tmp_path / "scores.parquet")


def test_each_row_is_what_predict_says(score, runs, films):
    made = score()
    table = pd.read_parquet(made.out)
    assert list(table.columns) == COLUMNS
    assert made.rows == len(table) == 42 and made.n_films == 21 and made.n_kept == 0
    assert [(os.path.relpath(path, films), reason[:20]) for path, reason in made.unreadable] == [
        ("notes.txt", "It is no image."), ("1/cut.jpeg", "The image is broken "),
    ]  # fmt: skip
    assert table["run"].tolist() == ["first", "second"] * 21
    paths = table["path"].iloc[::2].tolist()
    assert paths == sorted(paths) == table["path"].iloc[1::2].tolist()
    for run in runs:
        model, reference = load_model(run), open_reference(run)
        for row in table[table["run"] == run.name].itertuples():
            film = Film.of(row.path)
            alone = predict_image(run, model, film, reference)
            alone = alone.with_findings(doubts(run, film)).to_json()
            assert [row.p_NORMAL, row.p_PNEUMONIA] == pytest.approx(list(alone["probabilities"].values()), abs=1e-6)
            assert (row.label, row.threshold, row.reliable) == (alone["label"], alone["threshold"], alone["reliable"])
            assert list(row.warnings) == alone["warnings"]
    first = table[table["run"] == "first"].set_index("path")
    assert not first.loc[str(films / "1" / "colour.png"), "reliable"] and first["reliable"].any()


@pytest.mark.long
def test_the_order_of_the_work_does_not_change_a_byte(score, here):
    first = score().out.read_bytes()
    shutil.rmtree(score.args[2].with_name("scores.parquet.shards"))
    here.backwards = True
    assert score().out.read_bytes() == first


def test_what_is_done_is_taken_up(score, monkeypatch):
    said, seen = [], []

    def interrupted(done, total):
        seen.append((done, total))
        if done == 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(progress=interrupted)
    assert seen == [(0, 22), (8, 22), (16, 22)] and not score.args[2].exists()
    seen.clear()
    again = score(progress=lambda done, total: seen.append((done, total)), say=said.append)
    assert seen == [(0, 6), (6, 6)] and again.n_kept == 16 and again.rows == 42
    assert said == ["16 of 22 films were scored by an earlier call and are taken up."]
    monkeypatch.setattr("core.batch.score.open_workers", None)  # nobody is asked
    assert score().n_kept == 22


def test_a_changed_film_model_or_option_is_scored_anew(score, films, runs, tmp_path):
    copy = shutil.copytree(films, tmp_path / "copy")
    again = partial(score_files, runs[:1], str(copy), tmp_path / "other.parquet")
    again()
    shutil.copy(copy / "0" / "00.jpeg", copy / "1" / "19.jpeg")
    assert again().n_kept == 16, "the last shard alone"
    assert again(Options(explain="grad_cam")).n_kept == 0
    assert partial(score_files, runs[1:], *again.args[1:])().n_kept == 0


@pytest.mark.long
def test_an_answer_is_replaced_but_not_by_scores_of_itself(score, runs):
    out = score().out
    before = out.read_bytes()
    with pytest.raises(InputError, match="names the films, and would be replaced"):
        score_files(runs, str(out), out)
    assert out.read_bytes() == before
    assert score().n_kept == 22 and out.read_bytes() == before


def test_a_broken_shard_is_made_anew(score):
    score()
    file = next(score.args[2].with_name("scores.parquet.shards").glob("0000001.parquet"))
    file.write_bytes(file.read_bytes()[:100])
    assert score().n_kept == 14


@pytest.mark.long
def test_a_million_rows_do_not_wait_in_memory(score, monkeypatch):
    monkeypatch.setattr("core.batch.kept.ROW_GROUP", 20)
    file = pq.ParquetFile(score().out)
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == ROWS_HELD, "22 films, one cut, two runs"


def test_an_ensemble_is_the_mean_of_its_members(runs, films, here, small_shards, tmp_path, models):
    for run in runs:
        ids = run.split.loc[run.split["split"] == "val", "sample_id"].to_numpy()
        scores = pd.DataFrame({"sample_id": ids, "split": "val", "y_true": np.arange(len(ids)) % 2, "p_NORMAL": 0.4, "p_PNEUMONIA": 0.6})
        run.write_predictions(scores)
    both = create_ensemble(runs, models=models)
    table = pd.read_parquet(score_files([*runs, both], str(films), tmp_path / "e.parquet").out)
    by_run = table.pivot(index="path", columns="run", values="p_PNEUMONIA")
    assert by_run[both.name].to_numpy() == pytest.approx(by_run[["first", "second"]].mean(axis=1).to_numpy(), abs=1e-7)
    with pytest.raises(InputError, match="Explain its members instead: first, second"):
        score_files([both], str(films), tmp_path / "e.parquet", Options(explain="grad_cam"))


def test_bad_input_is_told_before_any_work(runs, films, here, tmp_path):
    out, table = tmp_path / "out.parquet", tmp_path / "table.csv"
    table.write_text("name\n0/00.jpeg\n")
    for call, words in (
        (([runs[0], runs[0]], str(films), out), "named twice"),
        ((runs, str(films), tmp_path), "is a folder; name the Parquet file"),
        ((runs, str(table), out), "no column of files"),
    ):
        with pytest.raises(InputError, match=words):
            score_files(*call)
    for name, content in (("scan.jpeg", b"a film"), ("report.parquet", b"PAR1 and more"), ("table.csv", table.read_bytes())):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="holds no scores of this command"):
            score_files(runs, str(films), tmp_path / name)
        assert (tmp_path / name).read_bytes() == content
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="There is no image in"):
        score_files(runs, str(tmp_path / "empty"), out)
    shutil.copy(films / "1" / "cut.jpeg", tmp_path / "empty")
    with pytest.raises(InputError, match=r"No image could be used. .*cut.jpeg: The image is broken"):
        score_files(runs, str(tmp_path / "empty"), out)
    assert not out.exists()


def test_models_are_loaded_once_however_many_runs_ask_them(models, monkeypatch):
    loaded = []
    monkeypatch.setattr("core.batch.judges.load_model", lambda run: loaded.append(run.name))
    benches = load_benches([models / "first", models / "second", models / "first"], None)
    assert loaded == ["first", "second"] and benches[0].judges[0] is benches[2].judges[0]


@pytest.mark.parametrize("on", [pytest.param("local", marks=pytest.mark.long), pytest.param("ray", marks=pytest.mark.cluster)])
def test_a_killed_worker_loses_and_repeats_no_row(on, request, score, monkeypatch, found_by_workers, tmp_path):
    """Two workers in processes of their own, one of them killed, against one in this process: the same bytes."""
    import core.batch.score
    from core.workers import open_workers

    batch_jobs = import_module("batch_jobs")  # of this folder; other processes know it by that name
    if on == "ray":
        if find_spec("ray") is None:  # not imported here: the cluster sets first what Ray reads then
            pytest.skip("Ray is not installed: make cluster")
        request.getfixturevalue("cluster")
    expected = score().out.read_bytes()
    shutil.rmtree(tmp_path / "scores.parquet.shards")
    monkeypatch.setattr(core.batch.score, "open_workers", open_workers)
    monkeypatch.setattr(core.batch.score, "score_shard", partial(batch_jobs.die_once, str(tmp_path / "died")))
    assert score(Options(on=on, workers=2)).out.read_bytes() == expected
    assert (tmp_path / "died").exists()
