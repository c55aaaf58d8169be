"""The blend, by hand, and the colour tables against plotly's."""

import numpy as np
import plotly.colors
import pytest

from core.errors import InputError
from core.saliency import COLOUR_MAPS, overlay
from core.saliency.overlay import colour_table

GREY = np.array([[0, 100], [200, 255]], np.uint8)
HEAT = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)


def test_blend_by_hand():
    """Inferno runs from (0, 0, 4) to (252, 255, 164)."""
    blend = overlay(GREY, HEAT, opacity=0.25)
    assert blend.dtype == np.uint8
    np.testing.assert_array_equal(blend[0], [[0, 0, 1], [138, 139, 116]])
    np.testing.assert_array_equal(blend[1], [[213, 214, 191], [191, 191, 192]])


def test_opacity_of_zero_shows_the_radiograph_and_of_one_the_heatmap():
    np.testing.assert_array_equal(overlay(GREY, HEAT, opacity=0), np.repeat(GREY[..., None], 3, axis=-1))
    np.testing.assert_array_equal(overlay(GREY, HEAT, opacity=1)[0, 1], [252, 255, 164])


def test_overlay_has_the_images_own_size():
    grey = np.zeros((75, 120), np.uint8)
    heat = np.zeros((7, 7), np.float32)
    heat[6, 0] = 1
    blend = overlay(grey, heat)
    assert blend.shape == (75, 120, 3)
    row, column = np.unravel_index(blend.sum(-1).argmax(), grey.shape)
    assert row > 60
    assert column < 18


def test_inputs_are_not_written_to():
    grey, heat = GREY.copy(), HEAT.copy()
    overlay(grey, heat)
    np.testing.assert_array_equal(grey, GREY)
    np.testing.assert_array_equal(heat, HEAT)


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_colours_are_those_of_the_published_map_and_grow_lighter(name):
    table = colour_table(name)
    published = [plotly.colors.hex_to_rgb(colour) for colour in getattr(plotly.colors.sequential, name.capitalize())]
    np.testing.assert_array_equal(table[[0, 85, 170, 255]], [published[i] for i in (0, 3, 6, 9)])
    lightness = table @ [0.2126, 0.7152, 0.0722]
    assert np.all(np.diff(lightness) > -0.5)
    assert table.shape == (256, 3)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"opacity": 1.2}, r"opacity must lie in \[0, 1\], received 1.2"),
        ({"colour_map": "jet"}, "unknown colour map 'jet': choose one of inferno, viridis, cividis"),
    ],
)
def test_bad_requests_are_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        overlay(GREY, HEAT, **arguments)


def test_colour_images_are_refused():
    with pytest.raises(InputError, match=r"received uint8 of shape \(2, 2, 3\)"):
        overlay(np.zeros((2, 2, 3), np.uint8), HEAT)
