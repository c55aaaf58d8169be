"""The Inspect page with tiny real models on phantoms and uploads."""

import io
import json
import os
import re
import shutil
import threading

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core.datasets import open_dataset, sample_table
from core.datasets.phantom.write import write_phantoms
from core.datasets.sources import shipped
from core.images import gate
from core.inference.ensemble import create_ensemble
from core.machine.waiting_line import WaitingLine
from core.runs.identity import names_of
from core.runs.store import list_runs
from core.saliency import METHODS
from core.saliency.looks import explain_view
from dashboard import opening, turns
from dashboard.components.inspect import analysis as reading
from dashboard.components.inspect.maps.stopping import MADE, STOPPED

SIZE = 32


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    """A saved model with the shape of a registered architecture."""
    import keras

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
    assert "Synthetic radiograph, 224 × 224 pixels" in texts(page)
    assert "models say" in texts(page)
    assert "not a medical device" in texts(page)


def test_an_upload_is_decoded_once_for_all_that_is_shown_of_it(names, phantoms, open_page, monkeypatch):
    asked, run, film = [], gate.POOL.run, io.BytesIO()
    Image.open(next((phantoms / "test" / "NORMAL").iterdir())).save(film, "PNG")
    page = open_page("inspect", inspect_runs=names)
    monkeypatch.setattr(gate.POOL, "run", lambda function, *args: (asked.append(function.__name__), run(function, *args))[1])
    page = upload(page, film.getvalue())
    assert not page.exception and len(tiles(page)) == 3
    assert [name for name in asked if name != "stated"] == ["read_whole"]


def reverse_scores(run, split):
    table, scores = run.predictions, ["p_NORMAL", "p_PNEUMONIA"]
    table.loc[table["split"] == split, scores] = table.loc[table["split"] == split, scores].to_numpy()[:, ::-1]
    run.write_predictions(table)


def test_the_model_that_did_best_on_validation_is_the_default_and_test_decides_nothing(models, open_page):
    newer, older = list_runs(models)[0]
    reverse_scores(newer, "val")
    reverse_scores(older, "test")
    page = open_page("inspect")
    assert page.multiselect(key="inspect_runs").value == [older.name]
    assert len(tiles(page)) == 2


@pytest.fixture
def ensemble(models):
    return create_ensemble(list_runs(models)[0], "Mean of both", models)


@pytest.mark.long
def test_an_ensemble_is_scored_by_its_members_and_shows_their_maps(ensemble, open_page):
    page = open_page("inspect", inspect_runs=[ensemble.name, *ensemble.config.members])
    assert not page.exception
    called = names_of(list_runs(ensemble.path.parent)[0])
    names = [called[member] for member in ensemble.config.members]
    assert [tile["title"] for tile in tiles(page)] == ["Original", f"[B] {names[0]}", f"[C] {names[1]}"], "chosen themselves"
    assert [tile["title"] for tile in tiles(open_page("inspect", inspect_runs=[ensemble.name, ensemble.config.members[0]]))] == [
        "Original",
        "[A] Mean of both, member 2",
        f"[B] {names[0]}",
    ]
    assert "An ensemble has no single map" in texts(page) and "an ensemble has no nearest training images" in texts(page)
    told = [float(p) for p in re.findall(r"small\[([0-9.]+) \(", texts(page))]
    assert told[0] == pytest.approx(sum(told[1:]) / 2, abs=1e-3)


@pytest.mark.long
def test_a_missing_member_of_an_ensemble_is_named(ensemble, models, open_page):
    gone, left = ensemble.config.members
    shutil.rmtree(models / gone)
    page = open_page("inspect", inspect_runs=[ensemble.name, left])
    assert not page.exception
    assert "a member's model file is not here" in page.warning[0].value and ensemble.name[-6:] in page.warning[0].value
    assert len(tiles(page)) == 2


def test_the_last_action_decides_what_is_shown(names, open_page):
    page = upload(open_page("inspect"), png(90, 120))
    assert not page.exception
    assert "Your image, 120 × 90 pixels" in texts(page)
    assert "chest" not in texts(page), "the file's own name is nobody's business"
    assert "chest.png" in [element.value for element in page.text], "but its owner reads it"
    own = page.selectbox(key="inspect_sample").value
    page.selectbox(key="inspect_sample").set_value("example").run()
    assert "Synthetic radiograph, 224 × 224" in texts(page) and "Your image" not in texts(page)
    page.selectbox(key="inspect_sample").set_value(own).run()
    assert "Your image, 120 × 90 pixels" in texts(page)
    page.selectbox(key="inspect_sample").set_value("example").run()
    upload(page, png(70, 100), "second.png")
    assert "Your image, 100 × 70 pixels" in texts(page)
    assert page.query_params["inspect_sample"] == page.selectbox(key="inspect_sample").value
    assert "second" not in str(page.query_params)


def test_uploads_outlive_a_look_at_another_page_and_stay_shown(names, open_page):
    page = upload(open_page("inspect"), png(90, 120))
    page.switch_page("views/data.py").run()
    page.switch_page("views/inspect.py").run()
    assert not page.exception
    assert "Your image, 120 × 90 pixels" in texts(page)


@pytest.mark.long
def test_a_link_to_a_sample_wins_over_uploads_of_before_and_one_to_an_image_of_a_sender_says_so(names, open_page):
    page = open_page("inspect", inspect_sample="own-0123456789ab")
    assert "upload it to see it" in page.info[0].value
    assert "Synthetic radiograph" in texts(page)
    upload(page, png(90, 120))
    page.switch_page("views/data.py").run()
    page.query_params["inspect_sample"] = "example"
    page.switch_page("views/inspect.py").run()
    assert "Synthetic radiograph, 224 × 224" in texts(page)


def test_the_example_shows_a_known_opacity_and_says_why_it_was_chosen(names, open_page):
    page = open_page("inspect")
    sent = next(json.loads(element.proto.json) for element in page.get("bidi_component") if "tiles" in element.proto.json)
    assert sent["opacity"]["height"] == 224
    words = texts(page)
    assert "The green line is the true opacity" in words and "Why this film" in words
    assert "finds the outlines of every synthetic film unlike those of real chests, which is left out here" in words


def test_page_says_which_model_is_in_use_and_why(names, open_page):
    assert "the best before test" in texts(open_page("inspect"))
    assert "as chosen here or by the link" in texts(open_page("inspect", inspect_runs=names))


def test_whom_the_models_know_stands_beside_every_verdict(names, open_page):
    page = open_page("inspect", inspect_runs=names)
    assert any("whom they show is not recorded here" in info.value for info in page.info)


@pytest.mark.long
def test_a_warning_of_the_run_is_repeated(names, models, open_page):
    run = list_runs(models)[0][0]
    run.write_card(run.card.to_json() | {"warnings": ["Its validation scores are all the same, so nothing is told apart."]})
    page = open_page("inspect", inspect_runs=names)
    assert any("validation scores are all the same" in warning.value for warning in page.warning)


@pytest.mark.long
def test_the_table_of_several_files_gives_the_reasons_for_doubt(names, models, open_page, phantoms, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    film = next(iter(sorted(phantoms.rglob("train/NORMAL/*.jpeg"))))
    run = list_runs(models)[0][0]
    ids = [film.relative_to(phantoms).as_posix(), *run.split["sample_id"][1:]]
    run.write_split(pd.Series(ids), run.split["split"].where(run.split.index != 0, "train"))
    page = open_page("inspect", inspect_runs=[run.name])
    known, other = (film.name, film.read_bytes(), "image/jpeg"), ("other.png", png(90, 90), "image/png")
    page = page.file_uploader(key="inspect_upload").set_value([known, other]).run()
    table = page.dataframe[0].value.set_index("file")
    assert f"trained on this very image ({ids[0]})" in table.loc[film.name, "reasons_for_doubt"]
    assert "trained on" not in table.loc["other.png", "reasons_for_doubt"]
    assert any("trained on this very image" in warning.value for warning in page.warning)


def test_opacity_and_colours_only_blend_anew(names, open_page, monkeypatch):
    calls = []
    explain = reading.explain_view
    monkeypatch.setattr(reading, "explain_view", lambda *args: calls.append(args) or explain(*args))
    page = open_page("inspect")
    page.slider(key="inspect_opacity").set_value(0.8).run()
    page.segmented_control(key="inspect_colours").set_value("viridis").run()
    assert len(calls) == 1
    page.selectbox(key="inspect_method").set_value("LayerCAM").run()
    assert len(calls) == 2
    assert not page.exception


@pytest.mark.long
def test_a_slow_map_waits_in_line_and_says_its_place(names, open_page, monkeypatch):
    told, end, has_place = [], threading.Event(), threading.Event()

    def other():
        with turns.LINE.place("other work"):
            has_place.set()
            end.wait(60)

    def tell(ahead, seconds):
        told.append((ahead, seconds))
        end.set()
        return "in line"

    monkeypatch.setattr(turns, "LINE", WaitingLine(1))
    monkeypatch.setattr(turns, "waiting_text", tell)
    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    assert has_place.wait(60)
    page = open_page("inspect", inspect_runs=names[0])
    assert len(tiles(page)) == 2 and not told, "a quick map waits for nobody"
    page.selectbox(key="inspect_method").set_value("SmoothGrad").run()
    thread.join(60)
    assert not page.exception and len(tiles(page)) == 2
    assert told == [(1, None)]


def test_a_map_that_was_stopped_is_made_when_it_is_asked_for_again(names, open_page):
    page = open_page("inspect", inspect_runs=names[0])
    page.selectbox(key="inspect_method").set_value("SmoothGrad").run()
    assert page.session_state[MADE], "a map that is there has no button that stops it"
    page.session_state[STOPPED] = set(page.session_state[MADE])
    page.run()
    assert "This map was stopped." in texts(page) and len(tiles(page)) == 1
    page.button(key=f"inspect_map_again_{names[0]}_smoothgrad").click().run()
    assert not page.exception and len(tiles(page)) == 2 and "was stopped" not in texts(page)


def test_only_maps_of_one_pass_need_no_place_in_line(model_file):
    import keras

    model, image, steps = keras.models.load_model(model_file), np.random.default_rng(0).integers(0, 255, (SIZE, SIZE), np.uint8), []
    for method in METHODS:
        steps.clear()
        explain_view(model, image, "whole", method.key, 1, None, lambda done, total: steps.append(done))
        assert (method.key in reading.QUICK) == (not steps), method.key


def test_class_and_method_come_from_a_link(names, open_page):
    page = open_page("inspect", inspect_method="smoothgrad", inspect_class="NORMAL")
    assert "SmoothGrad for NORMAL" in texts(page)


@pytest.mark.long
def test_an_earlier_layer_can_be_chosen(names, open_page):
    page = open_page("inspect", inspect_runs=names[0])
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


@pytest.mark.long
def test_a_decompression_bomb_is_refused(names, open_page):
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    page = upload(open_page("inspect"), buffer.getvalue())
    assert "million pixels" in page.error[0].value


def test_a_missing_model_leaves_the_others_working(names, models, open_page):
    (models / names[1] / "model.keras").unlink()
    page = open_page("inspect", inspect_runs=names)
    assert not page.exception
    assert "its model file is not here" in page.warning[0].value and "python -m core train" in page.warning[0].value
    assert len(tiles(page)) == 2


def test_a_class_that_a_run_does_not_know_is_named(names, models, open_page, make_run):
    other = make_run(models, n_classes=3, image_size=SIZE)
    other.model_path.write_bytes(b"broken, and said to be")
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
    assert options[0].startswith("Example")
    assert all(option.startswith("test/") or option == trained for option in options[1:])


@pytest.mark.parametrize("sample", [False, True])
def test_a_film_is_answered_before_the_data_set_is_measured_unless_it_is_one_of_it(names, open_page, phantoms, monkeypatch, sample):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    monkeypatch.setattr(opening, "LONG", 1)
    done, look, measure = [], reading.first_look, sample_table.measure
    monkeypatch.setattr(reading, "first_look", lambda *given: done.append("answered") or look(*given))
    monkeypatch.setattr(sample_table, "measure", lambda path: done.append("measured") or measure(path))
    test = sorted(str(path.relative_to(phantoms)) for path in (phantoms / "test").rglob("*.jpeg"))
    page = open_page("inspect", inspect_runs=names[:1], **({"inspect_sample": test[0]} if sample else {}))
    assert not page.exception and not page.warning
    assert done[0] == ("measured" if sample else "answered") and done.count("measured") == 12
    chooser = page.selectbox(key="inspect_sample")
    assert chooser.value == (test[0] if sample else "example") and set(test) <= set(chooser.options)


def test_a_folder_without_one_usable_image_is_measured_once_and_said(names, open_page, lay, monkeypatch):
    folder = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg", "test/NORMAL/c.jpeg", "test/PNEUMONIA/d.jpeg")
    for file in folder.rglob("*.jpeg"):
        file.write_bytes(b"no image")
    monkeypatch.setenv("PNEUMOLENS_DATA", str(folder))
    monkeypatch.setattr(opening, "LONG", 1)
    measured, measure = [], sample_table.measure
    monkeypatch.setattr(sample_table, "measure", lambda path: measured.append(path) or measure(path))
    page = open_page("inspect", inspect_runs=names[:1])
    page.run()
    assert not page.exception and len(measured) == 4, "again and again"
    assert any("image" in warning.value for warning in page.warning) and tiles(page), "the example is answered all the same"


def test_a_model_that_was_trained_on_the_image_says_so(names, models, open_page, phantoms, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    run = list_runs(models)[0][0]
    sample = next(phantoms.rglob("test/NORMAL/*.jpeg")).relative_to(phantoms).as_posix()
    split = run.split.assign(sample_id=[sample, *run.split["sample_id"][1:]], split="train")
    run.write_split(split["sample_id"], split["split"])
    page = open_page("inspect", inspect_runs=[run.name], inspect_sample=sample)
    assert any("trained on this very image" in warning.value for warning in page.warning)


def test_without_runs_the_image_still_shows(empty_models, open_page, phantoms, monkeypatch):
    monkeypatch.setattr(shipped, "PHANTOMS", phantoms)
    page = open_page("inspect")
    assert not page.exception
    assert len(tiles(page)) == 1
    assert "No finished run" in page.info[0].value


def test_without_runs_or_samples_the_page_waits_for_an_upload(empty_models, open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "PHANTOMS", tmp_path / "none")
    monkeypatch.setattr(shipped, "EXAMPLE", tmp_path / "none")
    page = open_page("inspect")
    assert not page.exception
    assert not tiles(page)


@pytest.mark.long
def test_methods_and_models_make_a_grid_with_one_row_a_model(names, open_page):
    page = open_page("inspect", inspect_runs=names, inspect_also=["LayerCAM"])
    assert not page.exception
    titles = [tile["title"] for tile in tiles(page)]
    assert [title.split(" · ")[-1] for title in titles] == ["Original", "Grad-CAM", "LayerCAM"] * 2
    assert [tile["group"] for tile in tiles(page)][1:3] == ["grad_cam", "layer_cam"]
    (alike,) = [table.value for table in page.table if "Rank correlation" in table.value.columns]
    assert len(alike) == 6, "a line for each pair of the four maps"
    assert alike["Strongest places shared"].astype(float).between(alike["Shared in the same rank"].astype(float), 1).all()


def test_a_tile_tells_the_raw_magnitude_that_its_scaling_hides(names, open_page):
    tile = tiles(open_page("inspect"))[1]
    assert tile["raw_max"] > 0
    assert f"maximum {tile['raw_max']:.2g} {tile['unit']}" in tile["caption"]


def test_probability_is_told_with_interval_calibration_and_threshold(names, open_page):
    words = texts(open_page("inspect"))
    assert "over 10 flips and shifts" in words
    assert "threshold" in words and "calibrated" in words


def test_a_blank_picture_gets_no_score_until_asked_for(names, open_page):
    blank = io.BytesIO()
    Image.new("L", (200, 200), 90).save(blank, "PNG")
    page = upload(open_page("inspect"), blank.getvalue())
    assert not page.exception
    assert "No score is shown" in page.error[0].value and "almost uniform" in page.error[0].value
    assert len(tiles(page)) == 1
    assert "p(PNEUMONIA)" not in texts(page)
    page.toggle[0].set_value(True).run()
    assert "p(PNEUMONIA)" in texts(page)
    assert "No score is shown" not in page.error[0].value and "The scores shown mean nothing" in page.error[0].value
    assert len(tiles(page)) == 2


def test_the_note_is_called_by_its_tag_at_once(names, open_page):
    page = open_page("inspect", inspect_runs=names[:1])
    next(box for box in page.selectbox if box.label == "Tag").set_value("Unsure").run()
    assert "Note: Unsure" in [box.label for box in page.expander]
    next(box for box in page.selectbox if box.label == "Tag").set_value(None).run()
    assert "Note on this film" in [box.label for box in page.expander]


@pytest.mark.long
def test_fifty_files_of_which_three_are_broken(names, open_page):
    good = [(f"film{i}.png", png(60 + i, 64, i), "image/png") for i in range(47)]
    bad = [("notes.png", b"notes", "image/png"), ("half.png", png(90, 90)[:700], "image/png"), ("empty.dcm", b"", "application/dicom")]
    page = open_page("inspect")
    page = page.file_uploader(key="inspect_upload").set_value([*good[:20], *bad, *good[20:]]).run()
    assert not page.exception
    assert "**50 files**, 47 scored, 3 left out with the reason" in texts(page)
    table = page.dataframe[0].value.set_index("file")
    assert table.loc["notes.png", "error"].startswith("The content is not a JPEG, PNG")
    assert "broken or cut short" in table.loc["half.png", "error"]
    assert "empty" in table.loc["empty.dcm", "error"]
    served = table[table["error"] == ""]
    assert len(served) == 47
    assert served.filter(like=": p(pneumonia)").iloc[:, 0].between(0, 1).all()
    assert "Below: **film0.png**" in texts(page)


@pytest.mark.long
def test_only_broken_files_leave_nothing_to_inspect(names, open_page):
    page = open_page("inspect")
    page = page.file_uploader(key="inspect_upload").set_value([("a.png", b"a", "image/png"), ("b.png", b"b", "image/png")]).run()
    assert not page.exception
    assert "0 readable, 2 left out" in texts(page)
    assert not tiles(page)


@pytest.fixture
def measurable(names, models, open_page, phantoms_for_reference, monkeypatch):
    """The first run was trained on a data set that is here, and its training images can be measured."""
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms_for_reference))
    dataset = open_dataset(phantoms_for_reference)
    run = list_runs(models)[0][0]
    run.write_config(run.config.model_copy(update={"fingerprint": dataset.fingerprint}))
    split = dataset.samples["split"].to_numpy(dtype=object)
    split[np.flatnonzero(split == "train")[::3]] = "val"
    run.write_split(dataset.samples["sample_id"], pd.Series(split))
    return run


@pytest.fixture(scope="session")
def phantoms_for_reference(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference") / "phantoms"
    write_phantoms(folder, n=90, seed=3, size=96)
    return folder


def test_training_images_are_measured_on_demand_and_then_screen(measurable, open_page):
    page = open_page("inspect", inspect_runs=measurable.name)
    assert any("are not measured yet" in info.value for info in page.info)
    page.button(key="inspect_measure").click().run()
    assert not page.exception
    assert measurable.reference_path.exists()
    assert not any("are not measured yet" in info.value for info in page.info)
    assert "nearest training images" in texts(page)


def test_a_turned_film_and_a_negative_are_put_right_by_a_click(measurable, open_page):
    page = open_page("inspect", inspect_runs=measurable.name)
    page.button(key="inspect_measure").click().run()
    samples = open_dataset(os.environ["PNEUMOLENS_DATA"])
    film = samples.read(samples.samples.loc[samples.samples["split"] == "test", "sample_id"].iloc[0])
    for changed, reason, button in ((np.rot90(film), "turned 90° to the left", "turn"), (255 - film, "a negative", "invert")):
        content = io.BytesIO()
        Image.fromarray(changed).save(content, "PNG")
        page = upload(page, content.getvalue(), f"{button}.png")
        assert reason in page.error[0].value
        assert len(tiles(page)) == 1 and "p(PNEUMONIA)" not in texts(page)
        page.button(key=f"inspect_{button}").click().run()
        assert not page.exception
        assert not page.error
        assert len(tiles(page)) == 2 and "p(PNEUMONIA)" in texts(page)


def test_keras_keeps_its_state_between_runs_of_the_page(names, open_page):
    import keras

    page = open_page("inspect")
    first = keras.backend.get_uid("marker")
    page.slider(key="inspect_opacity").set_value(0.7).run()
    assert keras.backend.get_uid("marker") == first + 1, "Streamlit cleared Keras under the other sessions"
