"""A run's letter: a chip in the run's colour in Markdown and HTML, the same in both."""

from dashboard.components.chips import bracketed, colour_of, label_html, letters_as_chips, tag_style, with_chips
from dashboard.components.markdown import plain

COLOURS = {"[A] CNN_1 · seed 0": "#2f86c9", "[B] A <b>": "#d55e00"}


def test_letters_become_chips_in_markdown_and_the_rest_stays():
    sentence = f"**{plain('[B] A <b>')}** finds more than {plain('[A] CNN_1 · seed 0')}."
    chip = ':color[\u00a0{}\u00a0]{{foreground="#0b1014" background="{}"}}\u00a0'
    assert with_chips(sentence, COLOURS) == (
        f"**{chip.format('B', '#d55e00')}A \\<b\\>** finds more than {chip.format('A', '#2f86c9')}CNN\\_1 · seed 0."
    )
    assert with_chips(plain("A model that stands alone"), {"A model that stands alone": "#2f86c9"}) == "A model that stands alone"


def test_a_label_as_html_is_its_chip_and_its_name_as_text():
    html = label_html("[B] A <b>", COLOURS["[B] A <b>"])
    assert "background:#d55e00" in html and html.endswith(">B</b> A &lt;b&gt;")
    assert label_html("alone", "#d55e00") == "alone"


def test_the_maps_of_an_ensembles_members_have_its_colour():
    assert colour_of("[A] CNN_1 · seed 0, member 2 · Grad-CAM", COLOURS) == "#2f86c9"
    assert colour_of("Original", COLOURS) == colour_of("[C] gone", COLOURS) == ""


def test_letters_within_words_stay_and_letters_alone_become_chips():
    assert bracketed("Only A wrong, C right", COLOURS) == "Only [A] wrong, C right"
    assert bracketed("All BACTERIAL", COLOURS) == "All BACTERIAL"
    chip = ':color[\u00a0{}\u00a0]{{foreground="#0b1014" background="{}"}}'
    assert letters_as_chips("B calls pneumonia", COLOURS) == f"{chip.format('B', '#d55e00')}\u00a0calls pneumonia"
    assert letters_as_chips("A", COLOURS) == chip.format("A", "#2f86c9")
    assert letters_as_chips("All pairs", COLOURS) == "All pairs"


def test_chosen_runs_are_chips_with_letters_where_there_are_several():
    style = tag_style("runs", ["one", "two"])
    assert '.st-key-runs [data-tag-index="1"]::before { content: "B"' in style and style.count("background: #") == 2
    assert "content" not in tag_style("runs", ["one"])
    assert "x-y" not in tag_style("runs", ["</style>x-y"]), "an id may hold anything"
