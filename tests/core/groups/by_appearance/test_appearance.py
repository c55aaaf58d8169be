"""Groups by look: measured where no weights are at hand, by features where they are, kept with what they were made from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.groups import groups_at_hand, open_groups, summarise
from core.groups.by_appearance import appearance, backbone, look
from core.groups.by_appearance.kept import any_kept


@pytest.fixture
def phantom_set(plain_phantoms):
    return open_dataset(plain_phantoms)


@pytest.fixture
def with_weights(monkeypatch):
    """A backbone of one convolution in place of MobileNetV2, whose weights would be megabytes."""
    import keras

    keras.utils.set_random_seed(0)
    inputs = keras.Input((128, 128, 3))
    x = keras.layers.Conv2D(8, 9, strides=8, activation="relu")(keras.layers.Rescaling(1 / 255)(inputs))
    trunk = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x), trainable=False)
    monkeypatch.setattr(backbone, "_trunk", lambda: trunk)
    monkeypatch.setattr(backbone, "weights_key", lambda: "abc")


def test_without_weights_appearance_is_measured_and_says_so(phantom_set):
    grouping = open_groups(phantom_set)
    assert "measured of each image" in grouping.made_from and any("PNEUMOLENS_WEIGHTS" in note for note in grouping.notes)
    summary = summarise(phantom_set, grouping)
    train = (phantom_set.samples["split"] == "train").to_numpy()
    assert (np.diff(np.bincount(grouping.codes[train], minlength=grouping.k)) <= 0).all()
    assert [len(names) for names in summary.medoids] == [min(6, n) for n in np.bincount(grouping.codes)]
    assert all(name.startswith("train/") for names in summary.medoids for name in names[:1])


def test_groups_are_kept_and_read_again(phantom_set, monkeypatch):
    first = open_groups(phantom_set)
    monkeypatch.setattr(appearance, "look", None)
    again = open_groups(dataclasses.replace(phantom_set))
    np.testing.assert_array_equal(again.codes, first.codes)
    np.testing.assert_array_equal(again.ranks, first.ranks)
    assert again.notes == first.notes
    relabelled = dataclasses.replace(phantom_set, samples=phantom_set.samples.assign(class_name="NORMAL"))
    with pytest.raises(TypeError):  # other data are looked at anew
        open_groups(relabelled)


def test_groups_at_hand_are_those_that_need_no_work(phantom_set, with_weights, monkeypatch):
    assert groups_at_hand(phantom_set) is None
    made = open_groups(phantom_set)
    monkeypatch.setattr(backbone, "weights_key", lambda: None)  # the weights are gone, what they made is not
    np.testing.assert_array_equal(groups_at_hand(phantom_set).codes, made.codes)
    assert "MobileNetV2" in groups_at_hand(phantom_set).made_from and groups_at_hand(phantom_set, made.k + 1) is None


def test_a_broken_file_is_made_again(phantom_set, tmp_path):
    first = open_groups(phantom_set, k=3)
    (file,) = (tmp_path / "cache/groups").glob("*-3-*.npz")
    file.write_bytes(b"PK\x03\x04 cut short")
    np.testing.assert_array_equal(open_groups(phantom_set, k=3).codes, first.codes)


def test_weights_at_hand_are_used_and_said(phantom_set, with_weights):
    grouping = open_groups(phantom_set, k=4)
    assert "MobileNetV2" in grouping.made_from and not any("PNEUMOLENS_WEIGHTS" in note for note in grouping.notes)
    assert grouping.k == 4 and any_kept(phantom_set.digest) is None  # not the number found best
    open_groups(phantom_set)
    assert any_kept(phantom_set.digest).look == "backbone"


@pytest.mark.long
def test_a_broken_weight_file_is_no_reason_to_look_otherwise_in_silence(phantom_set, tmp_path, monkeypatch):
    (tmp_path / "mobilenet_v2_1.0_224_x_notop.weights.h5").write_bytes(b"no weights")
    monkeypatch.setenv("PNEUMOLENS_WEIGHTS", str(tmp_path))
    with pytest.raises(InputError, match="cannot be loaded"):
        open_groups(phantom_set)


@pytest.mark.parametrize("k", [0, 1, 21])
def test_k_is_two_to_twenty(tabled, k):
    with pytest.raises(InputError, match="ask for 2 to 20"):
        open_groups(tabled(), k=k)


def test_more_groups_than_images_are_refused_and_one_image_a_group_is_not(tabled):
    dataset = tabled(5)
    with pytest.raises(InputError, match="of 4 different training images"):
        open_groups(dataset, k=5)
    grouping = open_groups(dataset.with_positive(None), k=4)
    assert sorted(np.bincount(grouping.codes)) == [1, 1, 1, 2]
    alone = dataclasses.replace(dataset, samples=dataset.samples.iloc[:4])
    summary = summarise(alone, open_groups(alone, k=4))
    assert any("Each group has one image" in note for note in summary.notes) and np.isnan(summary.auc.value)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"class_name": ["NORMAL"] * 100}, "There is one class"),
        ({"split": ["train"] * 100}, "no test images"),
        ({"split": ["test"] * 100}, "only test images"),
        ({"split": ["val"] * 80 + ["test"] * 20}, "no training images"),
        ({"class_name": [f"c{i}" for i in range(100)]}, ""),
        ({"patient_id": [None] * 100}, ""),
        ({"letters": [None] * 100, "rim_mean": [None] * 50 + [80.0] * 50}, ""),
        (dict.fromkeys(("mean_intensity", "std_intensity", "rim_mean", "rim_black", "letters"), 1.0), "look the same"),
    ],
    ids=["one class", "no test", "only test", "only val", "a class an image", "no patients", "missing facts", "all alike"],
)
def test_odd_sets(tabled, columns, said, undefined_words):
    dataset = tabled(**columns)
    grouping = open_groups(dataset)
    summary = summarise(dataset, grouping)
    assert summary.counts["n"].sum() == 100
    assert not said or any(said in note for note in summary.notes)
    texts = [
        *summary.notes,
        *summary.names,
        grouping.made_from,
        *(word for group in range(grouping.k) for word in summary.sentences(group)),
    ]
    assert not undefined_words(" ".join(texts))


def test_the_mean_takes_the_place_of_a_missing_fact():
    facts = pd.DataFrame({"a": [1.0, 3.0, np.nan, 5.0], "same": [2.0] * 4, "none": [np.nan] * 4})
    np.testing.assert_allclose(look.standardised(facts, np.arange(2)), [[-1, 0, 0], [1, 0, 0], [0, 0, 0], [3, 0, 0]])


@pytest.mark.long
def test_importing_groups_loads_no_heavy_library():
    import subprocess
    import sys

    code = "import sys, core.groups; assert not {'keras', 'tensorflow', 'sklearn'} & set(sys.modules), sorted(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
