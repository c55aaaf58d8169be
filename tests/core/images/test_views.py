"""Looks at a picture and maps laid back where they belong."""

import numpy as np
import pytest

from core.config import Recipe
from core.images.views import TITLES, VIEWS, WHOLE, Look, Through

PICTURES = np.random.default_rng(0).integers(0, 256, (3, 40, 40), dtype=np.uint8)


def test_every_view_has_a_title_and_is_a_setting():
    assert set(VIEWS) == set(TITLES) == set(Recipe.model_fields["view"].annotation.__args__)


def test_views_are_what_the_literature_calls_them():
    assert [len(VIEWS[name]) for name in ("whole", "mirror", "centre", "ten_crops")] == [1, 2, 2, 10]
    assert {look.mirrored for look in VIEWS["ten_crops"]} == {False, True}
    assert len({(look.top, look.left) for look in VIEWS["ten_crops"]}) == 5


def test_whole_frame_is_the_picture_itself_and_its_mirror_image_is_mirrored():
    assert WHOLE.at(PICTURES) is PICTURES
    assert (Look(mirrored=True).at(PICTURES) == PICTURES[:, :, ::-1]).all()


def test_a_crop_is_the_part_enlarged():
    flat = np.zeros((1, 40, 40), dtype=np.uint8)
    flat[:, :20, :20] = 200
    (corner,), (other,) = Look(0.0, 0.0, 0.5).at(flat), Look(0.5, 0.5, 0.5).at(flat)
    assert (corner[:38, :38] == 200).all() and (other[2:, 2:] == 0).all()


@pytest.mark.parametrize("look", [look for looks in VIEWS.values() for look in looks])
def test_a_map_of_a_look_lies_back_on_what_it_showed(look):
    """A bright spot of the whole picture is found again where it was, from what the look made of it."""
    spot = np.zeros((1, 80, 80), dtype=np.uint8)
    spot[:, 36:44, 30:38] = 255
    back = look.back(look.at(spot).astype(np.float32), fill=0.0)
    assert back.shape == spot.shape and back.dtype == np.float32
    row, column = np.unravel_index(back[0].argmax(), back[0].shape)
    assert 36 <= row < 44 and 30 <= column < 38
    assert np.corrcoef(back.ravel(), spot.ravel())[0, 1] > 0.9


def test_what_lay_outside_a_look_is_not_known():
    back = Look(0.5, 0.5, 0.5).back(np.ones((1, 10, 10)))
    assert np.isnan(back[0, :5]).all() and (back[0, 5:, 5:] == 1).all()


def test_rows_are_seen_when_they_are_asked_for():
    seen = Through(PICTURES, Look(mirrored=True))
    assert seen.shape == PICTURES.shape and len(seen) == 3 and (seen[np.array([2])] == PICTURES[2:, :, ::-1]).all()
