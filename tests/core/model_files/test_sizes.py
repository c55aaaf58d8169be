"""Models that are small files and want much memory: refused by what they describe and hold, before anything of them is built."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from core.errors import InputError
from core.inference.predict import load_model
from core.model_files.declared import n_declared
from core.model_files.loading import load_foreign
from core.runs.run import Run


def small(*hidden: int) -> keras.Model:
    layers = [keras.layers.Dense(units) for units in hidden]
    return keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), *layers, keras.layers.Dense(2, "softmax")])


@pytest.fixture
def saved(tmp_path) -> Path:
    small(4).save(tmp_path / "m.keras")
    return tmp_path / "m.keras"


def edited(path: Path, change=lambda config: config, weights=None, compression=zipfile.ZIP_STORED) -> Path:
    """The file with another description, or other weights."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["config.json"] = json.dumps(change(json.loads(parts["config.json"])))
    parts |= {"model.weights.h5": weights} if weights is not None else {}
    with zipfile.ZipFile(path, "w", compression) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def with_units(*units: int):
    def change(config: dict) -> dict:
        dense = [layer for layer in config["config"]["layers"] if layer["class_name"] == "Dense"]
        for layer, n in zip(dense, units, strict=False):
            layer["config"]["units"] = n
        for before, layer in zip(units, dense[1:], strict=False):
            layer["build_config"] = {"input_shape": [None, before]}
        return config

    return change


def test_a_layer_of_300_million_units_is_refused_by_its_description(saved):
    with pytest.raises(InputError, match=r"at least 300,000,000 weights and holds 782 numbers.*save it again"):
        load_foreign(edited(saved, with_units(300_000_000)))


def test_layers_that_are_large_only_together_are_counted(tmp_path):
    small(5, 5).save(tmp_path / "m.keras")
    with pytest.raises(InputError, match="describes a model of at least 8"):
        load_foreign(edited(tmp_path / "m.keras", with_units(9_000, 9_000)))


def test_the_model_of_a_run_is_counted_too(scored_run, saved, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.json").write_bytes((scored_run().path / "config.json").read_bytes())
    edited(saved, with_units(300_000_000)).rename(run / "model.keras")
    with pytest.raises(InputError, match=r"The model file of the run 'run' is refused: .*300,000,000 weights"):
        load_model(Run(run))


def test_weights_that_unpack_to_far_more_are_refused(saved):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("x", data=np.zeros(2**26, np.uint8))
        file.create_dataset("y", data=np.zeros(2**26, np.uint8))
    with pytest.raises(InputError, match=r"unpacks to 128 MB, as no model does"):
        load_foreign(edited(saved, weights=buffer.getvalue(), compression=zipfile.ZIP_DEFLATED))


def test_weights_that_are_packed_inside_hdf5_are_added_up(saved):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("x", (2**31,), "f4", chunks=(2**20,), compression="gzip")
    with pytest.raises(InputError, match=r"unpacks to 8,192 MB"):
        load_foreign(edited(saved, weights=buffer.getvalue()))


@pytest.mark.parametrize("kind", ["link", "soft link", "storage", "virtual"])
def test_weights_in_other_files_are_not_opened(saved, tmp_path, kind):
    with h5py.File(tmp_path / "w.h5", "w") as file:
        if kind == "link":
            file["x"] = h5py.ExternalLink("/etc/passwd", "/")
        elif kind == "soft link":
            file["x"] = h5py.SoftLink("/x")
        elif kind == "storage":
            file.create_dataset("x", (4,), "u1", external=[("/etc/passwd", 0, 4)])
        else:
            layout = h5py.VirtualLayout((4,), "u1")
            layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
            file.create_virtual_dataset("x", layout)
    with pytest.raises(InputError, match="keeps weights in another file, which is not opened"):
        load_foreign(edited(saved, weights=(tmp_path / "w.h5").read_bytes()))


def test_an_old_file_of_many_units(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        small(4).save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5", "r+") as file:
        file.attrs["model_config"] = file.attrs["model_config"].replace('"units": 4', '"units": 300000000')
    with pytest.raises(InputError, match=r"at least 300,000,000 weights"):
        load_foreign(tmp_path / "m.h5")


def test_a_deep_description_is_refused(saved):
    with zipfile.ZipFile(saved, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the name stands twice
        archive.writestr("config.json", "[" * 10**5)
    with pytest.raises(InputError, match="description of the model cannot be read"):
        load_foreign(saved)


def test_plain_layers_are_counted_without_being_built():
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)), layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.DepthwiseConv2D(3),
            layers.Conv2D(8, (1, 3), groups=2), layers.SeparableConv2D(6, 3, depth_multiplier=2), layers.Dropout(0.5),
            layers.GlobalAveragePooling2D(), layers.Dense(3, use_bias=False),
        ]
    )  # fmt: skip
    config = keras.saving.serialize_keras_object(model)
    assert n_declared(config) == model.count_params()
    nested = keras.saving.serialize_keras_object(keras.Sequential([keras.Input((16, 16, 3)), model, layers.Dense(2)]))
    assert n_declared(nested) == model.count_params() + 3 * 2 + 2
    config["config"]["layers"][1]["class_name"] = "LSTM"
    assert n_declared(config) is None


@pytest.mark.parametrize("kept", [{}, {"scale": False}, {"center": False}, {"scale": False, "center": False}])
def test_a_normalisation_declares_just_the_weights_that_it_has(kept):

    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, keras.layers.BatchNormalization(**kept)(keras.layers.Conv2D(5, 3, use_bias=False)(inputs)))
    described = json.loads(model.to_json())
    assert n_declared(described) == model.count_params()
