"""The Inspect page with tiny real models on phantoms and uploads."""

import io
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from core.datasets import shipped
from core.runs import list_runs
from dashboard.components import reading

SIZE = 32


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    """A saved model with the shape of a registered architecture."""
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.MaxPooling2D(2)(layers.Conv2D(6, 3, padding="same", activation="relu", name="conv1")(x))
    x = layers.MaxPooling2D(2)(layers.Conv2D(8, 3, padding="same", activation="relu", name="conv2")(x))
    logits = layers.Dense(2, name="logits")(layers.Flatten()(x))
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(logits)
    path = tmp_path_factory.mktemp("model") / "model.keras"
    keras.Model(inputs, outputs).save(path)
    return path


@pytest.fixture
def models(empty_models, make_run, model_file, phantoms, monkeypatch):
    """Two runs with a model; the samples are phantoms, as shipped."""
    monkeypatch.setattr(shipped, "PHANTOMS", phantoms)
    for seed in (1, 2):
        run = make_run(empty_models, seed=seed, created=f"2026-01-0{seed}T10:00:00+00:00", image_size=SIZE)
        shutil.copy(model_file, run.model_path)
    return empty_models


@pytest.fixture
def names(models):
    return [run.name for run in list_runs(models)[0]]


def png(height, width, seed=0):
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 255, (height, width), dtype=np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def upload(page, content, name="chest.png"):
    return page.file_uploader(key="inspect_upload").set_value((name, content, "image/png")).run()


def tiles(page):
    """What the browser is told to draw: the original, then the maps."""
    found = [json.loads(element.proto.json) for element in page.get("bidi_component") if "tiles" in element.proto.json]
    return found[0]["tiles"] if found else []


def texts(page):
    words = [element.value for kind in (page.markdown, page.caption) for element in kind]
    return " ".join([*words, *(f"{tile['title']} {tile['caption']} {tile['alt']}" for tile in tiles(page))])


def test_two_models_side_by_side_on_a_phantom(names, open_page):
    page = open_page("inspect", inspect_runs=names)
    assert not page.exception
    assert len(tiles(page)) == 3
    assert "Synthetic radiograph, 128 × 128 pixels" in texts(page)
    assert "models call" in texts(page)
    assert "not a medical device" in texts(page)


def test_newest_model_alone_is_the_default(names, open_page):
    page = open_page("inspect")
    assert page.multiselect(key="inspect_runs").value == names[:1]
    assert len(tiles(page)) == 2


def test_an_upload_wins_over_the_sample(names, open_page):
    page = upload(open_page("inspect"), png(90, 120))
    assert not page.exception
    assert "Your image, 120 × 90 pixels" in texts(page)
    assert "chest" not in texts(page), "the file's own name is nobody's business"


def test_opacity_and_colours_only_blend_anew(names, open_page, monkeypatch):
    calls = []
    explain = reading.explain
    monkeypatch.setattr(reading, "explain", lambda *args: calls.append(args) or explain(*args))
    page = open_page("inspect")
    page.slider(key="inspect_opacity").set_value(0.8).run()
    page.segmented_control(key="inspect_colours").set_value("viridis").run()
    assert len(calls) == 1
    page.selectbox(key="inspect_method").set_value("LayerCAM").run()
    assert len(calls) == 2
    assert not page.exception


def test_class_and_method_come_from_a_link(names, open_page):
    page = open_page("inspect", inspect_method="smoothgrad", inspect_class="NORMAL")
    assert "SmoothGrad for NORMAL" in texts(page)


def test_an_earlier_layer_can_be_chosen(names, open_page):
    page = open_page("inspect")
    page.selectbox(key=f"inspect_layer_{names[0]}").set_value("conv1").run()
    assert "layer conv1" in texts(page)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"this is text", "not a JPEG, PNG"),
        (png(60, 60)[:500], "broken or cut short"),
        (b"", "empty"),
        (png(2, 2), "at least 16×16"),
        (b"\0" * 128 + b"DICM" + b"\0" * 50, "DICOM"),
    ],
)
def test_a_bad_file_gets_one_sentence(names, open_page, content, sentence):
    page = upload(open_page("inspect"), content)
    assert not page.exception
    assert len(page.error) == 1
    assert sentence in page.error[0].value
    assert not tiles(page)


def test_a_decompression_bomb_is_refused(names, open_page):
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    page = upload(open_page("inspect"), buffer.getvalue())
    assert "million pixels" in page.error[0].value


def test_a_missing_model_leaves_the_others_working(names, models, open_page):
    (models / names[1] / "model.keras").unlink()
    page = open_page("inspect", inspect_runs=names)
    assert not page.exception
    assert "no model file" in page.warning[0].value
    assert len(tiles(page)) == 2


def test_a_class_that_a_run_does_not_know_is_named(names, models, open_page, make_run):
    other = make_run(models, n_classes=3, image_size=SIZE)
    page = open_page("inspect", inspect_runs=[names[0], other.name], inspect_class="VIRAL")
    assert not page.exception
    assert any("knows no class VIRAL" in warning.value for warning in page.warning)


def test_samples_of_a_data_set_are_the_test_images_and_what_a_link_asks_for(names, open_page, phantoms, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    trained = next(path for path in phantoms.rglob("train/NORMAL/*.jpeg")).relative_to(phantoms).as_posix()
    page = open_page("inspect", inspect_sample=trained)
    assert not page.exception
    options = page.selectbox(key="inspect_sample").options
    assert page.selectbox(key="inspect_sample").value == trained
    assert all(option.startswith("test/") or option == trained for option in options)


def test_a_model_that_was_trained_on_the_image_says_so(names, models, open_page):
    run = list_runs(models)[0][0]
    sample = shipped.phantom_samples()[0].relative_to(shipped.PHANTOMS).as_posix()
    split = run.split.assign(sample_id=[sample, *run.split["sample_id"][1:]], split="train")
    run.write_split(split["sample_id"], split["split"])
    page = open_page("inspect")
    assert any("trained on this very image" in warning.value for warning in page.warning)


def test_without_runs_the_image_still_shows(empty_models, open_page, phantoms, monkeypatch):
    monkeypatch.setattr(shipped, "PHANTOMS", phantoms)
    page = open_page("inspect")
    assert not page.exception
    assert len(tiles(page)) == 1
    assert "no finished run" in page.info[0].value


def test_without_runs_or_samples_the_page_waits_for_an_upload(empty_models, open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "PHANTOMS", tmp_path / "none")
    page = open_page("inspect")
    assert not page.exception
    assert not tiles(page)
