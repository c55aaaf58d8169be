"""Reading by sample id, and the door to all sources."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.images import ImageError, read_grey


def test_reading_by_sample_id(lay):
    root = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg")
    dataset = open_dataset(root)
    assert np.array_equal(dataset.read("train/PNEUMONIA/b.jpeg"), read_grey(root / "train/PNEUMONIA/b.jpeg"))
    assert np.array_equal(dataset.read("train/NORMAL/a.jpeg", 20, "pad"), read_grey(root / "train/NORMAL/a.jpeg", 20, "pad"))
    with pytest.raises(InputError, match=r"'train/NORMAL/b.jpeg' is not in 'set'; choose a sample"):
        dataset.read("train/NORMAL/b.jpeg")


def test_a_file_that_broke_since(lay):
    root = lay("train/NORMAL/a.jpeg", "train/PNEUMONIA/b.jpeg")
    dataset = open_dataset(root)
    (root / "train/NORMAL/a.jpeg").unlink()
    with pytest.raises(ImageError, match=r"no file 'a.jpeg'"):
        dataset.read("train/NORMAL/a.jpeg")


def test_the_source_is_the_argument_then_the_environment_then_the_index(lay, monkeypatch, tmp_path):
    one, other = lay("train/NORMAL/a.jpeg", root=tmp_path / "one"), lay("train/NORMAL/a.jpeg", root=tmp_path / "other")
    assert open_dataset().root is None
    monkeypatch.setenv("PNEUMOLENS_DATA", str(one))
    assert open_dataset().root == one and open_dataset(other).root == other
    monkeypatch.setenv("PNEUMOLENS_DATA", "")
    assert open_dataset().root is None


def test_a_home_folder_is_expanded(lay, monkeypatch, tmp_path):
    lay("train/NORMAL/a.jpeg", root=tmp_path / "xrays")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_dataset("~/xrays").root == tmp_path / "xrays"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing", "no data set at"),
        ("a.txt", "holds no row below its column names"),
        ("x" * 400, "no data set"),
        ("a\0b", "null character"),
    ],
)
def test_what_is_no_data_set(tmp_path, name, expected):
    (tmp_path / "a.txt").write_text("a,b")
    with pytest.raises(InputError, match=expected):
        open_dataset(tmp_path / name)


def test_unknown_home():
    with pytest.raises(InputError, match="no data set at '~no-such-person/x'"):
        open_dataset("~no-such-person/x")
