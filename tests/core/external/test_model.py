"""Models from elsewhere: scored once on the test images exactly as their maker would, or refused with the reason."""

from __future__ import annotations

import io

import keras
import numpy as np
import pytest
from PIL import Image

from benchmarks.foreign_models import built
from core.datasets import open_dataset
from core.datasets.sources.shipped import open_shipped
from core.errors import InputError
from core.external import import_model
from core.inference.predict import load_model
from core.inference.single_image import first_look
from core.input_checks import build_reference
from core.metrics.evaluation import evaluate_run
from core.reporting.leaderboard import board_row
from core.runs.store import list_runs
from core.saliency import explain

SIDE = 24
SCALED = {"0-255": lambda x: x, "0-1": lambda x: x / 255, "-1-1": lambda x: x / 127.5 - 1}


@pytest.fixture(scope="module")
def dataset(phantoms):
    return open_dataset(phantoms)


def net(units=2, activation="softmax", shape=(SIDE, SIDE, 3), functional=False):
    """A tiny untrained network, sequential or functional."""
    keras.utils.set_random_seed(units)
    layers = [keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(units, activation)]
    if not functional:
        return keras.Sequential([keras.Input(shape), *layers])
    inputs = x = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def bring(dataset, tmp_path):
    def bring(model, **options):
        path = tmp_path / "theirs.keras"
        model.save(path)
        return import_model(path, dataset, models=tmp_path / "models", **options)

    return bring


def their_scores(model, dataset, run, scale):
    images = np.stack([dataset.read(sample_id, SIDE) for sample_id in run.predictions["sample_id"]]).astype(np.float32)
    return model.predict(SCALED[scale](images[..., None].repeat(3, axis=-1)), verbose=0)


@pytest.mark.parametrize("functional", [False, True])
@pytest.mark.parametrize("scale", list(SCALED))
def test_scores_are_those_of_the_model_fed_as_it_was_trained(bring, dataset, scale, functional):
    model = net(functional=functional)
    run = bring(model, scale=scale)
    scores = run.predictions[["p_NORMAL", "p_PNEUMONIA"]].to_numpy()
    assert scores == pytest.approx(their_scores(model, dataset, run, scale), abs=1e-5)
    assert set(run.predictions["split"]) == {"test"} and len(run.predictions) == (dataset.samples["split"] == "test").sum()
    assert (run.state, run.config.title, run.config.image_size, run.config.seed) == ("finished", "theirs", SIDE, 0)
    assert run.card.params_total == model.count_params() and run.card.model_bytes == run.model_path.stat().st_size


def test_the_stored_model_takes_plain_intensities_and_stays_flat(bring, dataset):
    model = net()
    run = bring(model, scale="0-1")
    stored = load_model(run)
    assert not any(isinstance(layer, keras.Model) for layer in stored.layers)
    image = dataset.read(run.predictions["sample_id"].iloc[0], SIDE).astype(np.float32)[None, ..., None].repeat(3, axis=-1)
    assert stored.predict(image, verbose=0) == pytest.approx(model.predict(image / 255, verbose=0), abs=1e-5)


@pytest.mark.parametrize("ending", [keras.layers.Softmax, lambda: keras.layers.Activation("softmax")])
def test_every_ending_becomes_logits_and_probabilities(bring, dataset, ending):
    fused, apart = net(2), keras.Sequential([keras.Input((SIDE, SIDE, 3)), *net(2, None).layers, ending()])
    for model in (fused, apart):
        run = bring(model)
        stored = load_model(run)
        assert [layer.name for layer in stored.layers][-2:] == ["logits", "probabilities"]
        scores = run.predictions[["p_NORMAL", "p_PNEUMONIA"]].to_numpy()
        assert scores == pytest.approx(their_scores(model, dataset, run, "0-255"), abs=1e-5)


@pytest.mark.parametrize("classes", [("NORMAL", "BACTERIAL", "VIRAL"), ("BACTERIAL", "NORMAL", "VIRAL"), ("viral", " normal", "bacterial")])
def test_classes_in_another_order_are_put_into_ours(bring, dataset, classes):
    model = net(3)
    run = bring(model, classes=classes)
    columns = [f"p_{name.strip().upper()}" for name in classes]
    assert run.config.class_names == ("NORMAL", "BACTERIAL", "VIRAL")
    assert run.predictions[columns].to_numpy() == pytest.approx(their_scores(model, dataset, run, "0-255"), abs=1e-5)
    stored = load_model(run)
    image = np.full((1, SIDE, SIDE, 3), 90, np.float32)
    order = [[name.strip().upper() for name in classes].index(name) for name in run.config.class_names]
    assert stored.predict(image, verbose=0)[0] == pytest.approx(model.predict(image, verbose=0)[0][order], abs=1e-5)


def test_one_sigmoid_is_the_probability_of_pneumonia(bring, dataset):
    model = net(1, "sigmoid")
    run = bring(model, threshold=0.3)
    assert run.predictions["p_PNEUMONIA"].to_numpy() == pytest.approx(their_scores(model, dataset, run, "0-255")[:, 0], abs=1e-5)
    assert run.card.recommended.to_json() == {"rule": "given", "value": 0.3, "means": run.card.recommended.means}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: net(2, None), ["2 × linear", "no probabilities", "softmax"]),
        (lambda: net(2, "sigmoid"), ["2 × sigmoid", "one sigmoid"]),
        (lambda: net(4), ["gives 4 scores", "classes of the data set are NORMAL, PNEUMONIA"]),
    ],
    ids=["logits", "two sigmoids", "four classes"],
)
def test_models_that_do_not_fit_are_refused_and_leave_no_run(bring, tmp_path, model, words):
    with pytest.raises(InputError) as error:
        bring(model())
    for word in words:
        assert word in str(error.value)
    assert list_runs(tmp_path / "models") == ([], {})


def test_files_that_are_no_models(dataset, tmp_path):
    (tmp_path / "half.keras").write_bytes(b"PK half")
    with pytest.raises(InputError, match="no Keras model, or was cut short"):
        import_model(tmp_path / "half.keras", dataset)
    with pytest.raises(InputError, match=r"There is no file .*gone\.keras"):
        import_model(tmp_path / "gone.keras", dataset)


def test_wrong_options(bring):
    with pytest.raises(InputError, match="named in the order of its outputs as in --classes NORMAL,PNEUMONIA; received cat, dog"):
        bring(net(), classes=("cat", "dog"))
    with pytest.raises(InputError, match="A scale is one of"):
        bring(net(), scale="0-100")
    with pytest.raises(InputError, match="padding is to a square; choose squash"):
        bring(built("oblong"), resize="pad")


def test_one_sigmoid_may_be_the_probability_of_the_first_class(bring, dataset):
    """As `flow_from_directory` makes it where PNEUMONIA is 0 and NORMAL is 1."""
    model = net(1, "sigmoid")
    run, turned = bring(model), bring(model, classes=("PNEUMONIA", "NORMAL"))
    assert turned.predictions["p_NORMAL"].to_numpy() == pytest.approx(their_scores(model, dataset, turned, "0-255")[:, 0], abs=1e-5)
    areas = [evaluate_run(brought).to_json()["metrics"]["roc_auc"]["value"] for brought in (run, turned)]
    assert sum(areas) == pytest.approx(1) and areas[0] != 0.5
    assert load_model(turned).layers[-1].output.shape == (None, 1), "turned inside the model, so that maps are too"


def test_the_card_keeps_what_was_chosen_assumed_and_tried(bring):
    card = bring(built("any_size"), scale="tf", side=32).card
    assert card.scale == "-1-1" and [row["scale"] for row in card.scales] == ["0-255", "0-1", "-1-1", "caffe", "torch"]
    assert all(row["split"] == "train" and row["n_images"] == 16 and 0 <= row["roc_auc"] <= 1 for row in card.scales)
    assert "given 32×32 pixels" in card.notes[0] and "NORMAL, PNEUMONIA" in card.notes[-1]


def test_constant_scores_are_said(bring):
    model = net()
    model.layers[-1].set_weights([np.zeros((4, 2)), np.array([0.0, 9.0])])
    assert "have the same scores" in bring(model).card.warnings[0]


@pytest.mark.parametrize("kind", ["nested", "nested_twice", "without_dense", "one_channel", "oblong"])
def test_every_accepted_model_predicts_and_is_explained(bring, dataset, kind):
    run = bring(built(kind))
    model, image = load_model(run), dataset.read(run.predictions["sample_id"].iloc[0], run.config.image_size)
    label = run.config.class_names.index(first_look(run, model, png(image)).label)
    stored = run.predictions.filter(regex="^p_").iloc[0].to_numpy()
    assert label == int(stored[1] >= 0.5) and run.config.image_size == SIDE
    explanation = explain(model, image, "grad_cam", label)
    assert explanation.heatmap.shape == (SIDE, SIDE) and not explanation.is_empty


def test_a_brought_model_is_screened_by_the_training_images_of_the_data_set(bring, dataset, monkeypatch):
    monkeypatch.setattr("core.input_checks.measure.MIN_VAL", 5)  # sixty phantoms are too few otherwise
    run = bring(built("nested"))
    made = build_reference(run, load_model(run), dataset)
    train = dataset.samples.loc[dataset.samples["split"] == "train", "sample_id"]
    assert made.n_val >= 5 and set(made.sample_ids) < set(train) and made.embedding.points.shape[0] == len(made.sample_ids)


def test_runs_imported_nested_by_earlier_versions_can_be_explained(bring, dataset):
    run, model = bring(net()), built("nested")
    logits = keras.layers.Dense(2, name="logits")(model.layers[-3].output)
    keras.Model(model.inputs, keras.layers.Softmax(name="probabilities")(logits)).save(run.model_path)
    image = dataset.read(run.predictions["sample_id"].iloc[0], SIDE)
    assert explain(load_model(run), image, "layer_cam", 1).layer == "conv2"


def test_without_pixels_there_is_nothing_to_score(tmp_path):
    net().save(tmp_path / "m.keras")
    with pytest.raises(InputError, match="PNEUMOLENS_DATA"):
        import_model(tmp_path / "m.keras", open_shipped())


@pytest.mark.parametrize("units", [1, 2])
def test_a_saturated_model_ranks_the_images_in_either_order_of_its_classes(bring, units):
    """In float32 every score beyond 0.99999997 is 1, and only one of the two orders kept its ranks."""
    model = net(units, "sigmoid" if units == 1 else "softmax")
    kernel, _ = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel * 0.02, np.array([22.0] if units == 1 else [0.0, 22.0])])
    ours, turned = bring(model), bring(model, classes=("PNEUMONIA", "NORMAL"))
    high, low = ours.predictions["p_PNEUMONIA"], turned.predictions["p_PNEUMONIA"]
    assert high.nunique() == low.nunique() > 5 and (high > 1 - 1e-7).all()
    assert (high.rank() == (-low).rank()).all()
    assert board_row(ours, "half")["roc_auc"] == pytest.approx(1 - board_row(turned, "half")["roc_auc"])
