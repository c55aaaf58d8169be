"""Folders as people lay them, and what each means."""

from __future__ import annotations

import pytest

from core.datasets.folders.layout import find_layout


def read(*folders: str) -> dict[str, str] | None:
    """``folder: split CLASS/below``, or why it is not used."""
    layout = find_layout(tuple(folder.split("/")) if folder else () for folder in folders)
    if layout is None:
        return None
    used = {"/".join(parts): f"{place.split} {'/'.join((place.class_folder, *place.below))}" for parts, place in layout.places.items()}
    return used | {"/".join(parts): why for parts, why in layout.unused.items()}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("sub-folders", {"train/NORMAL": "train NORMAL", "train/PNEUMONIA/virus/a": "train PNEUMONIA/virus/a"}),
        ("other words", {"training_set/NORMAL": "train NORMAL", "Testing/NORMAL": "test NORMAL", "dev/x": "val x"}),
        ("unpacked twice", {"a/b/train/train/NORMAL": "train NORMAL", "a/b/test/test/NORMAL": "test NORMAL"}),
        ("wrapped in each split", {"train/train_images/sano": "train sano", "test/test_images/sano": "test sano"}),
        ("wrapped, odd classes", {"train/all/A": "train A", "train/all/B": "train B", "test/all/A": "test A", "test/all/B": "test B"}),
        ("a folder called test", {"test/train/NORMAL": "train NORMAL", "test/test/NORMAL": "test NORMAL"}),
        ("classes first", {"NORMAL/train": "train NORMAL", "ill/train/viral": "train ill/viral", "NORMAL/test": "test NORMAL"}),
        ("odd classes first", {"a/train": "train a", "b/train": "train b", "b/test": "test b"}),
        ("sites", {"train/A/NORMAL": "train NORMAL/A", "train/B/NORMAL": "train NORMAL/B", "train/B/PNEUMONIA": "train PNEUMONIA/B"}),
        ("one class in test", {"train/NORMAL": "train NORMAL", "test/ill/a": "test ill/a", "test/ill/b": "test ill/b"}),
        ("one class, patients", {"test/PNEUMONIA/p1": "test PNEUMONIA/p1", "test/PNEUMONIA/p2": "test PNEUMONIA/p2"}),
        ("classes alone", {"NORMAL": "train NORMAL", "PNEUMONIA": "train PNEUMONIA", "notes": "train notes"}),
        ("wrapped classes alone", {"data/x/NORMAL": "train NORMAL", "data/x/COVID/images": "train COVID/images"}),
        ("beside test", {"NORMAL": "beside", "PNEUMONIA": "beside", "test/NORMAL": "test NORMAL"}),
        ("beside the classes", {"": "beside", "train": "no class", "train/NORMAL": "train NORMAL", "more": "beside"}),
        ("test without classes", {"NORMAL": "train NORMAL", "PNEUMONIA": "train PNEUMONIA", "test": "no class"}),
        ("extra", {"set/NORMAL": "train NORMAL", "set/PNEUMONIA": "train PNEUMONIA", "extra": "no class"}),
        ("two splits", {"train/NORMAL": "train NORMAL", "train/NORMAL/test": "two splits"}),
        ("two sets", {"a/train/NORMAL": "train NORMAL", "b/train/NORMAL": "other set", "b/c/test/NORMAL": "other set"}),
        ("folds", {"train_1/NORMAL": "train NORMAL", "train_2/NORMAL": "other fold", "test_2/x": "test x"}),
        ("one number each", {"1_train/NORMAL": "train NORMAL", "2_test/NORMAL": "test NORMAL"}),
        ("one wrapper", {"my test/NORMAL": "train NORMAL", "my test/PNEUMONIA": "train PNEUMONIA"}),
        ("unclear", {"NORMAL": "train NORMAL", "PNEUMONIA": "train PNEUMONIA", "my_test_v2/NORMAL": "unclear"}),
        ("results of a test", {"positive test": "train positive test", "negative test": "train negative test"}),
        ("logs", {"NORMAL": "train NORMAL", "PNEUMONIA": "train PNEUMONIA", "models/test/logs": "other set"}),
    ],
)  # fmt: skip
def test_layouts(what, expected):
    assert read(*expected) == expected


@pytest.mark.parametrize(
    "folders",
    [(), ("",), ("images",), ("train/images", "test/images"), ("train_normal", "test_normal"), ("images_001/images", "images_002/images")],
)
def test_no_class_anywhere(folders):
    assert read(*folders) is None


def test_the_shallowest_set_comes_first_and_one_whose_classes_speak_before_one_that_does_not():
    assert find_layout([("b", "train", "NORMAL"), ("a", "c", "train", "NORMAL")]).top == ("b",)
    assert find_layout([("a", "test", "logs"), ("b", "train", "NORMAL")]).top == ("b",)
