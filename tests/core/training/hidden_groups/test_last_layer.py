import numpy as np
import pytest

from core.datasets import open_dataset
from core.training.hidden_groups.last_layer import _as_layer, kept_rows
from core.training.plan import plan


@pytest.mark.parametrize(("units", "n_classes"), [(1, 2), (2, 2), (3, 3)])
def test_the_layer_gives_the_probabilities_of_the_regression(units, n_classes):
    from scipy.special import expit, softmax
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    features, y = rng.normal(3, 2, (200, 4)), rng.integers(0, n_classes, 200)
    scale = StandardScaler().fit(features)
    fitted = LogisticRegression().fit(scale.transform(features), y)
    kernel, bias = _as_layer(fitted.coef_ / scale.scale_, fitted.intercept_, scale.mean_, units)
    logits = features @ kernel + bias
    found = softmax(logits, axis=1) if units > 1 else np.column_stack([1 - expit(logits), expit(logits)])
    np.testing.assert_allclose(found, fitted.predict_proba(scale.transform(features)), atol=1e-5)


def test_whole_patients_are_kept_and_none_where_none_are_asked_for(phantoms):
    samples = open_dataset(phantoms).samples
    train = np.flatnonzero((samples["split"] == "train").to_numpy())
    assert not len(kept_rows(samples, train, plan("lens_small")))
    kept = kept_rows(samples, train, plan("lens_small", settings={"last_layer": "0.25"}))
    rest = np.setdiff1d(train, kept)
    assert 0.1 < len(kept) / len(train) < 0.4
    assert not set(samples["patient_id"].iloc[kept]) & set(samples["patient_id"].iloc[rest])
    assert samples["class_name"].iloc[kept].nunique() == 2
