"""One film, one answer: the page, its table of many files, its report and JSON, the commands and the scores of a data set agree."""

import io
import json

import keras
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from core.cli.maps import explain as explain_command
from core.cli.predict import predict as predict_command
from core.datasets import open_dataset
from core.datasets.phantom.write import write_phantoms
from core.datasets.split_images import SplitImages
from core.inference.score_tables import score_samples
from core.inference.single_image import first_look
from core.input_checks import build_reference, save_reference
from dashboard.components.inspect import analysis as page_reading
from dashboard.components.inspect import many_images as several
from dashboard.components.inspect.analysis import PREDICTED, read
from dashboard.components.inspect.film import picture as page_picture
from dashboard.components.inspect.film.picture import Picture, digest_of
from dashboard.components.inspect.maps.downloads import facts_json, map_npy
from dashboard.components.inspect.maps.report import report
from dashboard.components.inspect.maps.tiles import Said, Shown
from dashboard.components.inspect.maps.viewer import Look

SIZE = 32


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(5)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = layers.Conv2D(8, 3, padding="same", activation="relu", name="conv")(layers.Rescaling(1 / 255)(inputs))
    logits = layers.Dense(2, name="logits")(layers.Flatten()(layers.MaxPooling2D(2)(x)))
    return keras.Model(inputs, layers.Activation("softmax", dtype="float32", name="probabilities")(logits))


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("same") / "phantoms"
    write_phantoms(folder, n=150, seed=11, size=SIZE)
    return open_dataset(folder)


@pytest.fixture
def run(empty_models, make_run, model, dataset):
    """With its model, and its training images measured, so that the warnings are of all kinds."""
    made = make_run(empty_models, image_size=SIZE, fingerprint=dataset.fingerprint)
    model.save(made.model_path)
    split = dataset.samples["split"].to_numpy(dtype=object)
    split[np.flatnonzero(split == "train")[::4]] = "val"
    made.write_split(dataset.samples["sample_id"], pd.Series(split))
    save_reference(made, build_reference(made, model, dataset))
    return made


@pytest.fixture
def no_session(monkeypatch):
    """The page's functions without its session's cache, which only a browser has."""
    for module, names in ((page_reading, ("_predict", "_doubts", "_views", "_explain")), (page_picture, ("_size", "_film"))):
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    monkeypatch.setattr(several, "verdicts_of", lambda picture, run: [])


def strange(path):
    """The film turned: refused, so that a warning is among those compared."""
    buffer = io.BytesIO()
    Image.open(path).transpose(Image.Transpose.ROTATE_90).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("n", [3, 10])
def test_films_have_the_same_answer_everywhere(run, model, dataset, tmp_path, monkeypatch, no_session, n):
    monkeypatch.delenv("PNEUMOLENS_DATA", raising=False)
    test = dataset.samples.loc[dataset.samples["split"] == "test", "sample_id"][: n - 1].tolist()
    paths = [dataset.root / sample_id for sample_id in test]
    turned = tmp_path / "turned.png"
    turned.write_bytes(strange(paths[0]))
    paths.append(turned)
    command = CliRunner().invoke(predict_command, [str(run.path), *map(str, paths), "--json"], catch_exceptions=False)
    rows = json.loads(command.stdout)["images"]
    scored = score_samples(model, run, SplitImages.of(run.config, dataset, dataset.samples["split"]), ("test",)).set_index("sample_id")[
        "p_PNEUMONIA"
    ]
    for place, (path, row) in enumerate(zip(paths, rows, strict=True)):
        content = path.read_bytes()
        picture = Picture(content, digest_of(content), "your image", name=path.name)
        reading = read(run, picture, "grad_cam", PREDICTED, None)
        said, heatmap = reading.prediction, reading.explanation.heatmap
        assert said.probabilities == pytest.approx(row["probabilities"], abs=1e-6), "page and command"
        assert (said.label, said.threshold, list(said.warnings)) == (row["label"], row["threshold"], row["warnings"])
        if place < n - 1:
            assert scored[test[place]] == pytest.approx(said.probabilities["PNEUMONIA"], abs=1e-6), "a data set's scores"
        table = several._row(picture, {"[A] CNN_1": run})
        assert table["[A] CNN_1: verdict"] == ("refused" if said.refused else said.verdict)
        assert table["[A] CNN_1: p(pneumonia)"] == (None if said.refused else pytest.approx(said.probabilities["PNEUMONIA"], abs=1e-6))
        assert all(line in table["reasons_for_doubt"] for line in said.doubts) and list(said.doubts) == row["doubts"]
        assert all(sentence in (table["measured"] or table["reasons_for_doubt"]) for sentence in said.warnings)
        shown = Shown("[A] CNN_1", "[A] CNN_1", run, reading)
        facts = json.loads(facts_json(picture, np.zeros((SIZE, SIZE), np.uint8), shown))
        assert all(facts[key] == row[key] for key in ("label", "threshold", "warnings", "verdict"))
        assert facts["probabilities"] == pytest.approx(row["probabilities"], abs=1e-6)
        npy = tmp_path / "map.npy"
        CliRunner().invoke(explain_command, [str(run.path), str(path), "--method", "grad_cam", "--npy", str(npy)], catch_exceptions=False)
        assert np.load(npy) == pytest.approx(heatmap, abs=1e-6), "the map of the command"
        assert np.load(io.BytesIO(map_npy(reading))) == pytest.approx(heatmap, abs=1e-6)
        page = report(picture, np.zeros((SIZE, SIZE), np.uint8), [shown], Look(), [Said("[A] CNN_1", run, said)])
        assert said.label in page and f"{said.probabilities['PNEUMONIA']:.3f}" in page
    assert rows[-1]["warnings"], "the turned film is warned of everywhere"
    assert first_look(run, model, paths[0].read_bytes()).label == rows[0]["label"]
