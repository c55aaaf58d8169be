"""The same film again, whatever its size and encoding; another film is not taken for it."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from core.input_checks.training_copies import Hashes


@pytest.fixture(scope="module")
def sample(dataset):
    sample_id = dataset.samples["sample_id"].iloc[7]
    return sample_id, Image.fromarray(dataset.read(sample_id))


def jpeg(picture, quality=80):
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [lambda p: p, lambda p: p.resize((400, 300)), lambda p: ImageEnhance.Contrast(p).enhance(0.8)],
    ids=["same", "larger", "paler"],
)
def test_a_copy_is_found(dataset, sample, change):
    sample_id, picture = sample
    assert Hashes.of(dataset.samples).find(jpeg(change(picture))) == sample_id


def test_another_film_is_none(dataset, sample):
    sample_id, picture = sample
    others = dataset.samples[dataset.samples["sample_id"] != sample_id]
    assert Hashes.of(others).find(jpeg(picture)) is None


def test_without_hashes_nothing_is_claimed(dataset, sample):
    unknown = dataset.samples.assign(perceptual_hash=None)
    assert Hashes.of(unknown).find(jpeg(sample[1])) is None
    assert Hashes.of(dataset.samples).find(jpeg(Image.fromarray(np.zeros((50, 50), np.uint8)))) is None
