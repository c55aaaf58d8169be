"""Compiled functions: traced once, shared by sessions, gone with their model, and flat in memory."""

import gc
import threading
import weakref

import numpy as np
import psutil
import pytest

from core.saliency import METHODS, explain, prepare
from core.saliency.compiled_model import BATCH_SIZE, probe_of

N_SESSIONS = 10


@pytest.fixture
def pixels(image):
    return np.repeat(image[None, ..., None], 3, axis=-1).astype(np.float32)


def test_logits_of_many_images_are_those_of_each(build_model, pixels):
    probe, seen = probe_of(build_model(3)), []
    images = np.concatenate([pixels * share for share in np.linspace(0.1, 1, 2 * BATCH_SIZE + 3, dtype=np.float32)])
    scores = probe.logits(images, lambda *step: seen.append(step))
    np.testing.assert_allclose(scores, np.concatenate([probe.logits(one[None]) for one in images]), atol=1e-4)
    assert seen == [(BATCH_SIZE, len(images)), (2 * BATCH_SIZE, len(images)), (len(images), len(images))]
    np.testing.assert_allclose(probe.probabilities(images).sum(axis=1), 1.0, rtol=1e-5)


def test_probabilities_are_the_models_own(model_and_classes, pixels):
    model, _ = model_and_classes
    expected = np.asarray(model(pixels))
    expected = expected if expected.shape[1] > 1 else np.hstack([1 - expected, expected])
    np.testing.assert_allclose(probe_of(model).probabilities(pixels), expected, atol=0.02)


def test_one_function_serves_all_cams_and_classes(build_model, image):
    model = build_model(2)
    for method in ("grad_cam", "grad_cam_plus_plus", "layer_cam"):
        for class_id in (0, 1):
            explain(model, image, method, class_id)
    assert [kind for kind, _, _ in probe_of(model)._compiled] == ["activations_and_gradients"]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_prepared_model_compiles_nothing_more(method, build_model, image):
    """So each method names all that it asks of the probe, and its time holds no compiling."""
    model = build_model(2)
    prepare(model, method.key)
    compiled = dict(probe_of(model)._compiled)
    assert len(compiled) >= len(method.asks) > 0
    explain(model, image, method)
    assert probe_of(model)._compiled == compiled


def test_compiled_functions_go_with_their_model(build_model, image):
    model = build_model(2)
    for method in METHODS:
        explain(model, image, method.key)
    kept = weakref.ref(probe_of(model)), weakref.ref(probe_of(model).logits_model)
    del model
    for _ in range(3):
        gc.collect()
    assert [reference() for reference in kept] == [None, None]


def test_raw_map_stands_beside_the_normalised_one(build_model, image):
    model = build_model(2)
    for method in METHODS:
        explanation = explain(model, image, method.key, 1)
        assert explanation.raw.dtype == np.float32
        assert explanation.raw.max() == pytest.approx(explanation.raw_max)
        assert explanation.magnitude.shape == explanation.heatmap.shape
        positive = np.maximum(explanation.magnitude, 0)
        np.testing.assert_allclose(positive, explanation.heatmap * positive.max(), rtol=1e-4, atol=1e-7)


def test_slow_methods_report_their_progress(build_model, image):
    for method in ("smoothgrad", "score_cam", "integrated_gradients", "occlusion"):
        seen = []
        explain(build_model(2), image, method, 1, progress=lambda *step, seen=seen: seen.append(step))
        assert seen
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert seen[-1][0] == seen[-1][1]


@pytest.mark.long
def test_ten_sessions_at_once_get_their_own_maps(build_model):
    """Each with its own image, all on one new model, so that they meet while its functions are being traced."""
    images = np.random.default_rng(0).integers(0, 256, (N_SESSIONS, 32, 32)).astype(np.uint8)
    keys = [method.key for method in METHODS]
    first = build_model(2, seed=5)
    alone = {(i, key): explain(first, images[i], key, i % 2).heatmap for i in range(2) for key in keys}
    model, together, errors, start = build_model(2, seed=5), {}, [], threading.Barrier(N_SESSIONS)

    def session(i):
        start.wait()
        try:
            for key in keys[i % len(keys) :] + keys[: i % len(keys)]:
                together[i, key] = explain(model, images[i], key, i % 2).heatmap
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=session, args=(i,)) for i in range(N_SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(together) == N_SESSIONS * len(keys)
    for task, heatmap in together.items():
        expected = alone[task] if task in alone else explain(model, images[task[0]], task[1], task[0] % 2).heatmap
        np.testing.assert_allclose(heatmap, expected, atol=1e-4)


@pytest.mark.long
def test_two_hundred_explanations_leave_the_memory_flat(build_model, image):
    model, process = build_model(2), psutil.Process()
    tasks = [
        (method, class_id) for method in ("grad_cam", "grad_cam_plus_plus", "layer_cam", "saliency", "smoothgrad") for class_id in (0, 1)
    ]
    for method, class_id in tasks:
        explain(model, image, method, class_id)
    before = process.memory_info().rss
    for method, class_id in 20 * tasks:
        explain(model, image, method, class_id)
    assert (process.memory_info().rss - before) / 2**20 < 100
