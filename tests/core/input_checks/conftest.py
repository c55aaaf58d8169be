"""A tiny real model with a run on phantoms, and the reference made of them."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets import open_dataset
from core.datasets.phantom.write import write_phantoms
from core.runs.store import create_run
from core.training.plan import plan

SIZE = 64


@pytest.fixture(scope="session")
def film_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("films") / "phantoms"
    write_phantoms(folder, n=150, seed=4, size=96)
    return folder


@pytest.fixture(scope="session")
def dataset(film_folder):
    return open_dataset(film_folder)


@pytest.fixture(scope="session")
def model():
    """Untrained: even random features tell a turned or strange picture from a film."""
    import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = layers.Rescaling(1 / 255)(inputs)
    for filters in (8, 16):
        x = layers.MaxPooling2D(2)(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    x = layers.Dense(24, activation="relu")(layers.Flatten()(x))
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(layers.Dense(2, name="logits")(x))
    return keras.Model(inputs, outputs)


@pytest.fixture(scope="session")
def run(dataset, tmp_path_factory):
    """Four fifths of the phantoms' training films are its train split."""
    config = plan("cnn1", 2, {}, 0).model_copy(update={"image_size": SIZE, "fingerprint": dataset.fingerprint})
    made = create_run(config, dataset.root, tmp_path_factory.mktemp("models"))
    split = dataset.samples["split"].where(dataset.samples["split"] != "train", "train").to_numpy(dtype=object)
    split[np.flatnonzero(split == "train")[::4]] = "val"
    made.write_split(dataset.samples["sample_id"], dataset.samples["split"].where(split == "test", split))
    return made


@pytest.fixture(scope="session")
def reference(run, model, dataset):
    from core.input_checks import build_reference

    return build_reference(run, model, dataset)
