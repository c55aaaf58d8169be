"""Every position of a slider at once is what each position is alone."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError
from core.metrics.alignment import line_up
from core.metrics.evaluation import evaluate_panel
from core.metrics.threshold_sweep import matched_thresholds, sweep
from core.metrics.thresholds import threshold_for_sensitivity


@pytest.fixture
def panel(scored_run):
    return line_up([scored_run(skill, seed=i) for i, skill in enumerate((0.4, 1.5))]).panel


def test_each_position_is_what_an_evaluation_there_says(panel):
    some = panel.scores[0, 3, 1]  # a score that is a threshold is called positive
    thresholds = np.array([[0.0, 0.0], [0.3, 0.7], [some, some], [1.0, 1.0]])
    for cuts, found in zip(thresholds, sweep(panel, thresholds), strict=True):
        expected = evaluate_panel(panel, dict(zip(panel.names, cuts, strict=True)))
        for name in panel.names:
            assert found[name].confusion_matrix.tolist() == expected[name].confusion_matrix.tolist()
            assert found[name].subtype_recall == expected[name].subtype_recall
            assert found[name].threshold == expected[name].threshold
            for metric in ("accuracy", "sensitivity", "specificity"):
                assert found[name].metrics[metric] == expected[name].metrics[metric]
            assert found[name].metrics["f1"].value == pytest.approx(expected[name].metrics["f1"].value)


def test_precision_of_no_calls_is_unknown(panel):
    nothing = sweep(panel, np.full((1, 2), 1.01))[0][panel.names[0]]
    assert np.isnan(nothing.metrics["precision"].value) and nothing.metrics["f1"].value == 0


def test_images_of_one_class_have_counts(panel):
    ill = panel.y_true == 1
    part = replace(panel, y_true=panel.y_true[ill], scores=panel.scores[:, ill], patients=_some(panel.patients, ill), _sampled={})
    assert sweep(part, np.zeros((1, 2)))[0][panel.names[0]].confusion_matrix.tolist() == [[0, 0], [0, int(ill.sum())]]


def _some(patients, mask):
    return replace(patients, patient_id=patients.patient_id[mask], subtype=patients.subtype[mask], codes=patients.codes[mask])


def test_many_sensitivities_are_matched_as_one_is(panel):
    wished = [0.5, 0.805, 0.95, 1.0]
    found = matched_thresholds(panel, wished)
    for run, scores in enumerate(panel.scores[..., 1]):
        assert found[:, run].tolist() == [threshold_for_sensitivity(panel.y_true, scores, one) for one in wished]


def test_no_case_has_no_sensitivity_to_match(panel):
    with pytest.raises(InputError, match="there is none"):
        matched_thresholds(replace(panel, y_true=np.zeros_like(panel.y_true)), [0.9])
