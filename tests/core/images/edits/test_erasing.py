"""Boxes on a film, what fills them, and the letters that are found in its corners."""

import numpy as np
import pytest

from core.errors import InputError
from core.images.borders import letter_edges, rim_facts
from core.images.edits.boxes import MOST_BOXES, Box, as_boxes, at_peak
from core.images.edits.erasing import FILLS, erase, letters

RAMP = np.tile(np.arange(0, 200, 2, dtype=np.uint8), (80, 1))  # 80 rows, 100 columns


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((0.1, 0.2, 0.3, 0.4), (0.1, 0.2, 0.3, 0.4)),
        ((-0.1, 0.9, 0.3, 0.4), (0.0, 0.9, 0.2, 0.1)),  # cut at the film's edges
        ((0.5, 0.5, -0.1, 0.1), None),
        ((1.0, 0.0, 0.2, 0.2), None),  # beside the film
        ((0.1, 0.1, 0.0001, 0.1), None),
        ((float("nan"), 0.1, 0.1, 0.1), None),
        ((0.1, 0.1, float("inf"), 0.1), None),
    ],
)
def test_a_box_lies_on_the_film_or_is_refused(given, kept):
    if kept is None:
        with pytest.raises(InputError):
            Box(*given)
        return
    box = Box(*given)
    assert (box.left, box.top, box.width, box.height) == pytest.approx(kept)


def test_a_box_survives_the_link_and_other_text_is_refused():
    box = Box(0.123, 0.2, 0.3, 0.15)
    assert str(box) == "123-200-300-150" and Box.parse(str(box)) == box
    for text in ("", "1-2-3", "a-b-c-d", "1-2-3-4-5", "0-0-1e9-1", "900-900-" + "9" * 5000 + "-1", "0-0-1-" + "9" * 400):
        with pytest.raises(InputError):
            Box.parse(text)


def test_as_many_boxes_as_can_be_told_apart_each_once():
    texts = [f"{10 * n}-0-5-5" for n in range(50)]
    assert len(as_boxes(texts[:MOST_BOXES])[0]) == MOST_BOXES
    assert as_boxes([texts[0], texts[0]]) == ((Box(0, 0, 0.005, 0.005),), "")
    kept, fault = as_boxes(["900-0-200-0", *texts])
    assert kept == tuple(map(Box.parse, texts[:MOST_BOXES]))
    assert fault.startswith("1 of the link's boxes cannot be used and is left out.") and "The link has 50 boxes" in fault


@pytest.mark.parametrize("fill", FILLS)
def test_only_the_box_changes(fill):
    noise = np.random.default_rng(0).integers(0, 256, (80, 100), dtype=np.uint8)
    erased = erase(noise, [Box(0.2, 0.25, 0.3, 0.5)], fill)
    inside = np.zeros(noise.shape, bool)
    inside[20:60, 20:50] = True
    assert np.array_equal(erased[~inside], noise[~inside])
    assert erased[inside].std() < noise[inside].std() / 2, "the detail is gone"
    assert erased.dtype == np.uint8 and noise.flags.writeable


def test_the_smooth_fill_continues_a_ramp_and_the_mean_is_that_of_the_rim():
    box = [Box(0.3, 0.25, 0.4, 0.5)]
    assert np.array_equal(erase(RAMP, box, "smooth"), RAMP), "a ramp is harmonic: nothing can be told from its rim"
    spot = RAMP.copy()
    spot[30:50, 40:60] = 255
    assert np.array_equal(erase(spot, box, "smooth"), RAMP), "what lay inside leaves no trace"
    assert set(erase(spot, box, "mean")[20:60, 30:70].ravel()) == {99}  # the ramp's mean from column 26 to 73 but for the box


def test_the_smooth_fill_at_an_edge_and_over_boxes_that_overlap():
    flat = np.full((300, 500), 77, np.uint8)  # larger than the copy that is solved
    flat[100:200, 0:100] = 200
    assert np.ptp(erase(flat, [Box(0, 0.3, 0.1, 0.4), Box(0.05, 0.3, 0.2, 0.4)], "smooth")) <= 1


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (5, 64)])
@pytest.mark.parametrize("fill", FILLS)
def test_a_tiny_film(shape, fill):
    film = np.full(shape, 9, np.uint8)
    if min(shape) == 1:
        with pytest.raises(InputError, match="whole film"):
            erase(film, [Box(0.4, 0.4, 0.1, 0.1)], fill)
    else:
        assert (erase(film, [Box(0.4, 0.4, 0.01, 0.01)], fill) == 9).all()
    with pytest.raises(InputError, match="whole film"):
        erase(film, [Box(0, 0, 2, 2)], fill)


def test_a_padded_input_has_the_box_where_the_film_is():
    box = Box(0.5, 0.5, 0.2, 0.2)
    assert box.on_input("squash", 100, 200) == box
    assert box.on_input("pad", 100, 200) == Box(0.5, 0.5, 0.2, 0.1)
    assert box.on_input("pad", 200, 100) == Box(0.5, 0.5, 0.1, 0.2)


def test_a_box_about_the_peak_of_a_map():
    heat = np.zeros((10, 20))
    heat[2, 15] = 1
    box = at_peak(heat)
    assert (box.left + box.width / 2, box.top + box.height / 2) == pytest.approx((15.5 / 20, 0.25))
    assert at_peak(np.ones((4, 4))) == Box(0.4, 0.4, 0.2, 0.2)


def test_letters_are_found_where_the_audit_counts_them_and_erased():
    film = np.tile(np.linspace(40, 90, 448).astype(np.uint8), (448, 1))
    assert letters(film) == ()
    film[20:60, 20:26], film[54:60, 20:50] = 255, 255  # an L in the left upper corner
    film[220:230, 220:230] = 255  # bright, but in the middle
    (box,) = letters(film)
    rows, columns = box.slices(448, 448)
    assert rows.start < 20 and rows.stop > 60 and columns.start < 20 and columns.stop > 50
    assert rows.stop < 90 and columns.stop < 80
    assert rim_facts(film)["letters"] > 0
    assert rim_facts(erase(film, [box], "smooth"))["letters"] == 0
    assert 1000 * letter_edges(film).sum() / (4 * 112 * 111) == pytest.approx(rim_facts(film)["letters"])
