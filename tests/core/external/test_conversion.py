"""Every way in which people build and end a model gives the scores of that model, or a sentence; computed on random pictures."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from benchmarks.foreign_models import MODELS, SIDE, backbone, built, head, sequential
from core.errors import InputError
from core.external.conversion import converted
from core.model_files.flattening import flattened, is_nested

TWO, THREE = ("NORMAL", "PNEUMONIA"), ("NORMAL", "BACTERIAL", "VIRAL")
layers = keras.layers


def convert(model, classes=None, **options):
    return converted(model, (TWO, THREE), classes, **options)


def pictures(shape, n=3):
    return np.random.default_rng(2).uniform(0, 1, (n, *shape)).astype(np.float32)


def scores(model, images):
    return np.asarray(model(images, training=False), dtype=np.float32).reshape(len(images), -1)


@pytest.mark.parametrize("kind", MODELS)
def test_a_flat_copy_gives_the_scores_of_the_original(kind):
    model = built(kind)
    brought = convert(model, side=SIDE if kind == "any_size" else None)
    images, core = pictures(brought.picture.shape), brought.core
    assert not is_nested(core) and len({operation.name for operation in core.operations}) == len(core.operations)
    assert [layer.name for layer in core.layers][-2:] == ["logits", "probabilities"] and core.output.dtype == "float32"
    assert scores(core, images) == pytest.approx(scores(model, images), abs=5e-3 if kind == "half_precision" else 1e-5)
    assert brought.params_total == model.count_params()


@pytest.mark.parametrize("kind", ["nested", "shared", "average", "oblong", "one_channel"])
def test_what_is_stored_gives_the_same_after_saving(kind, tmp_path):
    brought = convert(built(kind))
    stored = brought.on_scale("0-1")
    stored.save(tmp_path / "stored.keras")
    images = 255 * pictures((SIDE, SIDE, 3))
    again = keras.models.load_model(tmp_path / "stored.keras", safe_mode=True)
    assert stored.input_shape == (None, SIDE, SIDE, 3) and not is_nested(stored)
    assert scores(again, images) == pytest.approx(scores(stored, images), abs=1e-6)


def test_one_channel_is_fed_the_grey_picture_and_an_oblong_one_the_squashed_square():
    grey, model = pictures((SIDE, SIDE, 1)), built("one_channel")
    assert scores(convert(model).on_scale("0-1"), 255 * grey.repeat(3, axis=-1)) == pytest.approx(scores(model, grey), abs=1e-5)
    model, square = built("oblong"), pictures((SIDE, SIDE, 3))
    fitted = np.asarray(layers.Resizing(16, SIDE, antialias=True)(square))
    brought = convert(model)
    assert scores(brought.on_scale("0-255"), square) == pytest.approx(scores(model, fitted), abs=1e-5)
    assert "16 pixels high and 24 wide" in brought.notes[0]


def test_scaling_inside_the_model_is_noticed():
    assert "in its layer 'rescaling" in " ".join(convert(built("nested")).notes)
    assert "in its layer 'true_divide" in " ".join(convert(built("shared")).notes)
    assert "scales intensities itself" not in " ".join(convert(built("oblong")).notes)


def test_layers_of_one_name_get_names_of_their_own():
    names = [layer.name for layer in convert(built("average")).core.layers]
    assert {"conv1", "conv1_2", "conv2", "conv2_2", "logits", "logits_2", "probabilities"} <= set(names)


def test_a_stored_run_of_earlier_versions_is_flattened_with_its_names():
    model = sequential(backbone(), layers.GlobalAveragePooling2D(), layers.Dense(2, name="logits_of_all"))
    flat = flattened(model)
    assert [layer.name for layer in flat.layers][-3:] == ["conv2", model.layers[1].name, "logits_of_all"]
    images = pictures((SIDE, SIDE, 3))
    assert scores(flat, images) == pytest.approx(scores(model, images), abs=1e-6)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)


pool = layers.GlobalAveragePooling2D
ENDINGS = {
    "fused softmax": (lambda: [pool(), layers.Dense(2, "softmax")], lambda x: x),
    "layer of softmax": (lambda: [pool(), layers.Dense(2), layers.Softmax()], lambda x: x),
    "activation": (lambda: [pool(), layers.Dense(2), layers.Activation("softmax")], lambda x: x),
    "softmax twice": (lambda: [pool(), layers.Dense(2, "softmax"), layers.Softmax()], lambda x: x),
    "softmax of maps, averaged": (lambda: [layers.Conv2D(2, 1, activation="softmax"), pool()], lambda x: x),
    "fused in a convolution": (lambda: [layers.Conv2D(2, SIDE // 2, activation="softmax"), layers.Flatten()], lambda x: x),
    "then dropout and float32": (
        lambda: [pool(), layers.Dense(2, "softmax"), layers.Dropout(0.2), layers.Activation("linear", dtype="float32")],
        lambda x: x,
    ),
    "hard sigmoid": (lambda: [pool(), layers.Dense(1, "hard_sigmoid")], lambda x: x),
    "sigmoid of a column": (lambda: [pool(), layers.Dense(1, "sigmoid"), layers.Reshape((1,))], lambda x: x),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("classes", [None, ("pneumonia", " Normal")], ids=["ours", "turned"])
def test_endings_in_both_orders(ending, classes):
    build, expected = ENDINGS[ending]
    keras.utils.set_random_seed(8)
    model = sequential(backbone(), *build())
    images, core = pictures((SIDE, SIDE, 3)), convert(model, classes).core
    theirs, found = expected(scores(model, images)), scores(core, images)
    if theirs.shape[1] == 1:
        assert found == pytest.approx(theirs if classes is None else 1 - theirs, abs=1e-5)
    else:
        assert found == pytest.approx(theirs if classes is None else theirs[:, ::-1], abs=1e-5)


@pytest.mark.parametrize(("units", "whole"), [(1, sigmoid), (3, softmax)])
def test_logits_are_taken_when_somebody_says_so_or_the_loss_does(units, whole):
    model, images = sequential(backbone(), *head(units, None)), pictures((SIDE, SIDE, 3))
    expected = pytest.approx(whole(scores(model, images)), abs=1e-5)
    for options in ({"outputs": "logits"}, {"from_logits": True}):
        brought = convert(model, **options)
        assert scores(brought.core, images) == expected and "logits" in brought.notes[0]
    with pytest.raises(InputError, match="--outputs logits"):
        convert(model, outputs="probabilities", from_logits=True)


def lucky(activation, units=1):
    """Scores from 0 to 1 on every trial picture, by luck: nothing in the model keeps them there."""
    model = sequential(backbone(), pool(), layers.Dense(units, activation))
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel * 0, bias + {"tanh": np.arctanh(0.5), "exponential": -np.log(2)}.get(activation, 0.5)])
    return model


@pytest.mark.parametrize(("activation", "units"), [(None, 1), (None, 2), ("relu", 1), ("tanh", 1), ("exponential", 2)])
def test_scores_that_lie_from_0_to_1_by_luck_are_no_probabilities(activation, units):
    model = lucky(activation, units)
    with pytest.raises(InputError) as caught:
        convert(model)
    name = activation or "linear"
    assert f"{units} × {name}" in str(caught.value) and "--outputs probabilities" in str(caught.value)
    assert ("--outputs logits" in str(caught.value)) == (activation is None)
    brought = convert(model, outputs="probabilities")
    assert any("may leave 0 to 1" in note for note in brought.notes)


def constructed(build):
    inputs = keras.Input((SIDE, SIDE, 3))
    features = pool()(backbone()(inputs))
    return keras.Model(inputs, build(features))


BOUNDED = {
    "tanh made a share": lambda x: layers.Rescaling(0.5, 0.5)(layers.Dense(1, "tanh")(x)),
    "mean of sigmoids": lambda x: layers.Average()([layers.Dense(1, "sigmoid")(x), layers.Dense(1, "sigmoid")(x)]),
    "half the sum": lambda x: layers.Add()([layers.Dense(1, "sigmoid")(x), layers.Dense(1, "sigmoid")(x)]) / 2,
    "the rest": lambda x: 1 - layers.Dense(1, "sigmoid")(x),
    "product": lambda x: layers.Multiply()([layers.Dense(1, "sigmoid")(x), layers.Dense(1, "sigmoid")(x)]),
    "cut off": lambda x: keras.ops.clip(layers.Dense(1)(x), 0, 1),
    "capped": lambda x: layers.ReLU(max_value=1)(layers.Dense(1)(x)),
    "both": lambda x: layers.Concatenate()([1 - (p := layers.Dense(1, "sigmoid")(x)), p]),
    "shares": lambda x: (p := layers.Dense(2, "sigmoid")(x)) / keras.ops.sum(p, axis=-1, keepdims=True),
}


@pytest.mark.parametrize("kind", BOUNDED)
def test_an_end_that_cannot_leave_0_to_1_is_taken_as_it_is(kind):
    keras.utils.set_random_seed(3)
    model, images = constructed(BOUNDED[kind]), pictures((SIDE, SIDE, 3))
    assert scores(convert(model).core, images) == pytest.approx(scores(model, images), abs=1e-5)


UNBOUNDED = {
    "shares of anything": lambda x: (p := layers.Dense(2, bias_initializer="ones")(x * 0)) / keras.ops.sum(p, axis=-1, keepdims=True),
    "sum of sigmoids": lambda x: layers.Add()([layers.Dense(1, "sigmoid", bias_initializer="zeros")(x * 0)] * 2) / 2 * 1.5,
    "tanh turned": lambda x: 0.5 - layers.Dense(1, "tanh")(x * 0),
}


@pytest.mark.parametrize("kind", UNBOUNDED)
def test_an_end_that_can_leave_it_is_not(kind):
    with pytest.raises(InputError, match="no probabilities"):
        convert(constructed(UNBOUNDED[kind]))


def test_a_model_of_named_inputs_and_outputs():
    inputs, inner = keras.Input((SIDE, SIDE, 3), name="xray"), sequential(backbone(), *head())
    model, images = keras.Model({"xray": inputs}, {"diagnosis": inner(inputs)}), pictures((SIDE, SIDE, 3))
    assert scores(convert(model).core, images) == pytest.approx(scores(inner, images), abs=1e-6)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: sequential(*head(2, None)), ["2 × linear", "no probabilities", "from_logits=True", "--outputs logits"]),
        (lambda: sequential(*head(1, "tanh")), ["1 × tanh", "End it in a sigmoid"]),
        (lambda: sequential(*head(2, "sigmoid")), ["2 × sigmoid", "keras.ops.sum(p, -1, keepdims=True)"]),
        (lambda: sequential(*head(1, "softmax")), ["always 1", "one sigmoid"]),
        (lambda: sequential(*head(4)), ["gives 4 scores", "NORMAL, PNEUMONIA or NORMAL, BACTERIAL, VIRAL"]),
        (lambda: sequential(layers.Conv2D(1, 3, activation="sigmoid")), ["output of shape (22, 22, 1)", "a mask"]),
        (lambda: sequential(layers.Permute((2, 3, 1)), *head(), shape=(3, 32, 32)), ["channels first", "channels_last"]),
        (lambda: sequential(*head(), shape=(SIDE, SIDE, 4)), ["(24, 24, 4)", "(height, width, 1)"]),
        (lambda: sequential(layers.Dense(2, "softmax"), shape=(7,)), ["takes (7,)", "CSV"]),
        (lambda: sequential(*head(), shape=(4, 4, 3)), ["4×4 pixels", "sides from 8 to 4096"]),
        (lambda: sequential(layers.Conv2D(2, 250), *head(), shape=(None, None, 3)), ["pictures of 224×224 pixels"]),
    ],
    ids=["linear", "tanh", "two sigmoids", "softmax of 1", "four", "mask", "channels first", "colours", "table", "tiny", "too small"],
)
def test_what_cannot_be_used_is_refused_with_what_to_do(model, words):
    with pytest.raises(InputError) as error:
        convert(model())
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"classes": ("cat", "dog")},
            "two|as in --classes NORMAL,PNEUMONIA; received cat, dog",
        ),
        ({"side": 64}, "24×24 pixels and no others"),
        ({"outputs": "logits"}, "ends in a softmax, so it gives no logits"),
        ({"outputs": "votes"}, "auto, probabilities, logits; received 'votes'"),
    ],
)
def test_options_that_do_not_fit_the_model_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        convert(built("nested"), **options)


def test_the_advice_for_two_sigmoids_works():
    model = sequential(backbone(), *head(2, "sigmoid"))
    p = model.outputs[0]
    mended, images = keras.Model(model.inputs, p / keras.ops.sum(p, -1, keepdims=True)), pictures((SIDE, SIDE, 3))
    assert scores(convert(mended).core, images) == pytest.approx(scores(mended, images), abs=1e-5)


@pytest.mark.parametrize(
    ("scheme", "classes", "note"),
    [
        (("sano", "neumonia"), None, "choose neumonia, sano if it was trained on such folders"),
        (("sano", "neumonia"), ("neumonia", "sano"), "The outputs are read as neumonia, sano, in this order."),
        (TWO, None, "The outputs are read as NORMAL, PNEUMONIA, in this order."),
    ],
)
def test_how_the_outputs_are_read_is_said(scheme, classes, note):
    assert note in converted(sequential(*head()), (scheme,), classes).notes[-1]
