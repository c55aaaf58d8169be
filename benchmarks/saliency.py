"""Saliency maps of a MobileNetV2: compiled, against tf-keras-vis on the same logits; checks of a map; memory of 200 maps."""

from __future__ import annotations

import contextlib
import io
import time
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.sources import Sources

SIZE = 224
ROUNDS = 5
N_EXPLANATIONS = 200
PUBLISHED = ("grad_cam", "grad_cam_plus_plus", "layer_cam", "saliency")


def run(sources: Sources, scratch: Path):
    from core.saliency import explain
    from core.saliency.tf_keras_vis import reference_map

    model, image = mobilenet(), film()
    for method in PUBLISHED:
        ours = explain(model, image, method, 1).raw
        theirs = reference_map(model, image, method, 1)
        yield versus(
            method,
            lambda method=method: explain(model, image, method, 1),
            lambda method=method: reference_map(model, image, method, 1),
            f"largest difference {np.abs(ours - theirs).max() / np.abs(theirs).max():.0e} of the maximum",
        )
    yield versus("smoothgrad", lambda: explain(model, image, "smoothgrad", 1), lambda: their_smoothgrad(model, image), "20 samples", 1)
    yield versus(
        "score_cam",
        lambda: explain(model, image, "score_cam", 1),
        lambda: quiet(reference_map, model, image, "score_cam", 1),
        "64 channels",
        1,
    )
    for method in ("integrated_gradients", "occlusion"):
        yield Figure(method, f"{explain(model, image, method, 1).milliseconds:,.0f} ms")
    yield from checks(model, image)
    yield memory(model, image)


def mobilenet():
    """ImageNet's MobileNetV2 with two classes, on random weights: time does not depend on their values."""
    import keras

    keras.utils.set_random_seed(0)
    inputs = keras.Input((SIZE, SIZE, 3))
    backbone = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_tensor=keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    )
    logits = keras.layers.Dense(2, name="logits")(keras.layers.GlobalAveragePooling2D()(backbone.output))
    return keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))


def film() -> np.ndarray:
    from core.datasets.phantom.write import radiograph

    grey = radiograph(np.random.default_rng(0), "bacterial", SIZE).image
    return np.repeat(grey[..., np.newaxis], 3, axis=-1).astype(np.float32)


def versus(name: str, ours, theirs, remark: str, rounds: int = ROUNDS) -> Figure:
    """Median of times taken in turns, after one call of each."""
    times: tuple[list[float], list[float]] = ([], [])
    ours(), theirs()
    for _ in range(rounds):
        for function, found in zip((ours, theirs), times, strict=True):
            found.append(seconds(function))
    mine, their = (1e3 * np.median(found) for found in times)
    return Figure(f"{name} ({remark})", f"{mine:,.0f} ms", f"tf-keras-vis, {their:,.0f} ms", their / mine)


def seconds(function) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def quiet(function, *arguments):
    """Score-CAM of tf-keras-vis draws a progress bar."""
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)


def their_smoothgrad(model, image: np.ndarray):
    """As tf-keras-vis does it: one noisy copy after the other."""
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    from core.saliency import logits_model

    return Saliency(logits_model(model), clone=False)(CategoricalScore(1), image[np.newaxis], smooth_samples=20, smooth_noise=0.15)


def checks(model, image: np.ndarray):
    from core.saliency import explain
    from core.saliency.checks import CHECKS, believe

    explanation = explain(model, image, "layer_cam", 1)
    for trial in CHECKS:
        believe(model, image, explanation, [trial.key])
        took = seconds(lambda key=trial.key: believe(model, image, explanation, [key]))
        yield Figure(f"check of a LayerCAM, {trial.title.lower()}", f"{took:.2f} s")


def memory(model, image: np.ndarray) -> Figure:
    """Growth of the process over many maps of methods and classes in turn, once each has been used."""
    import psutil

    from core.saliency import explain

    process = psutil.Process()
    tasks = cycle([(method, class_id) for method in PUBLISHED for class_id in (0, 1)])
    for method, class_id in islice(tasks, 16):
        explain(model, image, method, class_id)
    before = process.memory_info().rss
    for method, class_id in islice(tasks, N_EXPLANATIONS):
        explain(model, image, method, class_id)
    return Figure(f"memory after {N_EXPLANATIONS} maps in a row", f"{(process.memory_info().rss - before) / 2**20:+.0f} MB")
