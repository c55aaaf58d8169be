"""Where a run looks on average: a model of a planted letter looks at the letter; the outcomes and shares by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import core.inference.atlas
from core.errors import InputError
from core.inference.atlas import build_atlas, save_atlas
from core.inference.atlas_file import division_of, group_number, open_atlas
from core.runs.store import create_run
from core.saliency import explain
from core.saliency.checks.similarity import coarse
from core.training.plan import plan

SIZE, N = 48, 22


@pytest.fixture(scope="module")
def model():
    """Its logit of PNEUMONIA is the area of what is nearly white, and that of NORMAL the area of the rest."""
    import keras

    layers, constant = keras.layers, lambda values: keras.initializers.Constant(np.array(values))
    x = inputs = keras.Input((SIZE, SIZE, 3))
    kernel, bias = [[[[1.0, -1.0]] * 3]], [-2.4, 2.4]
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(2, 1, activation="relu", kernel_initializer=constant(kernel), bias_initializer=constant(bias))(x)
    logits = layers.Dense(2, name="logits", kernel_initializer=constant([[0.0, 9.0], [9.0, 0.0]]))(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, layers.Activation("softmax", name="probabilities")(logits))


@pytest.fixture
def films(monkeypatch):
    """A bright body on black, half of them with a letter in the left upper corner."""
    pixels = np.zeros((N, SIZE, SIZE), np.uint8)
    pixels[:, 8:, 14:34] = 120
    pixels[: N // 2, 2:8, 2:8] = 255
    monkeypatch.setattr(core.inference.atlas, "pixel_store", lambda *_: pixels)
    return pixels


@pytest.fixture
def run(tmp_path):
    """The letter is called PNEUMONIA; one of each call is wrong."""
    made = create_run(plan("cnn1", 2, {}, 0).model_copy(update={"image_size": SIZE}), tmp_path, tmp_path)
    p = np.where(np.arange(N) < N // 2, 0.9, 0.1)
    y_true = (p > 0.5).astype(int)
    y_true[[0, N - 1]] = 0, 1
    ids = [f"test/NORMAL/IM-{number:04d}.jpeg" for number in range(N)]
    made.write_predictions(pd.DataFrame({"sample_id": ids, "split": "test", "y_true": y_true, "p_NORMAL": 1 - p, "p_PNEUMONIA": p}))
    made.write_card({"thresholds": {"youden": 0.5}, "recommended": {"rule": "youden", "value": 0.5}})
    return made


@pytest.fixture
def dataset(run):
    return SimpleNamespace(samples=run.predictions[["sample_id"]])


def test_the_atlas_of_a_model_of_letters_lies_on_the_letter(run, model, dataset, films):
    seen = []
    atlas = build_atlas(run, model, dataset, progress=lambda done, total: seen.append((done, total)))
    assert {name: part.n for name, part in atlas.items()} == {
        "true_normal": 10, "false_normal": 1, "true_pneumonia": 10, "false_pneumonia": 1,
    }  # fmt: skip
    letter, rest = atlas["true_pneumonia"], atlas["true_normal"]
    row, column = np.unravel_index(letter.mean.argmax(), letter.mean.shape)
    assert row < 5 and column < 5, "28 cells a side: the letter ends at 8 of 48 pixels"
    assert letter.corners == pytest.approx((1, 1, 1)) and letter.outside_body[0] > 0.95
    assert rest.corners[0] < 0.5
    assert seen[-1] == (N, N)
    assert letter.film == pytest.approx(coarse(films[1]), abs=1), "ten films that are alike"
    assert rest.film[:3].max() == 0, "no letter above the body"
    assert atlas["false_normal"].film is None and atlas["false_pneumonia"].film is None, "of one film, it would be a patient's picture"
    assert letter.mean == pytest.approx(coarse(explain(model, films[1], "grad_cam", 1).heatmap), abs=1e-6), "a batch is as one by one"


def test_an_atlas_is_kept_and_small(run, model, dataset, films):
    save_atlas(run, build_atlas(run, model, dataset), "test", "grad_cam")
    file = run.path / "atlas-test-grad_cam.npz"
    with np.load(file, allow_pickle=False) as kept:
        assert {name for name in kept if name.endswith(".film")} == {"true_normal.film", "true_pneumonia.film"}
        assert kept["true_pneumonia.n"].tolist() == [10, 0] and kept["true_pneumonia.mean"].shape == (28, 28)
    assert file.stat().st_size < 20_000


def test_what_an_atlas_cannot_be_made_of_is_told(run, model, films):
    with pytest.raises(InputError, match="not in these data"):
        build_atlas(run, model, SimpleNamespace(samples=pd.DataFrame({"sample_id": ["test/other.jpeg"]})))
    with pytest.raises(InputError, match="no scores of val"):
        build_atlas(run, model, SimpleNamespace(samples=run.predictions), "val")
    mean = SimpleNamespace(config=SimpleNamespace(members=("one", "two")))
    with pytest.raises(InputError, match=r"each member looks on its own.*Make the atlas of one of them: one, two"):
        build_atlas(mean, model, SimpleNamespace(samples=run.predictions))


def test_a_model_without_spatial_layers_has_means_by_other_methods_alone(run, dataset, films):
    import keras

    inputs = keras.Input((SIZE, SIZE, 3))
    logits = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(inputs))
    linear = keras.Model(inputs, keras.layers.Activation("softmax", name="probabilities")(logits))
    with pytest.raises(InputError, match="no layer with a spatial output"):
        build_atlas(run, linear, dataset)
    assert build_atlas(run, linear, dataset, method="saliency")["true_pneumonia"].n == 10


def test_the_groups_of_films_have_their_own_means(run, model, dataset, films):
    """Films 0 to 8 are in group 2, the others but the last in group 1; the last is in none."""
    numbers = pd.Series([2] * 9 + [1] * (N - 10), dataset.samples["sample_id"][: N - 1])
    atlas = build_atlas(run, model, dataset, groups=numbers)
    assert list(atlas)[4:] == ["group_1", "group_2"] and [atlas[name].n for name in list(atlas)[4:]] == [N - 10, 9]
    assert atlas["group_1"].film is not None and atlas["group_2"].film is None, "of nine none is kept"
    assert atlas["group_2"].mean == pytest.approx(atlas["true_pneumonia"].mean, abs=1e-6), "all of its films have the same letter"
    assert atlas["group_2"].corners[0] == pytest.approx(1) and atlas["group_1"].corners[0] < 0.9
    save_atlas(run, atlas, "test", "grad_cam")
    kept = open_atlas(run, "test")
    assert list(kept) == list(atlas)
    assert [part.division for part in kept.values()] == [""] * 4 + [division_of(numbers)] * 2
    assert [group_number(name) for name in atlas] == [0, 0, 0, 0, 1, 2]
