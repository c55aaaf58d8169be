"""Mean pictures and histograms against arithmetic on the same files."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets import open_dataset
from core.datasets.mean_images import decode_small


@pytest.fixture(scope="module")
def decoded(phantoms):
    dataset = open_dataset(phantoms)
    return dataset, decode_small(dataset, side=32)


def test_the_mean_and_the_histogram_of_some_images(decoded):
    dataset, pixels = decoded
    positions = np.array([5, 0, 17])
    images = np.stack([dataset.read(dataset.samples["sample_id"][i], 32) for i in positions])
    seen = pixels.appearance(positions)
    assert seen.mean == pytest.approx(images.mean(axis=0)) and seen.n_samples == 3
    assert seen.histogram.tolist() == np.histogram(images, bins=np.arange(257))[0].tolist()


def test_no_image_has_no_appearance(decoded):
    assert decoded[1].appearance(np.array([], dtype=int)) is None


def test_a_part_of_a_large_set_is_the_same_part_each_time(decoded):
    dataset, whole = decoded
    part = decode_small(dataset, most=20, side=32)
    assert len(part.images) == 20 and (np.diff(part.positions) > 0).all()
    assert np.array_equal(part.images, whole.images[part.positions])
    assert part.appearance(np.arange(60)).n_samples == 20
    assert np.array_equal(part.positions, decode_small(dataset, most=20, side=32).positions)
