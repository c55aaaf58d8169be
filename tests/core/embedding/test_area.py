from math import atan2, pi

import numpy as np
import pytest

from core.embedding.area import Area, area_from_text, inside, within
from core.errors import InputError

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4]]
L_SHAPE = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 4], [0, 4]]
BOW_TIE = [[0, 0], [4, 4], [4, 0], [0, 4]]
PENTAGRAM = [[0, -10], [6, 8], [-9.5, -3], [9.5, -3], [-6, 8]]


@pytest.mark.parametrize(
    ("corners", "point", "expected"),
    [
        (SQUARE, (2, 2), True),
        (SQUARE, (5, 2), False),
        (SQUARE, (-1, 2), False),  # the ray crosses both sides
        (SQUARE, (2, 5), False),
        (SQUARE[::-1], (2, 2), True),  # drawn the other way round
        (L_SHAPE, (0.5, 3), True),
        (L_SHAPE, (3, 3), False),  # in the notch
        (L_SHAPE, (3, 0.5), True),
        (L_SHAPE, (-1, 1), False),  # the ray runs along an edge
        (BOW_TIE, (1, 2), True),
        (BOW_TIE, (3, 2), True),
        (BOW_TIE, (2, 3.5), False),  # above the crossing
        (PENTAGRAM, (0, 0), False),  # its middle is crossed twice
        (PENTAGRAM, (0, -8), True),
        ([[0, 0], [4, 4], [0, 0]], (1, 2), False),  # no area at all
    ],
)
def test_points_in_polygons_worked_by_hand(corners, point, expected):
    assert inside(np.array(corners), np.array([point])).tolist() == [expected]


def test_it_agrees_with_the_winding_angle_on_stars():
    """The sum of the angles under which a point sees the edges is a whole turn inside, nothing outside (Hormann and Agathos 2001)."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-1, 1, (300, 2))
    for n in (3, 7, 24):
        turns = np.sort(rng.uniform(0, 2 * pi, n))
        corners = rng.uniform(0.3, 1, n)[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        seen = []
        for x, y in points:
            angles = [atan2(b - y, a - x) for a, b in corners]
            steps = [(after - before + pi) % (2 * pi) - pi for before, after in zip(angles, [*angles[1:], angles[0]], strict=True)]
            seen.append(abs(sum(steps)) > pi)
        assert inside(corners, points).tolist() == seen and 0 < sum(seen) < len(seen)


def test_an_area_goes_into_a_link_and_comes_back():
    area = Area("0a1b2c", np.array([[0, 0], [1000, 20], [500, 999]]))
    assert area.text == "0a1b2c_0.0_1000.20_500.999"
    assert area_from_text(area.text).corners.tolist() == area.corners.tolist()
    assert area_from_text("0a1b2c_9999.0_1.2_3.4").corners[0].tolist() == [1000, 0]  # beside the map: its edge


@pytest.mark.parametrize(
    "text", ["", "0a1b2c", "0a1b2c_1.2_3.4", "0a1b2c_1.2_3.4_x.5", "zzzzzz_1.2_3.4_5.6", "0a1b2c" + "_1.2" * 65, "0a1b2c_1.2_3.4_-5.6"]
)
def test_what_is_no_area_is_refused(text):
    with pytest.raises(InputError, match="draw it again"):
        area_from_text(text)


def test_images_in_an_area_of_the_map():
    places = np.round(np.array([[0.1, 0.1], [0.5, 0.5], [0.9, 0.2], [0.45, 0.55]]) * 65535).astype(np.uint16)
    half = Area("000000", np.array([[300, 300], [700, 300], [700, 700], [300, 700]]))
    assert within(half, places).tolist() == [False, True, False, True]
    assert not within(half, np.zeros((0, 2), np.uint16)).size
