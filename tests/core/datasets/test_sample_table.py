"""The cached sample table: measured once, refreshed file by file, never trusted when broken."""

from __future__ import annotations

import hashlib
import os

import imagehash
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from core import parallel
from core.datasets import open_dataset
from core.datasets import sample_table as table
from core.files import cache_dir
from core.images import measuring, read_grey

NAMES = tuple(f"{split}/{name}/{i}.jpeg" for split in ("train", "test") for name in ("NORMAL", "PNEUMONIA") for i in range(3))


@pytest.fixture(autouse=True)
def fresh_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def measured(monkeypatch) -> list[str]:
    """The paths that were measured."""
    seen, real = [], table.measure
    monkeypatch.setattr(table, "measure", lambda path: seen.append(path) or real(path))
    return seen


def test_facts_of_one_file(lay):
    path = lay("train/NORMAL/a.jpeg", side=64) / "train/NORMAL/a.jpeg"
    facts = table.measure(str(path))
    grey = read_grey(path, measuring.STATISTICS_SIZE)
    with Image.open(path) as picture:
        assert (facts["width"], facts["height"], facts["mode"]) == (64, 64, "L")
        assert facts["quantisation_sum"] == sum(picture.quantization[0])
    assert facts["content_hash"] == hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    assert facts["mean_intensity"] == pytest.approx(grey.mean()) and facts["std_intensity"] == pytest.approx(grey.std())
    assert len(facts["perceptual_hash"]) * 4 == measuring.HASH_SIDE**2
    own = imagehash.hex_to_hash(facts["perceptual_hash"])
    assert own - imagehash.dhash(Image.fromarray(grey), measuring.HASH_SIDE) < 40  # of 256: the library's, up to its filter


def test_a_flat_picture_has_no_deviation(tmp_path):
    Image.new("L", (300, 300), 201).save(tmp_path / "a.png")
    facts = table.measure(str(tmp_path / "a.png"))
    assert facts["mean_intensity"] == 201 and facts["std_intensity"] == 0


def test_what_was_measured_before_an_interruption_is_kept(lay, measured):
    root = lay(*NAMES)
    real, table.measure = table.measure, lambda path: real(path) if len(measured) < 5 else stop()

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_dataset(root)
    table.measure = real
    first = set(measured)
    assert 0 < len(first) < len(NAMES)
    measured.clear()
    samples = open_dataset(root).samples
    assert set(measured) == set(samples["path"]) - first
    assert len(samples) == len(NAMES) and samples["content_hash"].notna().all()


def test_the_second_opening_measures_nothing(lay, measured):
    root = lay(*NAMES)
    first = open_dataset(root).samples
    assert len(measured) == len(NAMES)
    second = open_dataset(root).samples
    assert len(measured) == len(NAMES)
    pd.testing.assert_frame_equal(first, second)
    assert second.dtypes.equals(first.dtypes)


def test_only_what_changed_is_measured(lay, measured):
    root = lay(*NAMES)
    before = open_dataset(root).samples.set_index("sample_id")
    measured.clear()
    Image.new("L", (48, 40), 77).save(root / NAMES[4])
    after = open_dataset(root).samples.set_index("sample_id")
    assert measured == [str(root / NAMES[4])]
    assert after.loc[NAMES[4], "width"] == 48 and after.loc[NAMES[4], "mean_intensity"] == pytest.approx(77, abs=1)
    others = [name for name in NAMES if name != NAMES[4]]
    pd.testing.assert_frame_equal(before.loc[others], after.loc[others])


def test_a_file_of_the_same_size_but_another_time_is_measured_again(lay, measured):
    root = lay(*NAMES)
    open_dataset(root)
    measured.clear()
    os.utime(root / NAMES[0], ns=(1, 1))
    open_dataset(root)
    assert measured == [str(root / NAMES[0])]


def test_deleted_files_vanish_and_new_ones_appear(lay, measured):
    root = lay(*NAMES)
    whole = open_dataset(root)
    (root / NAMES[0]).unlink()
    smaller = open_dataset(root)
    assert smaller.samples["sample_id"].tolist() == sorted(NAMES[1:]) and smaller.fingerprint != whole.fingerprint
    measured.clear()
    lay("train/NORMAL/new.jpeg")
    assert "train/NORMAL/new.jpeg" in open_dataset(root).samples["sample_id"].tolist()
    assert measured == [str(root / "train/NORMAL/new.jpeg")]


def test_a_bad_file_is_tried_again(lay, monkeypatch):
    """Permissions mend without a new modification time."""
    root = lay(*NAMES)
    real = table.read_content

    def read(path):
        if path.endswith(NAMES[0]):
            raise table.ImageError("The file cannot be read (Permission denied); check its permissions.")
        return real(path)

    monkeypatch.setattr(table, "read_content", read)
    assert len(open_dataset(root).unreadable) == 1
    monkeypatch.setattr(table, "read_content", real)
    assert open_dataset(root).unreadable.empty and len(open_dataset(root).samples) == len(NAMES)


@pytest.mark.parametrize("damage", ["text", "empty", "cut", "flipped", "other columns", "other types"])
def test_a_broken_cache_is_measured_again(lay, measured, damage):
    root = lay(*NAMES)
    first = open_dataset(root).samples
    (cache,) = cache_dir("tables").glob("*.parquet")
    content = cache.read_bytes()
    if damage == "other columns":
        pd.DataFrame({"path": ["a"]}).to_parquet(cache)
    elif damage == "other types":
        pd.read_parquet(cache).assign(width="wide").to_parquet(cache)
    else:
        flipped = bytes(255 - byte for byte in content)
        cache.write_bytes({"text": b"hello", "empty": b"", "cut": content[:-50], "flipped": flipped}[damage])
    measured.clear()
    pd.testing.assert_frame_equal(open_dataset(root).samples, first)
    assert len(measured) == len(NAMES)


def test_any_damaged_byte_of_the_cache_is_survived(lay):
    root = lay(*NAMES)
    first = open_dataset(root).samples
    (cache,) = cache_dir("tables").glob("*.parquet")
    content = cache.read_bytes()
    rng = np.random.default_rng(0)
    for position in rng.integers(4, len(content), 12):
        cache.write_bytes(content[:position] + bytes([content[position] ^ 0xFF]) + content[position + 1 :])
        assert open_dataset(root).samples["sample_id"].equals(first["sample_id"])


def test_the_fingerprint_names_content_not_place(lay, tmp_path):
    one, two = open_dataset(lay(*NAMES)), open_dataset(lay(*NAMES, root=tmp_path / "elsewhere"))
    assert one.fingerprint == two.fingerprint and len(one.fingerprint) == 16
    shuffled = one.samples.sample(frac=1, random_state=0)
    assert table.fingerprint(shuffled) == one.fingerprint
    assert table.fingerprint(one.samples.assign(content_hash="x")) != one.fingerprint
    assert table.fingerprint(one.samples.assign(sample_id=one.samples["sample_id"] + "x")) != one.fingerprint


def test_many_files_are_measured_by_processes_and_equal_those_measured_here(lay, monkeypatch):
    root = lay(*(f"train/{name}/{i}.jpeg" for name in ("NORMAL", "PNEUMONIA") for i in range(150)), side=16)
    (root / "train/NORMAL/bad.jpeg").write_text("hello")
    monkeypatch.setattr(parallel, "cpu_count", lambda: 2)
    seen = []
    dataset = open_dataset(root, lambda done, total: seen.append((done, total)))
    assert len(dataset.samples) == 300 and len(dataset.unreadable) == 1 and seen[-1] == (301, 301)
    row = dataset.samples.iloc[123]
    here = table.measure(row["path"])
    assert all(row[name] == pytest.approx(value) if isinstance(value, float) else row[name] == value for name, value in here.items())
