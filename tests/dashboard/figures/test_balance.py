import pandas as pd

from dashboard.figures.balance import balance_bars, balance_icicle
from dashboard.figures.palette import CLASS_COLOURS, NEUTRAL

TREE = pd.DataFrame(
    [
        ("train", "NORMAL", "NORMAL", 10),
        ("train", "PNEUMONIA", "BACTERIAL", 20),
        ("train", "PNEUMONIA", "VIRAL", 10),
        ("test", "NORMAL", "NORMAL", 4),
        ("test", "PNEUMONIA", "BACTERIAL", 6),
    ],
    columns=["split", "class_name", "subtype", "n"],
)
BARS = pd.DataFrame(
    [("train", "NORMAL", 25, 20), ("train", "PNEUMONIA", 75, 30), ("test", "NORMAL", 5, 5), ("test", "PNEUMONIA", 5, 0)],
    columns=["split", "label", "images", "patients"],
)


def test_the_icicle_nests_split_class_and_subtype():
    part = balance_icicle(TREE).data[0]
    sizes = dict(zip(part.ids, part.values, strict=True))
    assert sizes["train"] == 40
    assert sizes["train/PNEUMONIA"] == 30
    assert sizes["train/PNEUMONIA/VIRAL"] == 10
    assert "train/NORMAL/NORMAL" not in sizes
    parents = dict(zip(part.ids, part.parents, strict=True))
    assert parents["train/PNEUMONIA/VIRAL"] == "train/PNEUMONIA"
    assert parents["train"] == "all"
    assert (sizes["all"], parents["all"]) == (50, "")


def test_every_part_says_its_count_and_its_share_of_its_parent():
    part = balance_icicle(TREE).data[0]
    text = dict(zip(part.ids, part.text, strict=True))
    assert text["train"] == "40 (80.0 %)"
    assert text["train/PNEUMONIA"] == "30 (75.0 %)"
    assert text["train/PNEUMONIA/BACTERIAL"] == "20 (66.7 %)"


def test_classes_keep_their_colours_and_splits_are_neutral():
    part = balance_icicle(TREE).data[0]
    colours = dict(zip(part.ids, part.marker.colors, strict=True))
    assert colours["test/NORMAL"] == CLASS_COLOURS["NORMAL"]
    assert colours["test"] == NEUTRAL


def test_without_subtypes_the_icicle_ends_at_the_class():
    part = balance_icicle(TREE.groupby(["split", "class_name"], as_index=False)["n"].sum()).data[0]
    assert set(part.ids) == {"all", "train", "test", "train/NORMAL", "train/PNEUMONIA", "test/NORMAL", "test/PNEUMONIA"}


def test_bars_show_the_share_of_images_and_of_patients():
    normal, pneumonia = balance_bars(BARS, ("NORMAL", "PNEUMONIA")).data
    assert list(normal.y) == ["Train, images", "Train, patients", "Test, images", "Test, patients"]
    assert list(normal.x) == [25, 40, 50, 100]
    assert list(pneumonia.x) == [75, 60, 50, 0]
    assert normal.text[0] == "25 · 25 %"
    assert normal.marker.color == CLASS_COLOURS["NORMAL"]
