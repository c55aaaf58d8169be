"""Weight randomisation: which weights go, that the model keeps its own, and who survives."""

import numpy as np
import pytest

from core.saliency.checks.weight_randomisation import N_DRAWS, STAGES, WEIGHT_RANDOMISATION, learned_layers, randomised
from core.saliency.compiled_model import probe_of


def test_layers_go_from_the_logits_down(brightness_model):
    probe = probe_of(brightness_model)
    assert [layer.name for layer in learned_layers(probe.logits_model)] == ["logits", "mixed", "filters"]
    own = [variable.numpy() for variable in probe.weights]
    for share, forgotten in ((0.0, set()), (1 / 3, {"logits"}), (2 / 3, {"logits", "mixed"}), (1.0, {"logits", "mixed", "filters"})):
        drawn = randomised(probe, share, np.random.default_rng(0))
        changed = {v.path.split("/")[0] for v, a, b in zip(probe.weights, own, drawn, strict=True) if not np.array_equal(a, b)}
        assert changed <= forgotten
        assert forgotten <= changed
        assert [a.shape for a in drawn] == [a.shape for a in own]


def test_kernels_keep_their_mean_square_and_vectors_their_values(build_model):
    probe = probe_of(build_model(2))
    drawn = randomised(probe, 1.0, np.random.default_rng(0))
    for variable, values in zip(probe.weights, drawn, strict=True):
        own = variable.numpy()
        if own.ndim == 1:
            np.testing.assert_array_equal(np.sort(values), np.sort(own))
        else:
            assert values.dtype == np.float32
            assert np.mean(values**2) == pytest.approx(np.mean(own**2), rel=0.5)


def test_input_scaling_is_no_knowledge(keras_normalised):
    assert [layer.name for layer in learned_layers(keras_normalised)] == ["logits"]


@pytest.fixture
def keras_normalised():
    import keras

    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Normalization(mean=(1.0, 2.0, 3.0), variance=(1.0, 1.0, 1.0))(inputs)
    return keras.Model(inputs, keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(x)))


def test_passing_the_own_weights_in_gives_the_own_map(build_model, image):
    probe = probe_of(build_model(3))
    images = np.repeat(image[None, ..., None], 3, axis=-1).astype(np.float32)
    again = probe.with_weights([variable.numpy() for variable in probe.weights])
    for ours, theirs in zip(
        probe.activations_and_gradients(images, 2, "conv1"), again.activations_and_gradients(images, 2, "conv1"), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(probe.logits(images), again.logits(images), rtol=1e-5)


def test_grad_cam_falls_apart_and_a_fixed_gaussian_does_not(subject, fake, silent, brightness_model):
    before = brightness_model.get_weights()
    real, painted = (WEIGHT_RANDOMISATION(subject(method), silent) for method in ("grad_cam", fake))
    assert real.passed
    assert "it falls apart" in real.sentence
    assert painted.value == pytest.approx(1.0)
    assert painted.passed is False
    assert "does not fall apart" in painted.sentence
    assert all(np.array_equal(a, b) for a, b in zip(before, brightness_model.get_weights(), strict=True))


def test_curve_starts_at_the_map_itself_and_progress_reaches_its_end(subject):
    seen = []
    check = WEIGHT_RANDOMISATION(subject("grad_cam"), lambda *step: seen.append(step))
    assert check.curve["x"].tolist() == [0.0, *(100 * share for share in STAGES)]
    assert check.curve["y"].iloc[0] == 1.0
    assert check.curve["y"].iloc[-1] == check.value
    total = len(STAGES) + N_DRAWS - 1
    assert seen == [(done, total) for done in range(1, total + 1)]
