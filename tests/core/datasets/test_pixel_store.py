"""The pixel store equals reading one by one, appears whole or not at all, and is decoded once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PIL import Image

from core import parallel
from core.datasets import open_dataset
from core.datasets import pixel_store as pixels
from core.datasets.pixel_store import RowFile, pixel_store, row_file
from core.errors import InputError
from core.files import cache_dir


@pytest.fixture(autouse=True)
def fresh_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def dataset(lay):
    root = lay(*(f"train/{name}/{i}.jpeg" for name in ("NORMAL", "PNEUMONIA") for i in range(4)))
    Image.fromarray(np.full((40, 80), 200, np.uint8)).save(root / "train/NORMAL/wide.png")
    return open_dataset(root)


@pytest.mark.parametrize("resize", ["squash", "pad"])
def test_it_equals_reading_one_by_one(dataset, resize):
    store = pixel_store(dataset, 24, resize)
    assert isinstance(store, np.memmap) and store.shape == (9, 24, 24) and store.dtype == np.uint8 and not store.flags.writeable
    for row, sample_id in zip(store, dataset.samples["sample_id"], strict=True):
        assert np.array_equal(row, dataset.read(sample_id, 24, resize))


def test_the_two_rules_and_sizes_have_stores_of_their_own(dataset):
    wide = dataset.samples["sample_id"].tolist().index("train/NORMAL/wide.png")
    assert pixel_store(dataset, 24, "squash")[wide].min() == 200
    assert pixel_store(dataset, 24, "pad")[wide, :5].max() == 0
    assert pixel_store(dataset, 32, "pad").shape == (9, 32, 32)
    assert len(list(cache_dir("pixels").iterdir())) == 3


def test_it_is_decoded_once(dataset, monkeypatch):
    first = np.array(pixel_store(dataset, 24))
    monkeypatch.setattr(pixels, "parallel_map", lambda *args: pytest.fail("decoded again"))
    assert np.array_equal(pixel_store(dataset, 24), first)


def test_changed_content_is_another_store(dataset, lay):
    before = np.array(pixel_store(dataset, 24))
    Image.new("L", (32, 32), 99).save(dataset.root / "train/NORMAL/0.jpeg")
    after = pixel_store(open_dataset(dataset.root), 24)
    changed = [i for i in range(9) if not np.array_equal(before[i], after[i])]
    assert changed == [0] and after[0].mean() == pytest.approx(99, abs=1)


def test_a_crash_in_the_middle_leaves_nothing(dataset):
    (dataset.root / "train/PNEUMONIA/2.jpeg").unlink()
    with pytest.raises(InputError, match=r"no file '2.jpeg'"):
        pixel_store(dataset, 24)
    assert list(cache_dir("pixels").iterdir()) == []

    def interrupt(done, total):
        raise KeyboardInterrupt

    (dataset.root / "train/PNEUMONIA/2.jpeg").write_bytes((dataset.root / "train/PNEUMONIA/1.jpeg").read_bytes())
    with pytest.raises(KeyboardInterrupt):
        pixel_store(dataset, 24, progress=interrupt)
    assert list(cache_dir("pixels").iterdir()) == []
    assert pixel_store(dataset, 24).shape == (9, 24, 24)


def test_progress_reaches_the_end(dataset):
    seen = []
    pixel_store(dataset, 24, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (9, 9)


def test_processes_fill_the_same_store(lay, monkeypatch):
    root = lay(*(f"train/{name}/{i}.jpeg" for name in ("NORMAL", "PNEUMONIA") for i in range(140)), side=16)
    monkeypatch.setattr(parallel, "cpu_count", lambda: 2)
    dataset = open_dataset(root)
    store = pixel_store(dataset, 16)
    expected = [dataset.read(sample_id, 16) for sample_id in dataset.samples["sample_id"]]
    assert np.array_equal(store, expected)


def test_a_medmnist_file_has_a_store_too(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (6, 28, 28), dtype=np.uint8)
    labels = np.array([[0], [1]] * 3, np.uint8)
    np.savez(
        tmp_path / "a.npz",
        **{f"{split}_{kind}": value for split in ("train", "val", "test") for kind, value in (("images", images), ("labels", labels))},
    )
    dataset = open_dataset(tmp_path / "a.npz")
    store = pixel_store(dataset, 28)
    row = dataset.samples["sample_id"].tolist().index("val/PNEUMONIA/00003")
    assert np.array_equal(store[row], images[3])


def test_the_index_has_no_pixels():
    with pytest.raises(InputError, match="holds names and facts but no pixels"):
        pixel_store(open_dataset(), 24)


def test_a_dataset_is_named_by_its_content(dataset):
    assert dataclasses.replace(dataset, title="other").fingerprint == dataset.fingerprint


@pytest.mark.parametrize("dtype", [np.uint8, np.float16])
def test_rows_are_read_as_they_are_mapped(tmp_path, dtype):
    values = np.random.default_rng(0).integers(0, 256, (6, 4, 5)).astype(dtype)
    np.save(tmp_path / "rows.npy", values)
    rows = RowFile(tmp_path / "rows.npy")
    assert (len(rows), rows.shape, rows.dtype) == (6, (6, 4, 5), dtype)
    np.testing.assert_array_equal(rows[3], values[3])
    np.testing.assert_array_equal(rows[np.array([5, 0, 5])], values[[5, 0, 5]])
    assert rows[np.array([], int)].shape == (0, 4, 5)


def test_a_store_is_read_instead_of_mapped(dataset):
    store = pixel_store(dataset, 32)
    rows = row_file(store)
    assert isinstance(rows, RowFile)
    np.testing.assert_array_equal(rows[np.arange(len(store))], store)
    assert row_file(values := np.zeros((2, 3))) is values


def test_a_file_cut_short_is_named(tmp_path):
    np.save(tmp_path / "rows.npy", np.zeros((4, 1000), np.uint8))
    rows = RowFile(tmp_path / "rows.npy")
    with (tmp_path / "rows.npy").open("r+b") as file:
        file.truncate(2000)
    with pytest.raises(InputError, match=r"rows\.npy of the cache is cut short"):
        rows[3]
