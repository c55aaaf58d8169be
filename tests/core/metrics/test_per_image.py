"""Answers of two runs side by side, by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.metrics.per_image import verdicts
from core.runs.card import Card

IDS = [
    "test/NORMAL/IM-0001-0001.jpeg",
    "test/NORMAL/IM-0002-0001.jpeg",
    "test/PNEUMONIA/person1_bacteria_1.jpeg",
    "test/PNEUMONIA/person2_virus_3.jpeg",
]
Y_TRUE = [0, 0, 1, 1]


def run(name, p_pneumonia, threshold=0.5, ids=IDS, class_names=("NORMAL", "PNEUMONIA")):
    p = np.array(p_pneumonia)
    table = pd.DataFrame({"sample_id": ids, "split": "test", "y_true": Y_TRUE, "p_NORMAL": 1 - p, "p_PNEUMONIA": p})
    config = SimpleNamespace(class_names=class_names, n_classes=len(class_names), fingerprint="")
    card = Card.model_validate({"recommended": {"value": threshold}})
    return SimpleNamespace(name=name, config=config, predictions=table, facts=None, card=card)


@pytest.fixture
def answers():
    return verdicts([run("a", [0.2, 0.7, 0.9, 0.4]), run("b", [0.1, 0.2, 0.6, 0.1], threshold=0.7)])


def test_each_run_is_judged_at_its_own_threshold(answers):
    assert answers.y_pred.tolist() == [[0, 1, 1, 0], [0, 0, 0, 0]]
    assert answers.correct.tolist() == [[True, False, True, False], [True, True, False, False]]


def test_the_largest_gap_orders_images_by_how_far_the_scores_are_apart(answers):
    gaps = np.abs(answers.scores[0, :, 1] - answers.scores[1, :, 1])
    assert answers.largest_gap == pytest.approx(gaps)
    everything = np.ones(len(gaps), bool)
    assert gaps[answers.ordered(everything, by_gap=True)].tolist() == sorted(gaps, reverse=True)
    assert answers.differ.tolist() == (answers.y_pred[0] != answers.y_pred[1]).tolist()


def test_most_confident_error_is_that_of_the_run_wrong_and_surest_of_it(answers):
    assert answers.most_confident_error.tolist() == pytest.approx([0, 0.7, 0.4, 0.9])


def test_table_is_sorted_by_error_and_names_patient_and_kind(answers):
    table = answers.table(~answers.correct.all(axis=0), ["A", "B"])
    assert table["sample_id"].tolist() == [IDS[3], IDS[1], IDS[2]]
    assert table["subtype"].tolist() == ["VIRAL", "NORMAL", "BACTERIAL"]
    assert table["patient_id"].tolist() == ["test/person2", "test/im-0002", "test/person1"]
    assert table["A: called"].tolist() == ["NORMAL", "PNEUMONIA", "PNEUMONIA"]
    assert table["B: p(PNEUMONIA)"].tolist() == pytest.approx([0.1, 0.2, 0.6])


def test_a_page_of_the_table_is_a_part_of_it(answers):
    rows = answers.ordered(~answers.correct.all(axis=0))
    assert answers.table_of(rows[1:], ["A", "B"])["sample_id"].tolist() == [IDS[1], IDS[2]]


def test_order_of_stored_rows_does_not_matter():
    shuffled = run("b", [0.1, 0.2, 0.6, 0.1])
    shuffled.predictions = shuffled.predictions.sample(frac=1, random_state=3)
    assert verdicts([run("a", [0.2, 0.7, 0.9, 0.4]), shuffled]).scores[1, :, 1].tolist() == pytest.approx([0.1, 0.2, 0.6, 0.1])


def test_runs_on_other_images_are_refused():
    with pytest.raises(InputError, match="different test images"):
        verdicts([run("a", [0.5] * 4), run("b", [0.5] * 4, ids=[*IDS[:3], "test/PNEUMONIA/person9_virus_9.jpeg"])])


def test_kinds_are_classes_and_infections(answers):
    assert {kind: mask.sum() for kind, mask in answers.kinds().items()} == {
        "all": 4,
        "NORMAL": 2,
        "PNEUMONIA": 2,
        "BACTERIAL": 1,
        "VIRAL": 1,
    }


def test_where_nobody_errs_the_least_sure_comes_first():
    both = verdicts([run("a", [0.2, 0.4, 0.9, 0.8]), run("b", [0.3, 0.1, 0.6, 0.9])])
    assert both.correct.all()
    assert both.table(both.correct.all(axis=0), ["A", "B"])["sample_id"].tolist() == [IDS[1], IDS[2], IDS[0], IDS[3]]
    assert (both.table(both.correct.all(axis=0), ["A", "B"])["most_confident_error"] == 0).all()


def test_a_table_of_no_image_has_its_columns(answers):
    table = answers.table(np.zeros(4, bool), ["A", "B"])
    assert table.empty and "B: p(PNEUMONIA)" in table
