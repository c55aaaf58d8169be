import pandas as pd

from dashboard.figures.balance import balance_bars, balance_icicle
from dashboard.figures.palette import CLASS_COLOURS, NEUTRAL, class_colours

NODES = pd.DataFrame(
    [
        ("train", "all", "train", 1, "train", 40, 30, False),
        ("test", "all", "test", 1, "test", 10, 9, False),
        ("train/NORMAL", "train", "NORMAL", 2, "NORMAL", 10, 10, False),
        ("train/PNEUMONIA", "train", "PNEUMONIA", 2, "PNEUMONIA", 30, 20, False),
        ("test/NORMAL", "test", "NORMAL", 2, "NORMAL", 10, 9, True),
        ("train/PNEUMONIA/VIRAL", "train/PNEUMONIA", "VIRAL", 3, "VIRAL", 10, 5, False),
        ("train/PNEUMONIA/BACTERIAL", "train/PNEUMONIA", "BACTERIAL", 3, "BACTERIAL", 20, 15, False),
    ],
    columns=["id", "parent", "label", "depth", "kind", "images", "patients", "faded"],
)
BARS = pd.DataFrame(
    [("train", "NORMAL", 25, 20), ("train", "PNEUMONIA", 75, 30), ("test", "NORMAL", 5, 5), ("test", "PNEUMONIA", 5, 0)],
    columns=["split", "label", "images", "patients"],
)


def of_parts(values) -> dict:
    part = balance_icicle(NODES).data[0]
    return dict(zip(part.ids, values(part), strict=True))


def test_the_icicle_nests_its_parts_under_the_whole():
    assert of_parts(lambda part: part.values)["all"] == 50
    parents = of_parts(lambda part: part.parents)
    assert (parents["all"], parents["train"], parents["train/PNEUMONIA/VIRAL"]) == ("", "all", "train/PNEUMONIA")


def test_every_part_says_its_count_its_share_of_its_parent_and_its_patients():
    text = of_parts(lambda part: part.text)
    assert text["train"] == "40 (80.0 %)"
    assert text["train/PNEUMONIA"] == "30 (75.0 %)"
    assert text["train/PNEUMONIA/BACTERIAL"] == "20 (66.7 %)"
    hover = of_parts(lambda part: part.customdata)
    assert tuple(hover["train/PNEUMONIA"]) == (60.0, 20) and tuple(hover["all"]) == (100.0, 39)


def test_classes_keep_their_colours_splits_are_neutral_and_what_is_left_out_fades():
    colours = of_parts(lambda part: part.marker.colors)
    assert colours["train/NORMAL"] == CLASS_COLOURS["NORMAL"]
    assert colours["train"] == NEUTRAL
    assert colours["test/NORMAL"].startswith("rgba(")


def test_bars_show_the_share_of_images_and_of_patients():
    normal, pneumonia = balance_bars(BARS, ("NORMAL", "PNEUMONIA")).data
    assert list(normal.y) == ["Train, images", "Train, patients", "Test, images", "Test, patients"]
    assert list(normal.x) == [25, 40, 50, 100]
    assert list(pneumonia.x) == [75, 60, 50, 0]
    assert normal.text[0] == "25 · 25 %"
    assert normal.marker.color == CLASS_COLOURS["NORMAL"]


def test_a_part_of_a_bar_names_its_split_and_class():
    normal, _ = balance_bars(BARS, ("NORMAL", "PNEUMONIA")).data
    assert [tuple(part) for part in normal.customdata][:2] == [("train", "NORMAL", 25), ("train", "NORMAL", 20)]


def test_unknown_classes_get_colours_of_their_own():
    names = [f"kind {number}" for number in range(8)]
    assert len(set(class_colours(names).values())) == 8
    assert class_colours(["NORMAL", "tumour"])["NORMAL"] == CLASS_COLOURS["NORMAL"] != class_colours(["NORMAL", "tumour"])["tumour"]
