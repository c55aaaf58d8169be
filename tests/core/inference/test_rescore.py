"""Other images than a run's own: scored whole where nothing is marked as test, and never those that it was trained on."""

from __future__ import annotations

import json
import sys

import keras
import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.datasets import open_dataset
from core.errors import InputError
from core.inference.rescore import rescore

SIDE = 16


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model that calls bright images ill, with as many classes as asked."""

    def make(n_classes: int):
        mean = keras.layers.GlobalAveragePooling2D()
        network = keras.Sequential([keras.Input((SIDE, SIDE, 3)), keras.layers.Rescaling(1 / 255), mean, keras.layers.Dense(n_classes)])
        network.add(keras.layers.Softmax())
        network.layers[2].set_weights([np.repeat(np.linspace(-3, 3, n_classes)[None], 3, axis=0), np.zeros(n_classes)])
        path = tmp_path_factory.mktemp("model") / "model.keras"
        network.save(path)
        return path

    return {n_classes: make(n_classes) for n_classes in (2, 3)}


@pytest.fixture
def run(scored_run, model):
    """``run(n_classes)``: a run with that model, whose own images are others."""

    def make(n_classes=2):
        made = scored_run(n=30, n_classes=n_classes, image_size=SIDE)
        made.model_path.write_bytes(model[n_classes].read_bytes())
        made.write_split(made.predictions["sample_id"], made.predictions["split"])
        return made

    return make


def silent(stage):
    return lambda done, total: None


FLAT = [f"{name}/{i}.png" for name in ("NORMAL", "PNEUMONIA") for i in range(3)]


def test_two_class_folders_without_a_split_are_scored_whole_and_that_is_said(run, lay):
    panel, notes = rescore(run(), str(lay(*FLAT)), "test", silent)
    assert panel.n_samples == 6 and panel.y_true.tolist() == [0, 0, 0, 1, 1, 1] and panel.class_names == ("NORMAL", "PNEUMONIA")
    assert notes == ["The data set 'set' has no test split: all its 6 images are scored."]


def test_a_test_split_is_scored_alone(run, lay):
    folder = lay("train/NORMAL/a.png", "train/PNEUMONIA/b.png", "test/NORMAL/c.png", "test/PNEUMONIA/d.png")
    panel, notes = rescore(run(), str(folder), "test", silent)
    assert panel.sample_ids.tolist() == ["test/NORMAL/c.png", "test/PNEUMONIA/d.png"] and notes == []


@pytest.mark.parametrize(("name", "lost"), [("NORMAL", "sensitivity"), ("PNEUMONIA", "specificity")])
def test_one_class_alone_has_the_rate_of_that_class(run, lay, name, lost, monkeypatch, capsys):
    folder = lay(*(f"test/{name}/{i}.png" for i in range(4)))
    monkeypatch.setattr(sys, "argv", ["core", "evaluate", str(run().path), "--recompute", "--data", str(folder), "--json"])
    assert main() == 0
    answer = json.loads(capsys.readouterr().out)
    rates = {metric: answer["metrics"][metric]["value"] for metric in ("sensitivity", "specificity")}
    assert rates.pop(lost) is None and 0 <= rates.popitem()[1] <= 1 and answer["n"] == 4
    assert len(answer["notes"]) == 1 and lost in answer["notes"][0]


@pytest.mark.parametrize(
    ("names", "positive", "ill"),
    [(("Uninfected", "Infected"), None, "Infected"), (("sano", "neumonia"), None, "neumonia"), (("x", "y"), "x", "x")],
)
def test_other_names_of_the_classes_are_taken_by_what_they_mean(run, lay, names, positive, ill):
    folder = lay(*(f"{name}/{i}.png" for name in names for i in range(2)))
    panel, _ = rescore(run(), str(folder), "test", silent, positive)
    assert panel.class_names == ("NORMAL", "PNEUMONIA")
    assert panel.y_true.tolist() == [int(f"/{ill}/" in sample_id) for sample_id in panel.sample_ids]
    assert rescore(run(3), str(folder), "test", silent, positive)[0].y_true.tolist() == panel.y_true.tolist()


def test_a_run_of_three_classes_is_judged_as_one_of_two_where_names_do_not_tell_the_kind(run, lay):
    panel, notes = rescore(run(3), str(lay(*FLAT)), "test", silent)
    assert panel.class_names == ("NORMAL", "PNEUMONIA") and panel.y_true.tolist() == [0, 0, 0, 1, 1, 1] and len(notes) == 2
    assert panel.scores[0].sum(axis=1) == pytest.approx(np.ones(6)) and "added up" in notes[1]


@pytest.mark.parametrize("recorded", [True, False], ids=["hashes in the run", "data set at hand"])
def test_images_that_the_run_was_trained_on_are_refused(run, lay, tmp_path, monkeypatch, recorded):
    home = open_dataset(str(lay(*(f"train/{name}" for name in FLAT), "test/NORMAL/x.png", root=tmp_path / "home")))
    trained, samples = run(), home.samples
    split = pd.DataFrame({"sample_id": samples["sample_id"], "split": samples["split"]})
    split.assign(**({"content_hash": samples["content_hash"]} if recorded else {})).to_parquet(trained.path / "split.parquet")
    trained.write_config(trained.config.model_copy(update={"fingerprint": home.fingerprint}))
    trained.__dict__.pop("split", None)
    if not recorded:
        monkeypatch.setenv("PNEUMOLENS_DATA", str(tmp_path / "home"))
    copied = lay("NORMAL/new.png", "PNEUMONIA/new.png", side=24, root=tmp_path / "copy")
    (copied / "NORMAL" / "other name.png").write_bytes((tmp_path / "home" / "train" / "NORMAL" / "0.png").read_bytes())
    with pytest.raises(InputError, match="1 of the 3 images of 'copy' is, byte for byte, among those that the run"):
        rescore(trained, str(copied), "test", silent)


def test_its_own_images_without_that_split_are_not_scored_whole(run, lay):
    home = open_dataset(str(lay(*FLAT)))
    own = run()
    own.write_split(home.samples["sample_id"], home.samples["split"])
    own.write_config(own.config.model_copy(update={"fingerprint": home.fingerprint}))
    with pytest.raises(InputError, match="holds the run's own images, and none of them is in the split 'test'"):
        rescore(own, str(lay()), "test", silent)


def test_a_split_asked_for_by_name_must_be_there(run, lay):
    with pytest.raises(InputError, match=r"has no images in the split 'val'; it has train\. Leave --split out"):
        rescore(run(), str(lay(*FLAT)), "val", silent)
