"""Pretrained weights: found in a folder, downloaded (from loopback), or refused with the file, the address and the place."""

from __future__ import annotations

import functools
import hashlib
import http.server
import threading

import numpy as np
import pytest

from core.architectures import get_system, pretrained
from core.errors import InputError


@pytest.fixture(scope="module")
def weight_folder(tmp_path_factory):
    """Random VGG16 weights under the published file name: made here, never taken for real ones."""
    import keras

    folder = tmp_path_factory.mktemp("weights") / "vgg16"
    folder.mkdir()
    backbone = keras.applications.VGG16(include_top=False, weights=None, input_shape=(150, 150, 3))
    backbone.save(folder / pretrained.WEIGHT_FILES["vgg16"].name)
    return folder, backbone


@pytest.fixture
def server(weight_folder):
    """A web server on loopback that has the weight folder."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(weight_folder[0].parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def assert_backbone_loaded(model, backbone):
    for layer in backbone.layers:
        for expected, loaded in zip(layer.get_weights(), _by_shape(model, layer), strict=True):
            np.testing.assert_array_equal(loaded, expected)


def _by_shape(model, layer):
    return model.get_layer(layer.name).get_weights() if layer.weights else []


@pytest.mark.parametrize("key", ["vgg16_flat", "vgg16_regularised"])
def test_local_folder_comes_first(key, weight_folder, monkeypatch):
    folder, backbone = weight_folder
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(folder))
    monkeypatch.setattr(pretrained, "ORIGIN", "http://127.0.0.1:9/")
    model = get_system(key).build()
    head = model.get_layer("logits").get_weights()
    pretrained.load_backbone(model, "vgg16")
    assert_backbone_loaded(model, backbone)
    np.testing.assert_array_equal(model.get_layer("logits").get_weights()[0], head[0])


def test_download_and_checksum(weight_folder, server, monkeypatch, tmp_path):
    folder, _ = weight_folder
    file = pretrained.WEIGHT_FILES["vgg16"]
    content = (folder / file.name).read_bytes()
    good = pretrained.WeightFile(file.name, file.folder, hashlib.md5(content).hexdigest())
    monkeypatch.setattr(pretrained, "ORIGIN", server)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path / "keras"))
    monkeypatch.setitem(pretrained.WEIGHT_FILES, "vgg16", good)
    assert pretrained.find_weights("vgg16").read_bytes() == content
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path / "other"))
    monkeypatch.setitem(pretrained.WEIGHT_FILES, "vgg16", pretrained.WeightFile(file.name, file.folder, "0" * 32))
    with pytest.raises(InputError, match=file.name):
        pretrained.find_weights("vgg16")


@pytest.mark.parametrize("backbone", list(pretrained.WEIGHT_FILES))
def test_neither_works_names_file_address_and_place(backbone, monkeypatch, tmp_path):
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path))
    monkeypatch.setattr(pretrained, "ORIGIN", "http://127.0.0.1:9/")
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path / "keras"))
    with pytest.raises(InputError) as error:
        pretrained.find_weights(backbone)
    for part in (pretrained.WEIGHT_FILES[backbone].name, "http://127.0.0.1:9/", "PNEUMOLENS_WEIGHTS"):
        assert part in str(error.value)


@pytest.mark.long
@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("lens_mobilenet", "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"),
        ("lens_mobilenet", "mobilenet_v2_1.0_224_any_notop.weights.h5"),
        ("lens_mobilenetv3small", "mobilenetv3small_224_no_top.weights.h5"),
    ],
)
def test_ours_take_a_backbone_from_the_folder_under_its_known_names(key, name, monkeypatch, tmp_path):
    """Random weights, made here: every one of them arrives in the flat model."""
    import keras

    system = get_system(key)
    constructor = getattr(keras.applications, pretrained.APPLICATIONS.get(system.start, system.start))
    backbone = constructor(include_top=False, weights=None, input_shape=(system.image_size, system.image_size, 3))
    path = tmp_path / name
    backbone.save_weights(path) if name.endswith(".weights.h5") else backbone.save(path)
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path))
    model = system.build(2)
    pretrained.load_backbone(model, system.start)
    loaded = [weight for layer in model.layers[:-2] for weight in layer.get_weights()]
    for expected, weight in zip(backbone.get_weights(), loaded, strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_a_backbone_that_only_keras_knows_names_itself(monkeypatch, tmp_path):
    import keras

    def offline(**kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(keras.applications, "DenseNet121", offline)
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path))
    with pytest.raises(InputError, match=r"weights of DenseNet121 .*no route to host.*PNEUMOLENS_WEIGHTS"):
        pretrained.find_weights("DenseNet121")


def test_broken_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / pretrained.WEIGHT_FILES["vgg16"].name).write_bytes(b"not an HDF5 file")
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path))
    with pytest.raises(InputError, match="cannot be loaded"):
        pretrained.load_backbone(get_system("vgg16_flat").build(), "vgg16")


def test_weights_at_hand_are_those_that_need_no_download(monkeypatch, tmp_path):
    file = pretrained.WEIGHT_FILES["mobilenet_v2"].name
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path / "mine"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    assert pretrained.weights_at_hand("mobilenet_v2") is None
    for folder in (tmp_path / "keras" / "models", tmp_path / "mine"):
        folder.mkdir(parents=True)
        (folder / file).write_bytes(b"")
        assert pretrained.weights_at_hand("mobilenet_v2") == folder / file
