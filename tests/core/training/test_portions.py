"""What a training would see of a data set, counted before it starts."""

import numpy as np
import pandas as pd
import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.training.plan import plan
from core.training.portions import portion_of, portions, require_classes


@pytest.fixture(scope="module")
def dataset(phantoms):
    return open_dataset(phantoms)


def test_portions_count_what_the_training_will_use(dataset):
    found = portions(dataset, plan("cnn1"))
    samples = dataset.samples
    assert found.class_names == ("NORMAL", "PNEUMONIA")
    assert found.n_train + found.n_val == (samples["split"] == "train").sum()
    assert found.images["test"].tolist() == samples[samples["split"] == "test"]["class_name"].value_counts().sort_index().tolist()
    assert found.patients["test"] == samples[samples["split"] == "test"]["patient_id"].nunique()
    assert found.shown == tuple(found.images["train"])


def test_an_epoch_shows_what_the_sampling_deals(dataset):
    counts = portions(dataset, plan("cnn1")).images["train"]
    assert portions(dataset, plan("cnn1", settings={"sampling": "undersample"})).shown == (counts.min(),) * 2
    assert portions(dataset, plan("cnn1", settings={"sampling": "oversample"})).shown == (counts.max(),) * 2


def test_three_classes_are_counted_by_sub_type(dataset):
    found = portions(dataset, plan("cnn1", 3))
    assert found.images.index.tolist() == ["NORMAL", "BACTERIAL", "VIRAL"]
    assert found.images.to_numpy().sum() == len(dataset.samples)


def test_limit_takes_that_share_of_train_and_leaves_test_whole(dataset):
    split = portion_of(dataset, plan("cnn1", limit=20))
    assert abs((split.isin(["train", "val"])).sum() - 20) <= 1
    assert (split == "test").sum() == (dataset.samples["split"] == "test").sum()


def test_what_the_training_would_refuse_is_refused_before(dataset):
    with pytest.raises(InputError, match="raise the limit of 6 images"):
        portions(dataset, plan("cnn1", limit=6))


def test_images_without_one_of_the_classes_are_refused():
    config = plan("cnn1")
    with pytest.raises(InputError, match="No image of PNEUMONIA is left held out for validation"):
        require_classes(config, np.array([0, 1, 0, 0]), pd.Series(["train", "train", "val", "test"]))
    require_classes(config, np.array([0, 1, 0, 1]), pd.Series(["train", "train", "val", "val"]))
