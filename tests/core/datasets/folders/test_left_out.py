"""The rows that say what is left out."""

from __future__ import annotations

import pandas as pd

from core.datasets.folders.left_out import n_files, never_meant, reason_alone

ROWS = pd.DataFrame(
    [
        ("/x/a.jpeg", "The file is empty; copy or export it again."),
        ("/x/b/", "1,200 files: It is no image."),
        ("/x/c/", "1 file: Masks are no radiographs."),
        ("/x/d/", "The folder cannot be opened (Permission denied); check its permissions."),
        ("/x/e.png", "3 files: are named by this reason of a single file"),
    ],
    columns=["path", "reason"],
)


def test_numbers_of_files_and_reasons_without_them():
    assert n_files(ROWS).tolist() == [1, 1200, 1, 1, 1]
    assert reason_alone(ROWS).tolist() == [
        ROWS["reason"][0], "It is no image.", "Masks are no radiographs.", ROWS["reason"][3], ROWS["reason"][4],
    ]  # fmt: skip
    assert never_meant(ROWS).tolist() == [False, True, True, False, False]


def test_nothing_left_out():
    assert n_files(ROWS[:0]).sum() == 0 and reason_alone(ROWS[:0]).empty and never_meant(ROWS[:0]).empty
