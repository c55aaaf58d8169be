"""Overlays for files: what is cut stays clear, contours run where the map crosses a level."""

import numpy as np

from core.saliency import overlay
from dashboard.components.inspect.maps.overlay_image import contours, paint
from dashboard.components.inspect.maps.viewer import Look

GREY = np.full((40, 80), 100, np.uint8)
RAMP = np.tile(np.linspace(0, 1, 80, dtype=np.float32), (40, 1))


def test_without_cut_or_contours_it_is_the_plain_overlay():
    assert paint(GREY, RAMP, Look(0.4, "cividis")).tolist() == overlay(GREY, RAMP, 0.4, "cividis").tolist()


def test_what_is_weaker_than_the_cut_shows_the_picture():
    painted = paint(GREY, RAMP, Look(1.0, cut=0.5))
    assert (painted[RAMP < 0.5] == 100).all()
    assert painted[RAMP >= 0.5].tolist() == overlay(GREY, RAMP, 1.0)[RAMP >= 0.5].tolist()


def test_a_factor_makes_a_faint_map_faint():
    assert paint(GREY, RAMP, Look(1.0), 0.25).tolist() == overlay(GREY, RAMP / 4, 1.0).tolist()


def test_contours_run_at_a_quarter_a_half_and_three_quarters():
    columns = np.flatnonzero(contours(RAMP)[0])
    assert columns.tolist() == [20, 40, 60]  # the first pixels at or above 0.25, 0.5 and 0.75 of a ramp of 79 steps
    assert (paint(GREY, RAMP, Look(contours=True))[:, columns] == 255).all()


def test_contours_of_a_large_picture_are_wider():
    heat = np.tile(np.linspace(0, 1, 2560, dtype=np.float32), (4, 1))
    assert contours(heat)[2].sum() > 3 * 4
