"""Which runs a leaderboard shows, and which its ticks choose."""

import pandas as pd
import pytest

from dashboard.components.compare.runs.leaderboard import filtered, marked_lines, ticked
from dashboard.components.compare.runs.leaderboard_columns import headings, ranked, written
from dashboard.components.compare.tables.sortable_numbers import as_text

BOARD = pd.DataFrame(
    {
        "run": ["cnn1-a", "vgg-b", "cnn1-c"], "title": ["CNN_1", "VGG16", "CNN_1"], "n_classes": [2, 2, 3], "seeds": ["0", "1, 12", "0"],
        "changed_settings": ["", "", "epochs 3"],
        "data_title": ["real", None, "real"], "created": ["2026-01-02T10:00:00+00:00"] * 3, "n_test": [624] * 3,
        "roc_auc": [0.9, 0.95, None], "roc_auc_low": [0.88, 0.93, None], "roc_auc_high": [0.92, 0.97, None],
        "brier": [0.1, 0.2, None], "gap_roc_auc": [-0.08, 0.01, None], "gap_roc_auc_low": [-0.1, -0.01, None],
        "gap_roc_auc_high": [-0.06, 0.03, None], "model_bytes": [1_500_000, None, None], "macro_f1": [None] * 3,
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        ("", ["cnn1-a", "vgg-b", "cnn1-c"]),
        ("CNN_1, 2 classes", ["cnn1-a"]),
        ("SEED 1", ["vgg-b"]),
        ("cnn, epochs", ["cnn1-c"]),
        ("inception", []),
        ("vgg seed 2", []),
        ("cnn_1 seed 0 2 classes", ["cnn1-a"]),
        ("epochs 3 CNN", ["cnn1-c"]),
        (None, [*BOARD["run"]]),
    ],
)
def test_every_word_must_be_found_with_commas_between_or_without(words, runs):
    assert filtered(BOARD, words)["run"].tolist() == runs


def test_rows_are_written_with_intervals_units_and_only_filled_columns():
    numbers = written(BOARD, headings(BOARD))
    table = as_text(numbers)
    assert numbers["AUC gap"].tolist()[:2] == [-0.08, 0.01], "what a click on the head sorts by"
    assert table["AUC"].tolist() == ["0.900 (0.880–0.920)", "0.950 (0.930–0.970)", "–"]
    assert table["AUC gap"].tolist() == ["−0.080 (−0.100 to −0.060)", "+0.010 (−0.010 to +0.030)", "–"]
    assert table.loc[0, "Size (MB)"] == 1.5
    assert "Macro F1" not in table


@pytest.mark.parametrize(("heading", "first"), [("AUC", "vgg-b"), ("Brier ↓", "cnn1-a"), ("AUC gap", "vgg-b")])
def test_best_comes_first_and_the_unknown_last(heading, first):
    runs = ranked(BOARD, heading)["run"].tolist()
    assert (runs[0], runs[-1]) == (first, "cnn1-c")


def test_ticks_keep_the_order_chosen_and_what_a_filter_hides():
    assert ticked(["c", "hidden", "a"], [("a",), ("b",), ("c",)], [0, 1]) == ["hidden", "a", "b"]
    assert ticked([], [("a",), ("b",)], [1]) == ["b"]
    assert ticked(["a"], [("a",)], []) == []


def test_a_tick_of_a_recipe_takes_its_first_seed_and_unticking_lets_all_go():
    lines = [("a0", "a1", "a2"), ("b0", "b1")]
    assert ticked(["a1"], lines, [0, 1]) == ["a1", "b0"]
    assert ticked(["a1", "b0", "a2"], lines, [1]) == ["b0"]
    assert marked_lines(["b1", "a2", "a0", "hidden"], lines) == [1, 0]


def test_the_scatter_of_seeds_stands_between_mean_and_interval_and_the_order_before_test_stays():
    board = BOARD.assign(roc_auc_sd=[0.004, None, None], gap_roc_auc_sd=[0.01, None, None], before=[0.99, 0.98, None])
    table = as_text(written(board, headings(board)))
    assert table["AUC"].tolist()[:2] == ["0.900 ± 0.004 (0.880–0.920)", "0.950 (0.930–0.970)"]
    assert table["AUC gap"][0] == "−0.080 ± 0.010 (−0.100 to −0.060)"
    assert ranked(board.iloc[::-1], "AUC before test")["run"].tolist() == ["cnn1-c", "vgg-b", "cnn1-a"]
