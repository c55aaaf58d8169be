"""Every registered system: exact parameter counts, flat graph, logits and float32 probabilities, a lossless save."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from core.architectures import SYSTEMS, get_system
from core.errors import InputError

VARIANTS = [(system, variant) for system in SYSTEMS for variant in system.variants]
NAMES = [f"{system.key}-{variant.n_classes}" for system, variant in VARIANTS]


@pytest.mark.parametrize(("system", "variant"), VARIANTS, ids=NAMES)
def test_counts_and_shape(system, variant, tmp_path):
    import keras

    model = system.build(variant.n_classes)
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert (model.count_params(), trainable) == (variant.params_total, variant.params_trainable)
    assert model.input_shape == (None, system.image_size, system.image_size, 3)
    assert model.output_shape == (None, 1 if system.activation == "sigmoid" else variant.n_classes)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers), "a nested backbone breaks every CAM"
    assert isinstance(model.get_layer("logits"), keras.layers.Dense)
    assert model.layers[-1].name == "probabilities" and model.layers[-1].count_params() == 0
    assert model.output.dtype == "float32"


def test_published_parameter_counts_are_those_of_the_write_ups():
    counts = {(s.key, v.n_classes): (v.params_total, v.params_trainable) for s, v in VARIANTS}
    assert counts[("cnn1", 2)] == (266_306, 266_306)
    assert counts[("cnn1", 3)] == (352_835, 352_835)
    assert counts[("inception_v3", 3)] == (34_943_523, 13_140_739)
    assert counts[("cnn1_transfer", 3)] == (222_883, 129_635)
    assert counts[("vgg16_flat", 2)] == (14_731_074, 16_386)
    assert counts[("three_conv_cnn", 2)] == (2_797_730, 2_797_730)
    assert counts[("vgg16_sigmoid", 2)] == (14_739_777, 25_089)
    assert len(VARIANTS) >= 9


@pytest.mark.parametrize("key", ["cnn1", "five_block_cnn"])
def test_saved_model_gives_the_same_probabilities(key, tmp_path):
    import keras

    model = get_system(key).build()
    images = np.random.default_rng(0).integers(0, 256, (2, *model.input_shape[1:])).astype("float32")
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(loaded.predict(images, verbose=0), model.predict(images, verbose=0), rtol=1e-5)


def test_mixed_precision_still_ends_in_float32():
    import keras

    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = get_system("cnn1").build()
    finally:
        keras.config.set_dtype_policy("float32")
    assert model.output.dtype == "float32"
    assert model.get_layer("cnn1_conv1").compute_dtype == "bfloat16"


def test_any_backbone_of_keras_goes_by_name():
    import keras

    from core.architectures.lens_transfer import APPLICATIONS, PREFIX

    assert set(APPLICATIONS) == {name for name in dir(keras.applications) if name[0].isupper()}
    system = get_system(f"{PREFIX}mobilenetv3small")
    model = system.build(3)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert norms and not any(layer.trainable for layer in norms)
    assert model.output_shape == (None, 3) and not any(isinstance(layer, keras.Model) for layer in model.layers)
    assert system.pretrained and system.variant(2).params_total is None


def test_a_backbone_by_name_is_told_from_the_registered_one_by_its_input():
    assert (get_system("lens_mobilenet").title, get_system("lens_mobilenetv2").title) == ("Lens-MobileNet", "Lens-MobileNetV2 at 224 px")


def test_unknown_names_are_refused_with_the_choices():
    with pytest.raises(InputError, match=r"no system 'resnet'; choose from .*cnn1"):
        get_system("resnet")
    with pytest.raises(InputError, match=r"'cnn1' is defined for 2 or 3 classes; received 4"):
        get_system("cnn1").variant(4)


@pytest.mark.long
def test_listing_systems_does_not_load_tensorflow():
    code = "import core.architectures, core.training.plan, sys; print(any(m in sys.modules for m in ('keras', 'tensorflow')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
