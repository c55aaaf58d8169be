"""The logits model: what it computes, which layers a CAM may use, how it is kept."""

import gc
import threading
import weakref

import keras
import numpy as np
import pytest

from core.saliency import explain, logits_model, spatial_layers


def batch(image):
    return np.repeat(image[None, ..., None], 3, axis=-1).astype(np.float32)


def test_softmax_of_the_logits_is_the_models_own_probability(model_and_classes, image):
    model, n_classes = model_and_classes
    logits = np.asarray(logits_model(model)([batch(image)], training=False))
    assert logits.shape == (1, n_classes)
    assert logits.dtype == np.float32
    softmax = np.exp(logits) / np.exp(logits).sum()
    probabilities = np.asarray(model(batch(image)))
    expected = probabilities if probabilities.shape[1] > 1 else np.hstack([1 - probabilities, probabilities])
    np.testing.assert_allclose(softmax, expected, atol=1e-6 if model.get_layer("conv1").compute_dtype == "float32" else 0.02)


def test_full_precision_model_shares_its_layers(build_model):
    model = build_model(2)
    assert logits_model(model).get_layer("conv1") is model.get_layer("conv1")


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_weights_that_change_later_are_seen(dtype, build_model, image):
    model = build_model(2, dtype=dtype)
    before = np.asarray(logits_model(model)([batch(image)]))
    model.set_weights([2 * weight for weight in model.get_weights()])
    after = np.asarray(logits_model(model)([batch(image)]))
    assert np.abs(after - before).max() > 0.1


def test_spatial_layers_run_from_the_last_to_the_first_without_preprocessing_and_head(model_and_classes):
    assert spatial_layers(model_and_classes[0]) == ["pool2", "conv2", "pool1", "conv1"]


def test_layers_of_one_pixel_and_side_branches_are_left_out():
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(2, 3, padding="same", name="wide")(inputs)
    keras.layers.Conv2D(2, 3, name="side_branch")(x)
    pixel = keras.layers.MaxPooling2D(8, name="one_pixel")(x)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(pixel))
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    assert spatial_layers(model) == ["wide"]


@pytest.mark.long
@pytest.mark.parametrize(("size", "joined"), [(128, "mixed10"), (96, "mixed7")])
def test_inception_v3_is_explained_where_its_branches_have_joined(size, joined):
    """At 96 pixels everything from mixed8 on is a single pixel, but some of the branches before it are not."""
    inputs = keras.Input((size, size, 3))
    backbone = keras.applications.InceptionV3(weights=None, include_top=False, input_tensor=inputs)
    logits = keras.layers.Dense(3, name="logits")(keras.layers.Flatten()(backbone.output))
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    assert spatial_layers(model)[0] == joined


def test_residual_connection_is_explained_after_its_sum():
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(2, 3, padding="same", name="stem")(inputs)
    branch = keras.layers.Conv2D(2, 3, padding="same", name="branch")(x)
    pooled = [keras.layers.GlobalAveragePooling2D()(tensor) for tensor in (x, branch)]
    split_head = keras.layers.Dense(2, name="logits")(keras.layers.Concatenate()(pooled))
    assert spatial_layers(keras.Model(inputs, split_head)) == ["stem"]
    summed = keras.layers.Add(name="sum")([x, branch])
    joint_head = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(summed))
    assert spatial_layers(keras.Model(inputs, joint_head)) == ["sum", "branch", "stem"]


def test_logits_model_is_built_once_and_goes_with_its_model(build_model, image):
    model = build_model(2, sigmoid=True)
    explain(model, image, "grad_cam")
    assert logits_model(model) is logits_model(model)
    kept = weakref.ref(logits_model(model))
    del model
    gc.collect()  # the model and with it the entry
    gc.collect()  # what the entry held
    assert kept() is None


def test_maps_of_several_threads_are_not_mixed(build_model, image):
    """Two models, two images and two methods at once, each result compared with the one computed alone."""
    models = [build_model(2, seed=1), build_model(2, seed=2)]
    images = [image, np.ascontiguousarray(image[::-1])]
    tasks = [(i, j, method, class_id) for i in (0, 1) for j in (0, 1) for method in ("grad_cam", "score_cam") for class_id in (0, 1)]
    alone = {task: explain(models[task[0]], images[task[1]], *task[2:]).heatmap for task in tasks}
    together = {}

    def work(order):
        for task in order:
            together[task, threading.get_ident()] = explain(models[task[0]], images[task[1]], *task[2:]).heatmap

    threads = [threading.Thread(target=work, args=(order,)) for order in (tasks, tasks[::-1], tasks[5:] + tasks[:5])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 3 * len(tasks)
    for (task, _), heatmap in together.items():
        np.testing.assert_allclose(heatmap, alone[task], atol=1e-5)
