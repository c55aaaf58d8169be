"""Temperature scaling against scikit-learn's own, and calibration before and after it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import brier_score_loss, log_loss

from core.errors import InputError
from core.metrics.alignment import line_up
from core.metrics.calibration import (
    apply_temperature,
    calibrate_panel,
    fit_temperature,
    measure_calibration,
    run_temperature,
)
from core.metrics.panel import solo


class Logits(ClassifierMixin, BaseEstimator):
    """A fitted classifier whose features are its logits, for scikit-learn's calibrator."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X):
        return X[:, 1] - X[:, 0] if X.shape[1] == 2 else X

    def predict(self, X):
        return self.classes_[X.argmax(axis=1)]


def overconfident(seed: int, n_classes: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from softmax(z), and probabilities softmax(3 z): the true temperature is 3."""
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 1.5, (n, n_classes))
    y_true = (softmax(z, axis=1).cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    return y_true, softmax(3 * z, axis=1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_classes", [2, 3])
def test_temperature_is_that_of_scikit_learn(seed, n_classes):
    y_true, probabilities = overconfident(seed, n_classes)
    logits = np.log(np.clip(probabilities, 2.0**-24, 1))
    theirs = CalibratedClassifierCV(FrozenEstimator(Logits().fit(logits, y_true)), method="temperature").fit(logits, y_true)
    ours = apply_temperature(probabilities, fit_temperature(y_true, probabilities))
    assert ours == pytest.approx(theirs.predict_proba(logits), abs=2e-4)
    assert log_loss(y_true, ours) <= log_loss(y_true, theirs.predict_proba(logits)) + 1e-9


def test_the_true_temperature_is_found_in_many_images():
    y_true, probabilities = overconfident(7, 2, 50_000)
    assert fit_temperature(y_true, probabilities) == pytest.approx(3, rel=0.05)


def test_by_hand():
    """Odds 9 : 1 at temperature 2 are 3 : 1."""
    assert apply_temperature(np.array([[0.1, 0.9]]), 2) == pytest.approx(np.array([[0.25, 0.75]]))
    assert apply_temperature(np.array([[0.1, 0.9]]), 1) == pytest.approx(np.array([[0.1, 0.9]]))


def test_a_temperature_of_calls_right_three_times_in_four():
    """Odds 9 : 1 that hold three times in four are 3 : 1, so the temperature is ln 9 / ln 3 = 2."""
    y_true, probabilities = np.array([1, 1, 1, 0, 0, 0, 0, 1]), np.repeat([[0.1, 0.9], [0.9, 0.1]], 4, axis=0)
    assert fit_temperature(y_true, probabilities) == pytest.approx(2, abs=1e-4)


def test_saturated_scores_stay_finite_and_in_order():
    probabilities = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.0, 1.0]], dtype=np.float32)
    temperature = fit_temperature(np.array([1, 0, 1, 0]), probabilities)
    scaled = apply_temperature(probabilities, temperature)
    assert np.isfinite(scaled).all() and scaled.sum(axis=1) == pytest.approx(1)
    assert (scaled.argmax(axis=1) == probabilities.argmax(axis=1)).all() and temperature > 1


def test_a_perfect_validation_ends_at_the_lower_bound():
    assert fit_temperature(np.array([0, 1]), np.array([[0.6, 0.4], [0.4, 0.6]])) == pytest.approx(0.05, rel=1e-3)


def test_measures_are_those_of_scikit_learn():
    y_true, probabilities = overconfident(1, 2)
    found = measure_calibration(y_true, probabilities[:, 1])
    assert found.brier == pytest.approx(brier_score_loss(y_true, probabilities[:, 1]))
    gaps = (found.reliability["observed"] - found.reliability["predicted"]).abs()
    assert found.ece == pytest.approx((gaps * found.reliability["n_samples"]).sum() / len(y_true))


@pytest.mark.parametrize("n_classes", [2, 3])
def test_scaling_a_run_repairs_its_test_scores(n_classes):
    names = ("NORMAL", "PNEUMONIA") if n_classes == 2 else ("NORMAL", "BACTERIAL", "VIRAL")
    tables = []
    for seed, split in enumerate(("val", "test")):
        y_true, probabilities = overconfident(seed, n_classes, 3000)
        table = pd.DataFrame({"sample_id": [f"{split}/{i}" for i in range(3000)], "split": split, "y_true": y_true})
        tables.append(table.assign(**{f"p_{name}": probabilities[:, i] for i, name in enumerate(names)}))
    run = SimpleNamespace(name="r", config=SimpleNamespace(class_names=names), predictions=pd.concat(tables), facts=None)
    before, after, temperature = calibrate_panel(solo(run), [run])[run.name]
    assert temperature == pytest.approx(3, rel=0.15)
    assert after.ece < before.ece / 3 and after.brier < before.brier
    assert after.reliability["n_samples"].sum() == 3000


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(InputError, match="two classes"):
        fit_temperature(np.ones(4, int), np.full((4, 2), 0.5))
    with pytest.raises(InputError, match="above 0"):
        apply_temperature(np.full((4, 2), 0.5), 0)


def test_runs_side_by_side(scored_run):
    two, three = scored_run(seed=1), scored_run(seed=2, n_classes=3)
    brought = scored_run(seed=3, splits=("test",))
    runs = [two, three, brought]
    found = calibrate_panel(line_up(runs).panel, runs)
    assert list(found) == [run.name for run in runs]
    before, after, temperature = found[two.name]
    alone = calibrate_panel(solo(two), [two])[two.name]
    assert (before.ece, after.ece, temperature) == (alone[0].ece, alone[1].ece, alone[2])
    assert found[brought.name][1:] == (None, None)


def test_a_collapsed_run_is_scaled_by_its_own_classes_first(scored_run):
    two, three = scored_run(seed=1), scored_run(0.5, seed=2, n_classes=3)
    _, after, temperature = calibrate_panel(line_up([two, three]).panel, [two, three])[three.name]
    stored = solo(three)
    scaled = apply_temperature(stored.scores[0], temperature)
    assert temperature == run_temperature(three)
    assert after.brier == pytest.approx(brier_score_loss(stored.y_true > 0, scaled[:, 1:].sum(axis=1)))


@pytest.mark.parametrize("class_id", [0, 1, 2])
def test_each_of_three_classes(scored_run, class_id):
    run = scored_run(n_classes=3)
    stored = solo(run)
    before, _, _ = calibrate_panel(line_up([run]).panel, [run], class_id)[run.name]
    assert before.brier == pytest.approx(brier_score_loss(stored.y_true == class_id, stored.scores[0, :, class_id]))
