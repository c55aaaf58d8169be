"""Validation carved from train: whatever the table, no patient and no picture on both sides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.datasets.splits import carve_validation, linked_groups
from core.errors import InputError


def random_table(seed: int, n: int = 600, n_patients: int = 150, doubles: int = 40) -> pd.DataFrame:
    """Patients with several images, some images under two patients, three sub-types, and a test split."""
    rng = np.random.default_rng(seed)
    subtype = rng.choice(["NORMAL", "BACTERIAL", "VIRAL"], n, p=[0.3, 0.5, 0.2])
    content = np.array([f"c{i}" for i in range(n)])
    content[rng.choice(n, doubles, replace=False)] = content[rng.choice(n, doubles)]
    split = rng.choice(["train", "test"], n, p=[0.85, 0.15])
    patient = [f"{s}/{t[0]}{k}" for s, t, k in zip(split, subtype, rng.integers(n_patients // 3, size=n), strict=True)]
    return pd.DataFrame(
        {
            "sample_id": [f"{i:04d}" for i in range(n)],
            "split": split,
            "class_name": np.where(subtype == "NORMAL", "NORMAL", "PNEUMONIA"),
            "subtype": subtype,
            "patient_id": patient,
            "content_hash": content,
        }
    ).astype("str")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.5])
def test_no_patient_and_no_picture_is_on_both_sides(seed, fraction):
    samples = random_table(seed)
    split = carve_validation(samples, fraction, seed)
    assert split.index.equals(samples.index) and set(split) == {"train", "val", "test"}
    assert (split[samples["split"] == "test"] == "test").all() and not (split[samples["split"] == "train"] == "test").any()
    train, val = samples[split == "train"], samples[split == "val"]
    for column in ("patient_id", "content_hash"):
        assert not set(train[column]) & set(val[column])


@given(st.integers(30, 120), st.integers(6, 40), st.integers(0, 12), st.integers(0, 10**6), st.sampled_from([2, 3, 5]))
@settings(max_examples=20)
def test_folds_hold_out_every_image_once_and_no_patient_twice(n, n_patients, doubles, seed, n_folds):
    samples = random_table(seed, n, n_patients, doubles)
    try:
        folds = [carve_validation(samples, 1 / n_folds, seed, fold) == "val" for fold in range(n_folds)]
    except InputError:
        assume(False)  # too few patients of some kind for so many folds
    assert (sum(fold.astype(int) for fold in folds) == (samples["split"] != "test")).all()
    for column in ("patient_id", "content_hash"):
        held_out = [set(samples[column][fold]) for fold in folds]
        assert len(set().union(*held_out)) == sum(map(len, held_out))


@pytest.mark.parametrize("seed", range(12))
def test_strata_keep_their_shares(seed):
    samples = random_table(seed, n=1500, n_patients=600, doubles=0)
    split = carve_validation(samples, 0.2, seed)
    held_out = (split == "val")[samples["split"] == "train"].groupby(samples["subtype"]).mean()
    assert held_out.between(0.15, 0.25).all()


def test_the_same_seed_gives_the_same_split_and_another_another():
    samples = random_table(0)
    first, again, other = (carve_validation(samples, 0.2, seed) for seed in (1, 1, 2))
    assert first.equals(again) and not first.equals(other)
    assert samples["split"].isin(["train", "test"]).all()  # the table itself is left alone


def test_every_class_is_held_out_even_when_patients_are_few_and_lopsided():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        patients = np.r_[[f"n{i}" for i in range(5)], [f"p{i}" for i in range(5)]].repeat(rng.integers(1, 40, 10))
        classes = np.where(pd.Series(patients).str.startswith("n"), "NORMAL", "PNEUMONIA")
        ids = [str(i) for i in range(len(patients))]
        samples = pd.DataFrame(
            {"sample_id": ids, "split": "train", "class_name": classes, "subtype": None, "patient_id": patients, "content_hash": ids}
        )
        split = carve_validation(samples, 0.2, seed)
        for side in ("train", "val"):
            assert set(samples["class_name"][split == side]) == {"NORMAL", "PNEUMONIA"}, (seed, side)


def test_a_split_of_its_own_is_kept():
    samples = random_table(0).assign(split=["train", "val", "test"] * 200)
    assert carve_validation(samples).tolist() == ["train", "val", "test"] * 200


def test_one_odd_name_does_not_forbid_training():
    """A single PNEUMONIA image whose name does not tell the sub-type would be a stratum of one patient."""
    samples = random_table(3)
    odd = samples.index[(samples["class_name"] == "PNEUMONIA") & (samples["split"] == "train")][0]
    samples.loc[odd, "subtype"] = np.nan
    split = carve_validation(samples)
    held_out = (split == "val")[samples["split"] == "train"].groupby(samples["class_name"]).mean()
    assert held_out.between(0.1, 0.3).all()


def test_names_that_tell_nothing_are_stratified_by_class():
    samples = random_table(4, n=1500, n_patients=600, doubles=0).assign(subtype=None)
    split = carve_validation(samples)
    assert (split == "val")[samples["split"] == "train"].groupby(samples["class_name"]).mean().between(0.15, 0.25).all()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"class_name": "NORMAL", "subtype": "NORMAL"}, "at least two classes; the train folder has NORMAL"),
        ({"split": "test"}, "at least two classes; the train folder has none"),
        ({"patient_id": "one"}, "at least 5 patients to hold out 20 %"),
        ({"content_hash": "same"}, "at least 5 patients"),
    ],
)
def test_what_cannot_be_carved(change, expected):
    with pytest.raises(InputError, match=expected):
        carve_validation(random_table(0).assign(**change))


def test_groups_link_patients_through_shared_pictures():
    samples = pd.DataFrame(
        {
            "sample_id": list("abcdef"),
            "patient_id": ["p1", "p1", "p2", "p3", "p4", None],
            "content_hash": ["x", "y", "y", "z", None, None],
        },
        dtype="str",
    )
    groups = linked_groups(samples)
    assert groups[0] == groups[1] == groups[2]  # p1 and p2 share the picture y
    assert len(set(groups)) == 4  # p3, p4 and the unknown patient are apart, and unknown content links nothing
