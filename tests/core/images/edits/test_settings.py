"""Settings of a film, changed step by step."""

import numpy as np
import pytest

from core.images.edits.settings import CHANGES

FILM = np.add.outer(np.arange(40), np.arange(40)).astype(np.uint8) + 60  # 60 to 138, mean 99


@pytest.mark.parametrize("key", CHANGES)
def test_every_change_leaves_the_film_alone_at_one_of_its_steps(key):
    change = CHANGES[key]
    films = change.all_of(FILM)
    assert films.shape == (len(change.values), 40, 40) and films.dtype == np.uint8
    assert np.array_equal(films[change.values.index(change.none)], FILM)
    assert all(not np.array_equal(film, FILM) for value, film in zip(change.values, films, strict=True) if value != change.none)
    assert list(change.values) == sorted(change.values)


def test_what_each_change_does():
    assert CHANGES["brightness"].apply(np.array([[100]]), 40) == 140
    assert CHANGES["brightness"].apply(np.array([[250]]), 40) == 255
    assert CHANGES["contrast"].apply(FILM, -60).tolist()[0][0] == round(99 - 0.4 * 39)
    cropped = CHANGES["crop"].apply(FILM, 20)  # rows and columns 8 to 32 are left
    assert cropped[0, 0] == pytest.approx(FILM[8, 8], abs=1) and cropped[-1, -1] == pytest.approx(FILM[31, 31], abs=1)
    dot = np.zeros((40, 40), np.uint8)
    dot[20, 35] = 200  # to the right of the middle: it moves up when the film turns to the left
    turned = CHANGES["rotation"].apply(dot, 15)
    assert np.argwhere(turned == turned.max())[0] == pytest.approx([20 - 15 * 0.259, 20 + 15 * 0.966], abs=1)
