"""Small PneumoniaMNIST files: read as published, refused when they are something else."""

from __future__ import annotations

import io
import os
import zipfile

import numpy as np
import pytest

from core.datasets import open_dataset
from core.datasets.labels import label
from core.datasets.sources.medmnist import read_sample
from core.datasets.splits import carve_validation
from core.errors import InputError


def arrays(side: int = 28, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    content = {}
    for split, n in (("train", 12), ("val", 4), ("test", 6)):
        content[f"{split}_images"] = rng.integers(0, 256, (n, side, side), dtype=np.uint8)
        content[f"{split}_labels"] = np.arange(n, dtype=np.uint8)[:, None] % 2
    return content


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pneumoniamnist.npz"
    np.savez(path, **arrays())
    return path


def test_the_table(file):
    dataset = open_dataset(file)
    samples = dataset.samples
    assert samples.groupby(["split", "class_name"]).size().to_dict() == {
        ("test", "NORMAL"): 3, ("test", "PNEUMONIA"): 3, ("train", "NORMAL"): 6,
        ("train", "PNEUMONIA"): 6, ("val", "NORMAL"): 2, ("val", "PNEUMONIA"): 2,
    }  # fmt: skip
    assert samples["sample_id"].is_unique and samples["sample_id"].is_monotonic_increasing and samples["patient_id"].is_unique
    assert set(samples["width"]) == set(samples["height"]) == {28} and set(samples["mode"]) == {"L"}
    assert samples[["n_bytes", "quantisation_sum", "perceptual_hash"]].isna().all(axis=None)
    first = samples.set_index("sample_id").loc["train/NORMAL/00000"]
    assert first["mean_intensity"] == pytest.approx(arrays()["train_images"][0].mean())
    assert dataset.has_pixels and dataset.root == file and dataset.unreadable.empty and len(dataset.fingerprint) == 16


def test_every_sample_is_its_own_picture(file):
    dataset, content = open_dataset(file), arrays()
    for sample_id in dataset.samples["sample_id"]:
        split, class_name, index = sample_id.split("/")
        assert np.array_equal(dataset.read(sample_id), content[f"{split}_images"][int(index)])
        assert (class_name == "PNEUMONIA") == content[f"{split}_labels"][int(index), 0]
    assert dataset.read(sample_id, 64).shape == (64, 64)


def test_its_own_validation_is_kept_and_three_classes_are_refused(file):
    samples = open_dataset(file).samples
    assert carve_validation(samples).equals(samples["split"].astype("str"))
    assert label(samples)[0] == ("NORMAL", "PNEUMONIA")
    with pytest.raises(InputError, match="11 of 22 file names do not tell bacterial from viral"):
        label(samples, 3)


@pytest.mark.parametrize("side", [64, 224])
def test_larger_versions(tmp_path, side):
    np.savez_compressed(tmp_path / "a.npz", **arrays(side))
    dataset = open_dataset(tmp_path / "a.npz")
    assert dataset.read("val/NORMAL/00000").shape == (side, side)


def test_a_relative_path_and_an_upper_case_suffix(file, monkeypatch):
    file.rename(file.with_suffix(".NPZ"))
    monkeypatch.chdir(file.parent)
    dataset = open_dataset("pneumoniamnist.NPZ")
    monkeypatch.chdir("/")
    assert dataset.read("val/NORMAL/00000").shape == (28, 28)


def test_a_replaced_file_is_read_anew(file):
    before = open_dataset(file)
    np.savez(file, **arrays(seed=1))
    os.utime(file, ns=(5, 5))
    after = open_dataset(file)
    assert before.fingerprint != after.fingerprint
    assert np.array_equal(after.read("val/NORMAL/00000"), arrays(seed=1)["val_images"][0])


def test_progress_counts_the_splits(file):
    seen = []
    open_dataset(file, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def bomb() -> bytes:
    """An archive whose first array claims a terabyte."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (2**20, 1024, 1024)})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in arrays():
            archive.writestr(f"{name}.npy", header.getvalue())
    return buffer.getvalue()


def test_arrays_are_added_up_before_they_are_read(tmp_path):
    (tmp_path / "a.npz").write_bytes(bomb())
    with pytest.raises(InputError, match=r"The arrays of 'a.npz' take more than 320 MB"):
        open_dataset(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut"], ids=["empty", "text", "cut"])
def test_unreadable_files(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"'a.npz' is not a readable .npz file; download it again"):
        open_dataset(tmp_path / "a.npz")


def test_a_cut_file(file):
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(InputError, match="not a readable"):
        open_dataset(file)


class Trap:
    """Unpickling this would run code."""

    def __reduce__(self):
        return os.mkdir, ("pickled-objects-were-run",)


def test_pickled_objects_are_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez(tmp_path / "a.npz", **arrays() | {"train_labels": np.array([Trap()], dtype=object)}, allow_pickle=True)
    with pytest.raises(InputError, match="not a readable"):
        open_dataset(tmp_path / "a.npz")
    assert not (tmp_path / "pickled-objects-were-run").exists()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"val_labels": None}, "lacks the arrays val_labels; expected a PneumoniaMNIST file"),
        ({"train_images": None, "test_labels": None}, "lacks the arrays train_images, test_labels"),
        ({"train_images": np.zeros((12, 28, 28, 3), np.uint8)}, "train arrays .* not grey uint8 images"),
        ({"train_images": np.zeros((12, 28, 28), np.float32)}, "not grey uint8"),
        ({"train_images": np.zeros((11, 28, 28), np.uint8)}, "not grey uint8"),
        ({"test_labels": np.full((6, 1), 2, np.uint8)}, "test arrays .* labels 0 and 1"),
        ({"test_labels": np.zeros((6, 14), np.uint8)}, "test arrays"),  # ChestMNIST: fourteen findings an image
        ({"test_labels": np.array([["a"]] * 6)}, "test arrays"),
    ],
)
def test_other_arrays_are_refused(tmp_path, change, expected):
    content = {name: value for name, value in (arrays() | change).items() if value is not None}
    np.savez(tmp_path / "a.npz", **content)
    with pytest.raises(InputError, match=expected):
        open_dataset(tmp_path / "a.npz")


def test_reading_from_a_file_that_is_gone(file):
    path = open_dataset(file).samples["path"].iloc[0]
    file.unlink()
    with pytest.raises(InputError, match=r"no file 'pneumoniamnist.npz'"):
        read_sample(path)
