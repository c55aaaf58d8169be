import pandas as pd
import pytest

from core.figures.palette import CLASS_COLOURS, NEUTRAL
from dashboard.components.data.balance.chart import areas, bars
from dashboard.components.data.image_filter import ALL

NODES = pd.DataFrame(
    [
        ("train", "all", "train", 1, "train", 40, 30, False, None),
        ("test", "all", "test", 1, "test", 10, 9, False, None),
        ("train/NORMAL", "train", "NORMAL", 2, "NORMAL", 10, 10, False, None),
        ("train/PNEUMONIA", "train", "PNEUMONIA", 2, "PNEUMONIA", 30, 20, False, None),
        ("test/NORMAL", "test", "NORMAL", 2, "NORMAL", 10, 9, True, None),
        ("train/PNEUMONIA/VIRAL", "train/PNEUMONIA", "VIRAL", 3, "VIRAL", 10, 5, False, None),
        ("train/PNEUMONIA/BACTERIAL", "train/PNEUMONIA", "BACTERIAL", 3, "BACTERIAL", 20, 15, False, None),
        ("train/NORMAL/1 image", "train/NORMAL", "1 image", 4, "NORMAL", 10, 10, False, "1 image"),
    ],
    columns=["id", "parent", "label", "depth", "kind", "images", "patients", "faded", "films"],
)
COUNTS = pd.DataFrame(
    [("train", "NORMAL", 25, 20), ("train", "PNEUMONIA", 75, 30), ("test", "NORMAL", 5, 5), ("test", "PNEUMONIA", 5, 0)],
    columns=["split", "label", "images", "patients"],
)


@pytest.fixture
def boxes() -> dict[tuple, dict]:
    """The boxes by what a click on them picks."""
    return {box["picks"]: box for box in areas(NODES)[0]["boxes"]}


def test_a_part_lies_within_the_part_that_holds_it(boxes):
    place = {picks: (box["left"], box["width"], box["level"]) for picks, box in boxes.items()}
    assert place[ALL, ALL, ALL] == (0, 100, 0)
    assert place["train", "PNEUMONIA", ALL] == (20, 60, 2)
    assert place["train", "VIRAL", ALL] == (20, 20, 3) and place["train", "BACTERIAL", ALL] == (40, 40, 3)
    assert place["test", "NORMAL", ALL] == (80, 20, 2)


def test_a_part_without_the_level_below_reaches_down_to_the_next(boxes):
    assert boxes["train", "NORMAL", ALL]["levels"] == 2 and boxes["train", "PNEUMONIA", ALL]["levels"] == 1
    assert boxes["train", "NORMAL", "1 image"]["level"] == 4 and areas(NODES)[0]["n_levels"] == 5


def test_a_part_says_its_count_its_shares_and_its_patients(boxes):
    part = boxes["train", "BACTERIAL", ALL]
    assert (part["number"], part["share"]) == ("20", "66.7\u00a0%")
    assert part["said"] == "train / PNEUMONIA / BACTERIAL: 20 (40.0\u00a0%) of all images, 15 patients"


def test_classes_keep_their_colours_splits_are_neutral_and_what_is_left_out_fades(boxes):
    assert boxes["train", "NORMAL", ALL]["colour"] == CLASS_COLOURS["NORMAL"]
    assert boxes["train", ALL, ALL]["colour"] == NEUTRAL
    assert boxes["test", "NORMAL", ALL]["faded"] and not boxes["train", "NORMAL", ALL]["faded"]


def test_bars_show_the_share_of_images_and_of_patients():
    rows = bars(COUNTS, ("NORMAL", "PNEUMONIA"))
    assert [row["title"] for row in rows] == ["Train, images", "Train, patients", "Test, images", "Test, patients"]
    assert [[box["width"] for box in row["boxes"]] for row in rows] == [[25, 75], [40, 60], [50, 50], [100, 0]]
    normal, pneumonia = rows[0]["boxes"]
    assert (pneumonia["left"], pneumonia["picks"]) == (25, ("train", "PNEUMONIA", ALL))
    assert normal["said"] == "Train, images, NORMAL: 25 (25.0\u00a0%)"


def test_no_images_at_all_draw_nothing_wide():
    assert all(box["width"] == 0 for row in bars(COUNTS.assign(images=0), ("NORMAL", "PNEUMONIA"))[::2] for box in row["boxes"])
