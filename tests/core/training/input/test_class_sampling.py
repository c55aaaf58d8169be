"""How often an epoch shows each image."""

from __future__ import annotations

import numpy as np
import pytest

from core.training.input.class_sampling import draw

Y = np.array([0] * 3 + [1] * 10 + [2] * 5)


@pytest.mark.parametrize(("sampling", "sizes"), [("natural", [3, 10, 5]), ("oversample", [10, 10, 10]), ("undersample", [3, 3, 3])])
def test_classes_get_their_share(sampling, sizes):
    assert np.bincount(Y[draw(Y, sampling, np.random.default_rng(0))]).tolist() == sizes


def test_oversampling_leaves_no_image_out_and_repeats_evenly():
    times = np.bincount(draw(Y, "oversample", np.random.default_rng(1)), minlength=len(Y))
    assert set(times[:3]) <= {3, 4} and set(times[3:13]) == {1} and set(times[13:]) == {2}


def test_undersampling_draws_anew():
    rng = np.random.default_rng(2)
    assert set(draw(Y, "undersample", rng)) != set(draw(Y, "undersample", rng))


def test_an_empty_class_is_left_out():
    assert sorted(Y[draw(np.where(Y == 1, 0, Y), "undersample", np.random.default_rng(0))].tolist()).count(2) == 5
