"""Planted copies are found and counted; pictures that only look alike to a careless eye are not."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from core.audit.duplicates import exact_duplicates, near_duplicates
from core.datasets import open_dataset


def copies(n: int, **pairs: tuple[int, int]) -> list[str]:
    """Content hashes of n samples in which each named pair is one content."""
    contents = [f"{i:032x}" for i in range(n)]
    for first, second in pairs.values():
        contents[second] = contents[first]
    return contents


@pytest.mark.parametrize(
    ("pairs", "n_groups", "severity", "words"),
    [
        ({}, 0, "ok", "0 images in 0 groups: 0 groups across splits, 0 with two labels"),
        ({"same": (0, 2)}, 1, "low", "2 images in 1 group: 0 groups across splits, 0 with two labels"),
        ({"same": (0, 2), "other": (4, 6)}, 2, "low", "4 images"),
        ({"across": (0, 190)}, 1, "high", "1 group across splits, 0 with two labels"),
        ({"labels": (0, 1)}, 1, "high", "0 groups across splits, 1 with two labels"),
        ({"a": (0, 2), "b": (0, 4)}, 1, "low", "3 images"),
    ],
)
def test_planted_copies(tabled, pairs, n_groups, severity, words):
    finding = exact_duplicates(tabled(content_hash=copies(200, **pairs)))
    assert (finding.value, finding.severity, finding.n_samples) == (n_groups, severity, 200)
    assert words in finding.explanation
    assert len(finding.sample_ids) == len({i for pair in pairs.values() for i in pair})


def test_unknown_content_is_no_copy(tabled):
    found = exact_duplicates(tabled(content_hash=[None] * 200))
    assert (found.severity, found.value, found.title) == ("unknown", None, "Copies not searched")


def flipped(text: str, n_bits: int) -> str:
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8))
    bits[np.random.default_rng(1).choice(256, n_bits, replace=False)] ^= 1
    return np.packbits(bits).tobytes().hex()


@pytest.mark.parametrize(("n_bits", "found"), [(0, 1), (1, 1), (12, 1), (13, 0), (128, 0)])
def test_pairs_up_to_twelve_bits_apart(tabled, n_bits, found):
    dataset = tabled()
    hashes = dataset.samples["perceptual_hash"].tolist()
    hashes[6] = flipped(hashes[2], n_bits)
    finding = near_duplicates(tabled(perceptual_hash=hashes))
    assert finding.value == found
    assert finding.sample_ids == (tuple(dataset.samples["sample_id"].iloc[[2, 6]]) if found else ())


@pytest.mark.parametrize(("second", "severity"), [(6, "low"), (190, "medium"), (7, "medium")])
def test_pairs_across_splits_or_labels_are_worse(tabled, second, severity):
    hashes = tabled().samples["perceptual_hash"].tolist()
    hashes[second] = flipped(hashes[2], 3)
    assert near_duplicates(tabled(perceptual_hash=hashes)).severity == severity


def test_exact_copies_are_not_counted_again(tabled):
    hashes = tabled().samples["perceptual_hash"].tolist()
    hashes[6] = hashes[2]
    assert near_duplicates(tabled(perceptual_hash=hashes, content_hash=copies(200, a=(2, 6)))).value == 0


def test_a_chain_of_near_images_is_one_group(tabled):
    hashes = tabled().samples["perceptual_hash"].tolist()
    for first, second in ((0, 199), (6, 7), (7, 8), (100, 101)):
        hashes[second] = flipped(hashes[first], 10)
    finding = near_duplicates(tabled(perceptual_hash=hashes))
    assert finding.value == 3 and len(finding.images) == 7
    ids = tabled().samples["sample_id"]
    notes = dict(finding.images)
    assert notes[ids[6]] == notes[ids[7]] == notes[ids[8]] != notes[ids[0]]


def test_thousands_of_blank_pictures_are_one_group(tabled):
    finding = near_duplicates(tabled(5000, perceptual_hash=["00" * 32] * 5000))
    assert finding.value == 1 and len(finding.images) == 5000


def test_what_cannot_be_searched(tabled):
    assert near_duplicates(tabled(perceptual_hash=[None] * 200)).severity == "unknown"


def test_real_files(phantoms, tmp_path):
    """Phantoms differ among themselves; a copy and a re-encoded, brightened copy of one are found."""
    root = tmp_path / "set"
    shutil.copytree(phantoms, root)
    clean = open_dataset(root)
    assert exact_duplicates(clean).value == near_duplicates(clean).value == 0
    first, second = (clean.samples[clean.samples["split"] == "train"].iloc[i] for i in (0, 7))
    shutil.copy(first["path"], root / "test" / first["class_name"] / "copy.jpeg")
    with Image.open(second["path"]) as picture:
        picture.point(lambda level: min(255, level + 12)).resize((112, 112)).save(
            root / "train" / second["class_name"] / "again.jpeg", quality=40
        )
    spoiled = open_dataset(root)
    copied, reencoded = exact_duplicates(spoiled), near_duplicates(spoiled)
    assert copied.value == 1 and copied.severity == "high"
    assert set(copied.sample_ids) == {first["sample_id"], f"test/{first['class_name']}/copy.jpeg"}
    assert second["sample_id"] in reencoded.sample_ids and f"train/{second['class_name']}/again.jpeg" in reencoded.sample_ids
    assert reencoded.value == 1
