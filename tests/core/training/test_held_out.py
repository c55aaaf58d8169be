"""What is left out of a training: a series, its patients, and some of the other class."""

import pandas as pd
import pytest

from core.config import Recipe
from core.datasets.dataset import Dataset
from core.errors import InputError
from core.training.held_out import apart


def dataset(extra: pd.DataFrame | None = None) -> Dataset:
    """Twenty films of each of two series of NORMAL, thirty of PNEUMONIA by ten patients, and four test images."""
    rows = [(f"NORMAL/IM-{n:04}-0001.jpeg", "NORMAL", f"a{n}") for n in range(20)]
    rows += [(f"NORMAL/NORMAL2-IM-{n:04}-0001.jpeg", "NORMAL", f"b{n}" if n else "a0") for n in range(20)]
    rows += [(f"PNEUMONIA/person{n // 3}_bacteria_{n}.jpeg", "PNEUMONIA", f"p{n // 3}") for n in range(30)]
    train = pd.DataFrame(rows, columns=["sample_id", "class_name", "patient_id"]).assign(split="train")
    test = pd.DataFrame({"sample_id": [f"test/{n}.jpeg" for n in range(4)], "class_name": "NORMAL", "patient_id": pd.NA, "split": "test"})
    samples = pd.concat([train, test], ignore_index=True).assign(subtype=pd.NA, content_hash=pd.NA)
    return Dataset("made", None, samples, pd.DataFrame(columns=["path", "reason"]), None, extra=extra)


def test_a_series_takes_the_place_of_the_test_images_with_its_patients_and_some_of_the_other_class():
    split = apart(dataset(), Recipe(left_out="series=IM"))
    by_series = (
        split[split["class_name"] == "NORMAL"]
        .assign(series=lambda t: t["sample_id"].str.extract(r"(NORMAL2-IM|IM|test)")[0])
        .groupby(["series", "split"])
        .size()
    )
    assert by_series.to_dict() == {("IM", "test"): 20, ("NORMAL2-IM", "test"): 1, ("NORMAL2-IM", "train"): 19, ("test", "unused"): 4}
    ill = split[split["class_name"] == "PNEUMONIA"]
    assert ill["split"].value_counts().to_dict() == {"train": 24, "test": 6}
    assert not set(ill.loc[ill["split"] == "test", "patient_id"]) & set(ill.loc[ill["split"] == "train", "patient_id"])


def test_a_column_of_the_users_table_can_be_left_out():
    ids = dataset().samples["sample_id"]
    table = pd.DataFrame({"sample_id": ids, "device": ["X", "Y"] * (len(ids) // 2)})
    split = apart(dataset(table), Recipe(left_out="device=X"))
    device = table.set_index("sample_id")["device"].reindex(split["sample_id"]).to_numpy()
    assert set(split.loc[(device == "X") & split["class_name"].eq("NORMAL") & split["split"].ne("unused"), "split"]) == {"test"}
    assert "train" in set(split.loc[device == "Y", "split"])


def test_nothing_is_left_out_unless_asked():
    made = dataset()
    assert apart(made, Recipe()) is made.samples


@pytest.mark.parametrize(
    ("left_out", "words"),
    [("series=XY", "No training image has series=XY"), ("IM", "COLUMN=VALUE"), ("hospital=A", "no column 'hospital'")],
)
def test_what_is_not_there_cannot_be_left_out(left_out, words):
    with pytest.raises(InputError, match=words):
        apart(dataset(), Recipe(left_out=left_out))
