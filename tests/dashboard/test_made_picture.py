"""What the class looks like to the model, on the Inspect page: a picture that is made on a click, and a layer's maps of the film."""

import pytest

from core.datasets.sources import shipped
from dashboard.components.inspect.features.made_picture import stretched

SIZE = 32


@pytest.fixture(scope="session")
def conv(tmp_path_factory):
    """A saved model with one convolution of two filters."""
    import keras

    layers = keras.layers
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = layers.Conv2D(2, 1, name="conv", kernel_initializer="ones")(layers.Rescaling(1 / 255)(inputs))
    logits = layers.Dense(2, name="logits", kernel_initializer=keras.initializers.Constant([[0, 1.0], [0, 1.0]]))
    outputs = layers.Activation("softmax", dtype="float32", name="probabilities")(logits(layers.GlobalAveragePooling2D()(x)))
    model, path = keras.Model(inputs, outputs), tmp_path_factory.mktemp("model") / "model.keras"
    model.save(path)
    return path


@pytest.fixture
def run(empty_models, make_run, conv, phantoms, monkeypatch):
    monkeypatch.setattr(shipped, "PHANTOMS", phantoms)
    made = make_run(empty_models, seed=1, image_size=SIZE)
    made.model_path.write_bytes(conv.read_bytes())
    return made


def opened(open_page, run, **more):
    page = open_page("inspect", inspect_runs=[run.name], inspect_features="true", **more)
    assert not page.exception
    return page


def test_a_picture_of_a_class_is_made_on_a_click_and_says_what_it_does_not_prove(run, open_page, page_text):
    page = opened(open_page, run, inspect_features_steps="64 steps", inspect_features_seed="4")
    assert "does not prove that the model uses this pattern" in page_text(page) and "Made for" not in page_text(page)
    page = page.button(key="inspect_features_make").click().run()
    assert not page.exception
    assert "Made for **PNEUMONIA**, 64 steps, seed 4: logit" in page_text(page) and "This film, n = 1: logit" in page_text(page)
    assert not [button for button in page.button if button.key == "inspect_features_make"], "it is there"
    page = page.number_input(key="inspect_features_seed").set_value(5).run()
    assert "Made for" not in page_text(page) and page.button(key="inspect_features_make")


@pytest.mark.long
def test_a_filter_and_the_maps_of_its_layer(run, open_page, page_text):
    page = opened(open_page, run, inspect_features_show="filter", inspect_features_steps="64 steps", inspect_features_filter="1")
    page = page.button(key="inspect_features_make").click().run()
    assert "Made for **filter 1 of conv**" in page_text(page).replace("\\", "") and "mean activation" in page_text(page)
    page = page.selectbox(key="inspect_features_show").set_value("This film in a layer").run()
    assert not page.exception
    assert "The 2 of 2 filters with the largest mean; 32 × 32 cells each" in page_text(page)


def test_the_contrast_is_stretched_between_the_outer_hundredths():
    import numpy as np

    pixels = np.arange(100, 201, dtype=np.uint8).reshape(1, -1)  # its hundredths lie at 101 and 199
    assert stretched(pixels)[0, [0, 1, 50, 99, 100]].tolist() == [0, 0, 128, 255, 255]
    assert not stretched(np.full((2, 2), 7, np.uint8)).any()
