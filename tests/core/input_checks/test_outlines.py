"""Directions of edges: right where one knows them by hand, blind to brightness and contrast, and far for another anatomy."""

from dataclasses import replace

import numpy as np
import pytest

from core.input_checks import open_reference, save_reference
from core.input_checks.feature_distance import features
from core.input_checks.outlines import BINS, CELLS, CLIPPED, Outlines, outlines


def test_upright_stripes_vote_for_the_direction_across_them():
    stripes = np.broadcast_to((127 + 100 * np.sin(np.arange(128) / 3)).astype(np.uint8), (1, 128, 128))
    found = outlines(stripes).reshape(CELLS, CELLS, BINS)
    assert found[..., 1:].max() == pytest.approx(0, abs=1e-6)  # every gradient points right or left: direction 0
    assert found[1:-1, 1:-1, 0] == pytest.approx(1 / 3, rel=0.15)  # one of nine equal cells: 1 / sqrt(9)


def test_a_uniform_picture_has_none_and_none_passes_the_clip():
    assert not outlines(np.full((1, 64, 64), 90, np.uint8)).any()
    assert outlines(np.random.default_rng(0).integers(0, 255, (2, 64, 64), dtype=np.uint8)).max() <= CLIPPED


def test_brightness_and_contrast_cancel():
    smooth = np.random.default_rng(1).normal(size=(128, 128)).cumsum(0).cumsum(1)
    film = (40 + 120 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)
    one, two = outlines(np.stack([film // 2 * 2, film // 2 + 60]))
    assert np.abs(one - two).max() < 0.03


def test_the_distance_is_that_of_the_gaussian_it_describes():
    """With as many axes as directions but one, it is the Mahalanobis distance of the standardised covariance."""
    rng = np.random.default_rng(2)
    values = (rng.normal(size=(500, 8)) @ rng.normal(size=(8, 8))).astype(np.float64)
    made = Outlines.fit(values)
    standard = (values - values.mean(0)) / values.std(0)
    covariance = standard.T @ standard / 500
    variance, axes = np.linalg.eigh(covariance)
    again = replace(made, axes=axes[:, :0:-1].T, variance=variance[:0:-1], rest=variance[0])
    assert made.rest == pytest.approx(variance[0])
    expected = np.sqrt(np.einsum("ni,ij,nj->n", standard, np.linalg.inv(covariance), standard) / 8)
    assert again.distance(values) == pytest.approx(expected, rel=1e-6)


def test_another_anatomy_is_warned_of_in_one_line(reference, model, dataset, run):
    """The same films mirrored top to bottom within their lower half: as bright and as grainy, but of another shape."""
    ids = dataset.samples.loc[dataset.samples["split"] == "test", "sample_id"][:12]
    films = np.stack([dataset.read(sample_id, run.config.image_size) for sample_id in ids])
    strange = films.copy()
    strange[:, ::-1][:, : films.shape[1] // 2] = films[:, films.shape[1] // 2 :]
    pairs = zip(strange, features(model, strange)[1], strict=True)
    found = [[f for f in reference.check(*pair) if f.kind == "outlines"] for pair in pairs]
    assert np.mean([bool(some) for some in found]) >= 0.9
    sentence = next(some[0].sentence for some in found if some)
    assert "an adult's" in sentence and "another machine" in sentence and "97 %" in sentence and "\n" not in sentence


def test_without_outlines_nothing_is_said_of_them(reference, model, dataset, run):
    earlier = replace(reference, outlines=None, limits={kind: limit for kind, limit in reference.limits.items() if kind != "outlines"})
    save_reference(run, earlier)
    again = open_reference(run)
    assert again.outlines is None
    film = dataset.read(dataset.samples["sample_id"].iloc[0], run.config.image_size)[np.newaxis]
    assert "outlines" not in again.measure(film, features(model, film)[1])


@pytest.mark.parametrize("broken", [{"scale": np.zeros(576)}, {"axes": np.zeros((3, 576))}, {"rest": np.array(np.nan)}])
def test_broken_outlines_are_named(reference, run, broken):
    from core.errors import InputError

    save_reference(run, replace(reference, outlines=replace(reference.outlines, **broken)))
    with pytest.raises(InputError, match=r"broken reference\.npz"):
        open_reference(run)
