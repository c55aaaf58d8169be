"""Models from elsewhere: scored once on the test images exactly as their maker would, or refused with the reason."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.datasets import open_dataset
from core.datasets.shipped import open_shipped
from core.errors import InputError
from core.imports import import_model
from core.inference import load_model
from core.runs import list_runs

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


def headless():
    """Ends in a pooling layer."""
    inputs = keras.Input((SIDE, SIDE, 3))
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(2, 3, activation="softmax")(inputs)))


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
    assert run.card["params_total"] == model.count_params() and run.card["model_bytes"] == run.model_path.stat().st_size


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
    assert run.card["recommended"] == {"rule": "given", "value": 0.3, "means": run.card["recommended"]["means"]}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: net(2, None), ["2 × linear", "no probabilities", "softmax"]),
        (lambda: net(2, "sigmoid"), ["2 × sigmoid", "one sigmoid"]),
        (headless, ["does not end in a Dense layer", "CSV"]),
        (lambda: net(4), ["gives 4 scores", "two or three classes"]),
        (lambda: net(shape=(SIDE, SIDE, 1)), [f"takes ({SIDE}, {SIDE}, 1)", "CSV"]),
        (lambda: net(shape=(SIDE, SIDE + 1, 3)), ["fixed side"]),
        (lambda: net(shape=(None, None, 3)), ["fixed side"]),
    ],
    ids=["logits", "two sigmoids", "no dense", "four classes", "grey input", "not square", "any size"],
)
def test_models_that_do_not_fit_are_refused_and_leave_no_run(bring, tmp_path, model, words):
    with pytest.raises(InputError) as error:
        bring(model())
    for word in words:
        assert word in str(error.value)
    assert list_runs(tmp_path / "models") == ([], {})


def test_code_inside_a_model_is_not_run(dataset, tmp_path):
    path = tmp_path / "evil.keras"
    inputs = keras.Input((SIDE, SIDE, 3))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x[:, 0, 0, :2])(inputs)).save(path)
    with pytest.raises(InputError, match="Lambda layer, whose code is not run"):
        import_model(path, dataset, models=tmp_path / "models")


def test_files_that_are_no_models(dataset, tmp_path):
    (tmp_path / "half.keras").write_bytes(b"PK half")
    with pytest.raises(InputError, match="broken or needs code of its own"):
        import_model(tmp_path / "half.keras", dataset)
    with pytest.raises(InputError, match=r"no \.keras file"):
        import_model(tmp_path / "gone.keras", dataset)


def test_wrong_options(bring):
    with pytest.raises(InputError, match="classes NORMAL, PNEUMONIA; received CAT, DOG"):
        bring(net(), classes=("cat", "dog"))
    with pytest.raises(InputError, match="A scale is one of"):
        bring(net(), scale="0-100")


def test_without_pixels_there_is_nothing_to_score(tmp_path):
    net().save(tmp_path / "m.keras")
    with pytest.raises(InputError, match="PNEUMOLENS_DATA"):
        import_model(tmp_path / "m.keras", open_shipped())
