"""Groups by any fact: what file names, the sample table, the audit and a user's table say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.groups import FACTS, open_groups, summarise
from core.groups.series import series


def names_of(grouping) -> list[str]:
    """The name of each image's group."""
    return [grouping.names[code] for code in grouping.codes]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train/NORMAL/IM-0115-0001.jpeg", "IM"),
        ("test/NORMAL/NORMAL2-IM-0326-0001.jpeg", "NORMAL2-IM"),
        ("train/PNEUMONIA/person12_bacteria_46.jpeg", "person"),
        ("train/x/VIRUS-1008087-0001.png", "VIRUS"),
        ("train/x/00000013_005.png", "numbers only"),
        ("train/x/CHNCXR_0001_0.png", "CHNCXR"),
        ("train/x/chest.v2.png", "chest.v"),
        ("train/x/scan.png", "scan"),
        ("train/x/Image7.png", "Image"),
    ],
)
def test_a_series_is_what_a_name_begins_with(name, expected):
    assert series(pd.Series([name])).tolist() == [expected]


def test_every_fact_of_the_list_makes_groups(tabled):
    rng = np.random.default_rng(0)
    dataset = tabled(width=rng.integers(500, 900, 100), quantisation_sum=rng.choice([1, 2], 100), subtype=["NORMAL", "VIRAL"] * 50)
    for fact in FACTS:
        if fact.key == "sharpness":
            with pytest.raises(InputError, match="is not known of any image"):
                open_groups(dataset, fact.key)
        else:
            grouping = open_groups(dataset, fact.key)
            summary = summarise(dataset, grouping)
            assert grouping.by == fact.key and summary.counts["n"].sum() == 100 and all(summary.sentences(i) for i in range(grouping.k))


def test_bins_are_fitted_on_train_and_hold_all(tabled):
    brightness = np.r_[np.arange(80.0), np.full(20, 500.0)]
    grouping = open_groups(tabled(mean_intensity=brightness), "brightness")
    assert grouping.k == 5 and grouping.names[0] == "up to 15" and grouping.names[-1] == "64 and more"
    assert np.bincount(grouping.codes).tolist() == [16, 16, 16, 16, 36]
    assert open_groups(tabled(mean_intensity=brightness), "brightness", 8).k == 8


def test_images_of_the_patient_are_counted(tabled):
    grouping = open_groups(tabled(patient_id=["a"] * 3 + ["b"] + [None] + [f"p{i // 2}" for i in range(95)]), "patient_images")
    assert names_of(grouping)[:5] == ["3", "3", "3", "1", "not stated"] and grouping.names == ("1", "2", "3", "not stated")


@pytest.mark.parametrize(
    ("column", "names"),
    [
        (["A"] * 60 + ["B"] * 40, ("A", "B")),
        (["B"] * 30 + [None] * 30 + ["A"] * 40, ("A", "B", "not stated")),
        ([2019] * 50 + [2020] * 50, ("2019", "2020")),
        (np.r_[np.arange(90.0), [np.nan] * 10], ("up to 15", "16 to 31", "32 to 47", "48 to 63", "64 and more", "not stated")),
        (np.r_[np.arange(90.0), [np.inf] * 10], ("up to 15", "16 to 31", "32 to 47", "48 to 63", "64 and more", "not stated")),
        ([True] * 10 + [False] * 90, ("False", "True")),
        (["only"] * 100, ("only",)),
    ],
    ids=["text", "text and missing", "years", "numbers and missing", "endless numbers", "yes and no", "one value"],
)
def test_columns_of_a_users_table(tabled, column, names):
    dataset = tabled(extra={"theirs": column})
    grouping = open_groups(dataset, "theirs")
    assert grouping.names == names and grouping.title == "theirs"
    assert any("not known" in note for note in grouping.notes) == ("not stated" in names)
    assert any("one group" in note for note in grouping.notes) == (len(names) == 1)
    summary = summarise(dataset, grouping)
    assert np.isnan(summary.cramers_v.value) == (len(names) == 1)


def test_rare_values_stand_together(tabled):
    column = [f"h{i}" for i in range(50)] + ["big"] * 50
    grouping = open_groups(tabled(extra={"hospital": column}), "hospital")
    assert grouping.k == 20 and grouping.names[0] == "big" and grouping.names[-1] == "all other values"
    assert np.bincount(grouping.codes)[-1] == 32 and "51 different values" in grouping.notes[0]
    assert open_groups(tabled(extra={"hospital": column}), "hospital", 3).names == ("big", "h0", "all other values")


def test_a_users_column_comes_before_a_fact_of_that_name(tabled):
    assert open_groups(tabled(extra={"brightness": ["x", "y"] * 50}), "brightness").names == ("x", "y")
    assert open_groups(tabled(extra={"Device": ["x", "y"] * 50}), "device").title == "Device"
    assert open_groups(tabled(extra={"appearance": ["x", "y"] * 50}), "appearance").names == ("x", "y")


@pytest.mark.parametrize(
    ("by", "k", "words"),
    [
        ("nothing", None, "'theirs' is not known|theirs is not known"),
        ("unique", None, "100 different values and no two images share one"),
        ("brightnes", None, "Did you mean brightness"),
        ("brightness", 1, "ask for 2 to 20"),
        ("unique", 21, "ask for 2 to 20"),
    ],
)
def test_what_makes_no_groups_says_why(tabled, by, k, words):
    dataset = tabled(extra={"nothing": [None] * 100, "unique": [f"id{i:03d}" for i in range(100)]})
    with pytest.raises(InputError, match=words.replace("theirs", "nothing")):
        open_groups(dataset, by, k)


def test_a_finding_is_a_fact(plain_phantoms, tmp_path):
    for number, path in enumerate(sorted((plain_phantoms / "train/NORMAL").iterdir())[:5]):
        (tmp_path / "set/train/NORMAL").mkdir(parents=True, exist_ok=True)
        (tmp_path / f"set/train/NORMAL/{number}.jpeg").write_bytes(path.read_bytes())
    (tmp_path / "set/train/NORMAL/copy.jpeg").write_bytes(path.read_bytes())
    found = names_of(open_groups(open_dataset(tmp_path / "set"), "finding"))
    assert found[-2:] == ["a byte-identical copy"] * 2 and "a byte-identical copy" not in found[:4]


def test_a_table_read_from_disk_brings_its_columns(tmp_path):
    rows = {"sample_id": [f"f{i}.png" for i in range(40)], "class_name": ["NORMAL", "PNEUMONIA"] * 20}
    pd.DataFrame(rows | {"age": range(40), "view": ["AP", "AP", "PA", None] * 10}).to_csv(tmp_path / "t.csv", index=False)
    dataset = open_dataset(tmp_path / "t.csv")
    assert open_groups(dataset, "age").names[0] == "up to 7" and open_groups(dataset, "view").names == ("AP", "PA", "not stated")
    with pytest.raises(InputError, match="neither pixels nor measured facts"):
        open_groups(dataset)
