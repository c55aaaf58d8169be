"""Every scale gives what `keras.applications` gives, and a trial shows which one a model was trained on."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.cli.exchange import SCALES as OFFERED
from core.datasets import Dataset, open_dataset
from core.errors import InputError
from core.external.conversion import converted
from core.external.scales import ALIASES, SCALES, scale_named, scaled, scales_for
from core.external.trial import try_scales

THEIRS = {
    "caffe": keras.applications.vgg16.preprocess_input,
    "torch": keras.applications.densenet.preprocess_input,
    "-1-1": keras.applications.mobilenet_v2.preprocess_input,
    "0-255": keras.applications.efficientnet.preprocess_input,
    "0-1": lambda images: images / 255,
}


@pytest.mark.parametrize("scale", SCALES)
def test_scales_are_those_of_keras_applications(scale):
    images = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3)).astype(np.float32)
    assert np.asarray(scaled(images, scale)) == pytest.approx(np.asarray(THEIRS[scale](images.copy())), abs=1e-3)


def test_names():
    assert set(OFFERED) == {*SCALES, *ALIASES}
    assert [scale_named(name) for name in ("tf", "none", "caffe")] == ["-1-1", "0-255", "caffe"]
    assert scales_for(1) == ("0-255", "0-1", "-1-1")
    with pytest.raises(InputError, match="A scale is one of 0-255, 0-1, -1-1, caffe, torch; received '0-100'"):
        scale_named("0-100")
    with pytest.raises(InputError, match="three colours, and the model takes one channel; choose 0-255, 0-1 or -1-1"):
        scale_named("torch", 1)


def on_torch_scale():
    """Ill where the standardised mean is above 0, which on the other scales is always or never so."""
    dense = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.GlobalAveragePooling2D(), dense])
    dense.set_weights([np.full((3, 1), 20.0), np.zeros(1)])
    return converted(model, (("NORMAL", "PNEUMONIA"),))


@pytest.fixture
def brightness(tmp_path):
    """Pictures of even brightness, the ill ones brighter: ``brightness("train", "test")`` opens a data set of those splits."""
    from PIL import Image

    def lay(*splits: str) -> Dataset:
        for split in splits:
            for ill, name in enumerate(("NORMAL", "PNEUMONIA")):
                folder = tmp_path / "set" / split / name
                folder.mkdir(parents=True)
                for i in range(10):
                    Image.fromarray(np.full((32, 32), 100 + 18 * ill + i, np.uint8)).save(folder / f"{name[:3]}{split}{i}.png")
        return open_dataset(tmp_path / "set")

    return lay


def test_a_trial_shows_the_right_scale_by_training_images(brightness):
    rows = {row["scale"]: row for row in try_scales(on_torch_scale(), brightness("train", "test"), "squash")}
    assert set(rows) == set(SCALES)
    assert all((row["n_images"], row["split"]) == (16, "train") for row in rows.values())
    assert rows["torch"]["accuracy"] == 1 and rows["torch"]["roc_auc"] == 1
    assert {scale for scale, row in rows.items() if row["accuracy"] == 0.5} == {"0-255", "0-1", "-1-1"}, "caffe's mean is alike"


def test_a_trial_never_looks_at_the_labels_of_test_images(brightness):
    rows = {row["scale"]: row for row in try_scales(on_torch_scale(), brightness("test"), "squash")}
    assert all(row["roc_auc"] is None and row["accuracy"] is None and row["split"] == "test" for row in rows.values())
    assert (rows["0-255"]["low"], rows["0-255"]["high"]) == (1, 1) and rows["torch"]["low"] < 0.1 < 0.9 < rows["torch"]["high"]
