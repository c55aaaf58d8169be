"""Whose images they are: as stated, else as named."""

from __future__ import annotations

import pandas as pd

from core.metrics.evaluation import evaluate
from core.metrics.statistics.clusters import patients_of

NAMED = pd.Series([f"test/PNEUMONIA/person{i // 2}_virus_{i}.jpeg" for i in range(4)])


def stated(patients, ids=NAMED):
    return pd.DataFrame({"sample_id": ids, "patient_id": patients, "subtype": [None] * len(ids)})


def test_names_tell_where_nothing_is_stated():
    found = patients_of(NAMED)
    assert found.codes.tolist() == [0, 0, 1, 1] and not found.stated and set(found.subtype) == {"VIRAL"}


def test_what_is_stated_outdoes_the_names():
    found = patients_of(NAMED, stated(["a", "a", "a", "b"]))
    assert found.codes.tolist() == [0, 0, 0, 1] and found.stated and list(found.subtype) == [None] * 4


def test_an_unknown_patient_is_each_its_own():
    assert patients_of(NAMED, stated(["a", None, None, "a"])).n_patients == 3


def test_facts_of_more_images_in_another_order_are_matched_by_id():
    facts = pd.concat([stated(["x"], pd.Series(["elsewhere"])), stated(["a", "b", "b", "a"])[::-1]])
    assert patients_of(NAMED, facts).codes.tolist() == [0, 1, 1, 0]


def test_the_same_images_and_facts_give_the_same_object():
    assert patients_of(NAMED, stated(list("aabb"))) is patients_of(NAMED.copy(), stated(list("aabb")))
    assert patients_of(NAMED, stated(list("aabb"))).key != patients_of(NAMED, stated(list("abab"))).key


def test_intervals_follow_the_stated_patients():
    """Ten patients of twenty identical films each know no more than ten films: the interval must be as wide."""
    n_patients, films = 10, 20
    ids = pd.Series([f"image {i}" for i in range(n_patients * films)])
    who = [str(i // films) for i in range(len(ids))]
    score = [(0.1, 0.8, 0.85, 0.9, 0.3, 0.25, 0.2, 0.9, 0.4, 0.95)[i // films] for i in range(len(ids))]
    table = pd.DataFrame(
        {"sample_id": ids, "y_true": [(i // films) % 2 for i in range(len(ids))], "p_a": [1 - s for s in score], "p_b": score}
    )
    clustered = evaluate(table, ("a", "b"), facts=stated(who, ids)).metrics["roc_auc"]
    one_film = table.iloc[::films]
    alone = evaluate(one_film, ("a", "b"), facts=stated(who[::films], ids.iloc[::films])).metrics["roc_auc"]
    naive = evaluate(table, ("a", "b")).metrics["roc_auc"]
    assert clustered.value == alone.value == naive.value
    assert abs((clustered.high - clustered.low) - (alone.high - alone.low)) < 0.05
    assert clustered.high - clustered.low > 2 * (naive.high - naive.low)
