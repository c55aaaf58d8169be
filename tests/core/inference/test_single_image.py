"""One image and one run: probabilities at the run's threshold, calibrated, over flips and shifts, with the nearest images."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.special import logit

from core.images import ImageError, gate, read_grey
from core.images.views import VIEWS
from core.inference.decide import average
from core.inference.neighbours import neighbours_by_class
from core.inference.predict import predict
from core.inference.prediction import Prediction
from core.inference.single_image import N_VIEWS, first_look, predict_image, views
from core.input_checks import Finding, build_reference
from core.input_checks.doubts import doubts, training_copy
from core.input_checks.feature_distance import features
from core.metrics.calibration import run_temperature
from core.runs.store import Run, create_run
from core.training.plan import plan

SIZE = 48


@pytest.fixture(scope="module")
def model():
    import keras

    keras.utils.set_random_seed(5)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3))
    x = layers.MaxPooling2D(4)(layers.Conv2D(6, 3, activation="relu")(layers.Rescaling(1 / 255)(inputs)))
    outputs = layers.Activation("softmax")(layers.Dense(2, name="logits")(layers.Flatten()(x)))
    return keras.Model(inputs, outputs)


@pytest.fixture(scope="module")
def dataset(phantoms):
    from core.datasets import open_dataset

    return open_dataset(phantoms)


@pytest.fixture(scope="module")
def run(dataset, tmp_path_factory):
    """60 phantoms, of which every second test film plays validation; scores with a known temperature."""
    config = plan("cnn1", 2, {}, 0).model_copy(update={"image_size": SIZE, "fingerprint": dataset.fingerprint})
    made = create_run(config, dataset.root, tmp_path_factory.mktemp("models"))
    split = np.array(["train", "train", "val"])[np.arange(len(dataset.samples)) % 3]
    made.write_split(dataset.samples["sample_id"], pd.Series(split))
    rng = np.random.default_rng(0)
    truth, score = rng.integers(0, 2, 400), rng.normal(size=400)
    p = 1 / (1 + np.exp(-(2 * truth - 1 + score)))
    ids = [f"train/NORMAL/IM-{i:04d}.jpeg" for i in range(400)]
    made.write_predictions(
        pd.DataFrame({"sample_id": ids, "split": "val", "y_true": truth, "p_NORMAL": 1 - p, "p_PNEUMONIA": p}).astype({"split": "str"})
    )
    made.write_card({"thresholds": {"youden": 0.4}, "recommended": {"rule": "youden", "value": 0.4}})
    return made


@pytest.fixture(scope="module")
def film(dataset):
    buffer = io.BytesIO()
    Image.fromarray(dataset.read(dataset.samples["sample_id"].iloc[0])).save(buffer, "PNG")
    return buffer.getvalue()


def test_views_are_the_image_its_shifts_and_all_that_mirrored():
    image = np.arange(100, dtype=np.uint8)[:, None] + np.arange(100, dtype=np.uint8)
    copies = views(image)
    assert copies.shape == (10, 100, 100)
    assert (copies[0] == image).all()
    assert (copies[1][:-3] == image[3:]).all() and (copies[1][-3:] == image[-1]).all()
    assert (copies[4][:, 3:] == image[:, :-3]).all()
    assert (copies[5:] == copies[:5, :, ::-1]).all()


def test_probabilities_label_and_interval(run, model, film):
    found = predict_image(run, model, film)
    pixels = np.asarray(Image.open(io.BytesIO(film)).resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    scores = predict(model, views(pixels))
    assert list(found.probabilities.values()) == pytest.approx(scores[0], abs=1e-5)
    assert found.label == ("PNEUMONIA" if scores[0, 1] >= 0.4 else "NORMAL")
    assert found.interval["PNEUMONIA"] == pytest.approx((scores[:, 1].min(), scores[:, 1].max()), abs=1e-5)
    assert len(found.views) == N_VIEWS == 10
    assert not found.screened and found.neighbours == ()


def test_the_calibrated_value_divides_the_logit_by_the_temperature(run, model, film):
    found = predict_image(run, model, film)
    expected = logit(found.probabilities["PNEUMONIA"]) / run_temperature(run)
    assert logit(found.calibrated["PNEUMONIA"]) == pytest.approx(expected, abs=1e-4)


def test_a_run_without_validation_scores_has_no_calibrated_value(run, model, film, tmp_path):
    bare = create_run(run.config, tmp_path, tmp_path)
    bare.write_predictions(run.predictions.assign(split="test"))
    bare.write_card(run.card.to_json())
    assert predict_image(bare, model, film).calibrated is None


def test_a_training_image_is_its_own_nearest(run, model, dataset, film):
    found = predict_image(run, model, film, build_reference(run, model, dataset))
    nearest = found.neighbours[0]
    assert found.screened
    assert (nearest.sample_id, nearest.class_name) == (dataset.samples["sample_id"].iloc[0], "NORMAL")
    assert nearest.distance < found.neighbours[1].distance
    assert len(found.neighbours) == 6


def test_the_nearest_of_each_class_are_those_of_a_search_by_hand(run, model, dataset, film):
    reference, pixels = build_reference(run, model, dataset), read_grey(film, SIZE)
    found = neighbours_by_class(run, model, reference, pixels, 3)
    placed = reference.embedding.place(features(model, pixels[np.newaxis])[1])
    apart = np.sqrt(((reference.embedding.points - placed) ** 2).mean(axis=1))
    for class_id, name in enumerate(("NORMAL", "PNEUMONIA")):
        of_class = np.flatnonzero(reference.y_true == class_id)
        nearest = of_class[np.argsort(apart[of_class])[:3]]
        assert [one.sample_id for one in found[name]] == list(reference.sample_ids[nearest])
        assert [one.distance for one in found[name]] == pytest.approx(apart[nearest], abs=1e-3)
        assert {one.class_name for one in found[name]} == {name}


def test_json_holds_the_contract_and_the_reasons(run, model):
    buffer = io.BytesIO()
    Image.fromarray(np.full((40, 40), 90, np.uint8)).save(buffer, "PNG")
    written = predict_image(run, model, buffer.getvalue()).to_json()
    assert set(written) >= {"probabilities", "threshold", "label", "warnings"}
    assert written["threshold"] == 0.4
    assert written["refused"] is True
    assert any("almost uniform" in text for text in written["warnings"])
    assert any("fewer than the 48×48 that the model takes" in text for text in written["warnings"])


def test_a_broken_image_is_refused(run, model, film):
    with pytest.raises(ImageError):
        predict_image(run, model, film[:400])


def test_a_first_look_is_the_same_without_the_views(run, model, film):
    first, whole = first_look(run, model, film), predict_image(run, model, film)
    assert first.views == () and first.interval is None and first.to_json()["interval"] is None
    assert first.with_views(whole.views[1:]) == whole


def test_an_ensemble_says_the_mean_of_its_members_at_its_own_threshold(run):
    size, blank = Finding("size", "warn", "small"), Finding("blank", "refuse", "blank")
    one = Prediction({"NORMAL": 0.8, "PNEUMONIA": 0.2}, 0.05, "PNEUMONIA", (size,), None, True, (), ((0.8, 0.2), (0.9, 0.1)))
    faint = Finding("blank", "warn", "faint")
    two = Prediction({"NORMAL": 0.3, "PNEUMONIA": 0.7}, 0.5, "PNEUMONIA", (blank,), None, True, (), ((0.3, 0.7), (0.0, 1.0)))
    three = replace(one, findings=(faint,), screened=False)
    both = average(run, [one, two])
    assert both.probabilities == pytest.approx({"NORMAL": 0.55, "PNEUMONIA": 0.45})
    assert (both.threshold, both.label, both.screened) == (0.4, "PNEUMONIA", True)
    assert both.interval["PNEUMONIA"] == pytest.approx((0.45, 0.55))
    assert set(both.findings) == {size, blank} and both.refused
    assert average(run, [two, three]).findings == (blank,), "a refusal outdoes a warning"
    assert not average(run, [two, three]).screened


@pytest.mark.parametrize("view", ["mirror", "ten_crops"])
def test_a_view_averages_the_probabilities_of_its_looks(run, model, film, view):
    """The same mean, asked of the model look by look, for the image and for its shifts."""
    pixels = read_grey(film, SIZE)
    by_hand = np.mean([predict(model, look.at(pixels[np.newaxis]))[0] for look in VIEWS[view]], axis=0)
    viewed = Run(run.path)
    viewed.__dict__["config"] = run.config.model_copy(update={"recipe": run.config.recipe.model_copy(update={"view": view})})
    seen = predict_image(viewed, model, film)
    assert list(seen.probabilities.values()) == pytest.approx(by_hand, abs=1e-6)
    assert predict(model, pixels[np.newaxis], view=view)[0] == pytest.approx(by_hand, abs=1e-6)
    shifted = np.mean([predict(model, look.at(views(pixels)[1:2]))[0] for look in VIEWS[view]], axis=0)
    assert seen.views[1] == pytest.approx(tuple(shifted), abs=1e-6)


def test_a_film_is_decoded_once_for_all_models(run, model, film, dataset, monkeypatch):
    asked, ask = [], gate.POOL.run
    monkeypatch.setattr(gate.POOL, "run", lambda function, *args: (asked.append(function.__name__), ask(function, *args))[1])
    own, expected = gate.Film.of(film), predict_image(run, model, film).to_json()
    del asked[:]
    for _ in range(3):
        found = predict_image(run, model, own)
        assert doubts(run, own, training_copy(run, own, dataset.samples)) and found.to_json() == expected
    assert [name for name in asked if name != "stated"] == ["read_whole"]
