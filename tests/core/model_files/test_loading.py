"""Model files of every kind: read without running code, or named with the lines that convert them."""

from __future__ import annotations

import io
import json
import pickle
import warnings
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from benchmarks.foreign_models import SIDE, backbone, built, head, sequential
from core.errors import InputError
from core.model_files.kinds import is_model, is_model_content
from core.model_files.loading import load_foreign


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    """A folder with one small model as ``.keras``, ``.h5`` and as a folder."""
    folder = tmp_path_factory.mktemp("saved")
    model = built("nested_twice")
    model.save(folder / "model.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that HDF5 is an old format
        model.save(folder / "model.h5")
    with zipfile.ZipFile(folder / "model.keras") as archive:
        archive.extractall(folder / "unpacked")
    return folder


def edited(path: Path, out: Path, change=lambda config: config, **metadata) -> Path:
    """A copy of a ``.keras`` file whose description was changed."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "metadata.json":
                text = json.dumps(json.loads(text) | metadata).encode()
            if name == "config.json":
                text = change(text.decode()).encode()
            new.writestr(name, text)
    return out


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "unpacked", "renamed.zip", "renamed.hdf5", "renamed.csv"])
def test_what_keras_can_read_is_known_by_its_content(saved, name):
    path = saved / name
    if name.startswith("renamed"):
        path.write_bytes((saved / ("model.h5" if name.endswith("hdf5") else "model.keras")).read_bytes())
    images = np.random.default_rng(0).uniform(0, 1, (2, SIDE, SIDE, 3)).astype(np.float32)
    model, contents = load_foreign(path)
    assert is_model(path) and contents.version == keras.__version__ and not contents.from_logits
    assert np.asarray(model(images)) == pytest.approx(np.asarray(built("nested_twice")(images)), abs=1e-6)


@pytest.mark.parametrize("form", ["keras", "h5"])
def test_the_loss_tells_whether_a_model_gives_logits(tmp_path, form):
    model = sequential(*head(1, None))
    model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)])
    model.save(tmp_path / f"m.{form}")
    assert load_foreign(tmp_path / f"m.{form}")[1].from_logits


@pytest.mark.parametrize("form", ["keras", "h5"])
def test_code_inside_a_model_is_never_run(tmp_path, form):
    marker = tmp_path / "was_run"
    code = f"open({str(marker)!r}, 'w')"
    inputs = keras.Input((SIDE, SIDE, 3))
    inner = keras.layers.Lambda(lambda x: eval(code) and x, name="mischief", output_shape=(SIDE, SIDE, 3))(inputs)
    keras.Model(inputs, keras.layers.Dense(2, "softmax")(keras.layers.Flatten()(inner))).save(tmp_path / f"evil.{form}")
    marker.unlink(missing_ok=True)
    with pytest.raises(InputError, match="Lambda layer 'mischief', and code inside a model is not run here"):
        load_foreign(tmp_path / f"evil.{form}")
    assert not marker.exists()


@keras.saving.register_keras_serializable(package="Lab")
class Attention(keras.layers.Layer):
    def call(self, inputs):
        return inputs


def test_a_class_of_ones_own_is_named(saved, tmp_path):
    sequential(Attention(), *head()).save(tmp_path / "own.keras")
    with pytest.raises(InputError, match=r"needs the class 'Attention'.*not part of Keras"):
        load_foreign(tmp_path / "own.keras")
    wrapped = edited(saved / "model.keras", tmp_path / "wrapped.keras", lambda text: text.replace('"MaxPooling2D"', '"TFSMLayer"'))
    with pytest.raises(InputError, match=r"TFSMLayer.*runs a program from elsewhere"):
        load_foreign(wrapped)
    unknown = edited(saved / "model.keras", tmp_path / "newer.keras", lambda text: text.replace('"MaxPooling2D"', '"MaxPooling9D"'))
    with pytest.raises(InputError, match="needs the class 'MaxPooling9D', which this Keras"):
        load_foreign(unknown)


def test_a_loss_of_ones_own_does_not_matter(tmp_path):
    model = sequential(backbone(), *head())
    model.compile(loss=lambda y_true, y_pred: keras.ops.mean(y_pred))
    model.save(tmp_path / "loss.keras")
    assert load_foreign(tmp_path / "loss.keras")[0].count_params() == model.count_params()


def test_files_of_keras_2_are_named_with_the_lines_that_convert_them(saved, tmp_path):
    def of_keras_2(text):
        return text.replace("keras.src.models", "keras.src.engine")

    old = edited(saved / "model.keras", tmp_path / "old.keras", of_keras_2, keras_version="2.15.0")
    with pytest.raises(InputError) as error:
        load_foreign(old)
    assert "saved by Keras 2.15.0" in str(error.value) and "Where TensorFlow 2.15 is installed" in str(error.value)
    line = "tf.keras.models.load_model('old.keras', compile=False).save('old.h5')"
    assert f'python -c "import tensorflow as tf; {line}"' in str(error.value)
    newer = edited(saved / "model.keras", tmp_path / "newer.keras", of_keras_2, keras_version="2.21.0")
    with pytest.raises(InputError, match="pip install tf_keras"):
        load_foreign(newer)


def test_operations_of_keras_2_are_no_lambda_layers(saved, tmp_path):
    def with_operations(text):
        return text.replace('"class_name": "MaxPooling2D"', '"class_name": "TFOpLambda"')

    with pytest.raises(InputError) as error:
        load_foreign(edited(saved / "model.keras", tmp_path / "ops.keras", with_operations, keras_version="2.14.0"))
    message = str(error.value)
    assert "TFOpLambda" in message and "preprocess_input" in message and "TensorFlow 2.14" in message and "--scale" in message
    assert "Lambda layer" not in message
    code = message.split('python -c "')[1].split('"')[0]
    compile(code, "advice", "exec")


def as_keras_2(path: Path, out: Path, **changed) -> Path:
    """A copy of an HDF5 file with what Keras 2 wrote besides into the description of its layers."""
    import h5py

    def add(value):
        if isinstance(value, list):
            return [add(item) for item in value]
        if not isinstance(value, dict):
            return value
        config = dict(value.get("config") or {}) if isinstance(value.get("config"), dict) else {}
        if value.get("class_name") == "InputLayer":
            config |= {"batch_input_shape": config.pop("batch_shape"), "sparse": False, "ragged": False}
            config.pop("optional", None)
        elif value.get("class_name") in ("DepthwiseConv2D", "SeparableConv2D"):
            config |= {"groups": 1} | changed
        elif value.get("class_name") == "BatchNormalization":
            config["axis"] = [3]
        value = value | {"config": config} if config else value
        return {key: add(item) for key, item in value.items()}

    out.write_bytes(path.read_bytes())
    with h5py.File(out, "r+") as file:
        file.attrs["model_config"] = json.dumps(add(json.loads(file.attrs["model_config"]))).encode()
        file.attrs["keras_version"] = "2.12.0"
    return out


def test_hdf5_files_of_keras_2_are_read(tmp_path):
    layers = keras.layers
    inner = [layers.DepthwiseConv2D(3), layers.BatchNormalization(), layers.SeparableConv2D(4, 3), layers.ReLU(6.0)]
    model = sequential(keras.Sequential([keras.Input((SIDE, SIDE, 3)), *inner]), *head())
    model.save(tmp_path / "k3.h5")
    images = np.random.default_rng(0).uniform(0, 1, (2, SIDE, SIDE, 3)).astype(np.float32)
    loaded, contents = load_foreign(as_keras_2(tmp_path / "k3.h5", tmp_path / "k2.h5"))
    assert contents.version == "2.12.0" and np.asarray(loaded(images)) == pytest.approx(np.asarray(model(images)), abs=1e-6)
    with pytest.raises(InputError, match="has groups=3, which Keras 3 does not know"):
        load_foreign(as_keras_2(tmp_path / "k3.h5", tmp_path / "grouped.h5", groups=3))


def torch_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"")


def weights(path: Path) -> None:
    sequential(*head()).save_weights(path)


def folder(path: Path, *names: str) -> None:
    path.mkdir()
    for name in names:
        (path / name).write_bytes(b"")


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("m.pt", torch_archive, ["PyTorch", "p_<class>"]),
        ("m.pth", lambda path: path.write_bytes(pickle.dumps({})), ["is a pickle", "never opened"]),
        ("m.pkl", lambda path: path.write_bytes(pickle.dumps([1])), ["is a pickle", "never opened"]),
        ("m.onnx", lambda path: path.write_bytes(b"\x08\x07"), ["ONNX"]),
        ("m.tflite", lambda path: path.write_bytes(b"\x1c\0\0\0TFL3"), ["TensorFlow Lite"]),
        ("m.pb", lambda path: path.write_bytes(b"\x0a"), ["frozen TensorFlow graph"]),
        ("m.weights.h5", weights, ["weights without their model", "model.load_weights('m.weights.h5')"]),
        ("saved", lambda path: folder(path, "saved_model.pb", "keras_metadata.pb"), ["SavedModel folder", "tf_keras", "saved.h5"]),
        ("exported", lambda path: folder(path, "saved_model.pb"), ["SavedModel folder", "model.save('name.keras')"]),
        ("empty.keras", lambda path: path.write_bytes(b""), ["no Keras model, or was cut short"]),
        ("half.keras", lambda path: path.write_bytes(b"PK\x03\x04 half"), ["no Keras model, or was cut short"]),
        ("half.h5", lambda path: path.write_bytes(b"\x89HDF\r\n\x1a\n half"), ["is broken or was cut short"]),
        ("lfs.keras", lambda path: path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n"), ["Git LFS pointer", "git lfs pull"]),
        ("gone.keras", lambda path: None, ["There is no file"]),
    ],
)
def test_other_kinds_are_named_with_the_way_out(tmp_path, name, make, words):
    make(tmp_path / name)
    assert is_model(tmp_path / name) or not (tmp_path / name).exists() or name == "empty.keras"
    with pytest.raises(InputError) as error:
        load_foreign(tmp_path / name)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("name", "content"), [("t.csv", b"sample_id,p_NORMAL\n"), ("t.parquet", b"PAR1"), ("t.txt", b""), ("t.xlsx", None)]
)
def test_tables_are_no_models(tmp_path, name, content):
    if content is None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("xl/workbook.xml", "")
        content = file.getvalue()
    (tmp_path / name).write_bytes(content)
    assert not is_model(tmp_path / name) and not is_model_content(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: keras.Sequential([keras.layers.Dense(2, "softmax")]), "before it had seen a picture"),
        (lambda: keras.Model(x := keras.Input((8, 8, 3)), [keras.layers.Flatten()(x), keras.layers.ReLU()(x)]), "1 inputs and 2 outputs"),
    ],
)
def test_models_without_one_input_and_one_output(tmp_path, model, words):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it was never built
        model().save(tmp_path / "m.keras")
    with pytest.raises(InputError, match=words):
        load_foreign(tmp_path / "m.keras")


def test_a_model_of_a_class_of_its_own_is_named_and_not_loaded(tmp_path):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.flatten, self.dense = keras.layers.Flatten(), keras.layers.Dense(1)

        def call(self, images):
            return self.dense(self.flatten(images))

    model = Own()
    model(np.zeros((1, SIDE, SIDE, 3)))
    model.save(tmp_path / "own.keras")
    with pytest.raises(InputError, match="Own"):
        load_foreign(tmp_path / "own.keras")
