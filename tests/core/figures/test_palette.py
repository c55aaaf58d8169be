import pytest

from core.figures.palette import (
    CLASS_COLOURS,
    INK,
    NEUTRAL,
    PALE_NEUTRAL,
    RUN_COLOURS,
    class_colour,
    class_colours,
    run_colours,
    translucent,
)

WHITE, DARK = "#ffffff", "#0e1318"


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", sorted({*CLASS_COLOURS.values(), *RUN_COLOURS}))
def test_every_colour_stands_out_on_both_themes(colour):
    assert contrast(colour, WHITE) >= 3
    assert contrast(colour, DARK) >= 3


@pytest.mark.parametrize("colour", [*CLASS_COLOURS.values(), NEUTRAL, PALE_NEUTRAL])
def test_words_on_a_colour_can_be_read(colour):
    assert contrast(INK, colour) >= 4.5


def test_a_run_keeps_its_colour_when_others_are_added_after_it():
    names = [f"run-{i}" for i in range(8)]
    colours = run_colours(names)
    assert len(set(colours.values())) == 8
    for n in range(1, 8):
        assert run_colours(names[:n]) == {name: colours[name] for name in names[:n]}


def test_more_runs_than_colours_repeat():
    assert len(run_colours([str(i) for i in range(20)])) == 20


def test_classes_have_their_own_colours_and_unknown_ones_get_one_of_the_palette():
    assert len(set(CLASS_COLOURS.values())) == len(CLASS_COLOURS)
    assert class_colour("normal") == CLASS_COLOURS["NORMAL"]
    assert class_colour("COVID") in RUN_COLOURS


def test_translucent():
    assert translucent("#ff8000", 0.5) == "rgba(255,128,0,0.5)"


def test_unknown_classes_get_colours_of_their_own():
    names = [f"kind {number}" for number in range(8)]
    assert len(set(class_colours(names).values())) == 8
    assert class_colours(["NORMAL", "tumour"])["NORMAL"] == CLASS_COLOURS["NORMAL"] != class_colours(["NORMAL", "tumour"])["tumour"]
