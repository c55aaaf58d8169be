"""What people call their split folders."""

from __future__ import annotations

import pytest

from core.datasets.split_names import says_nothing, split_of


@pytest.mark.parametrize(
    ("split", "names"),
    [
        (
            "train",
            "train Train TRAINING training_set TRAIN_images train-data trainset TrainData 1_train train2017 chest_xray_train entrenamiento",
        ),
        ("val", "val valid Validation val_set dev dev-set 2_valid tuning validación"),
        ("test", "test TEST testing test_set tests hold-out holdout holdout_set evaluation prueba test_224"),
        (None, "fold1 train2 train_1 external_validation contest trainee value data NORMAL pneumonia extra images untested 2017"),
    ],
)
def test_names(split, names):
    assert {name: split_of(name) for name in names.split()} == dict.fromkeys(names.split(), split)


def test_folders_that_only_say_that_images_lie_there():
    assert all(map(says_nothing, ["images", "Images_001", "img", "data", "chest xray images", "PNG"]))
    assert not any(map(says_nothing, ["NORMAL", "x", "imagesque", "covid images", "1"]))
