"""When a val folder is kept."""

from __future__ import annotations

import pandas as pd
import pytest

from core.datasets.given_validation import fold_or_keep


def table(train: tuple[int, int], val: tuple[int, int], per_patient: int = 1) -> pd.DataFrame:
    rows = [
        (split, name, f"{name}{split}{number // per_patient}")
        for split, counts in (("train", train), ("val", val), ("test", (1, 1)))
        for name, n in zip(("NORMAL", "PNEUMONIA"), counts, strict=True)
        for number in range(n)
    ]
    return pd.DataFrame(rows, columns=["split", "class_name", "patient_id"])


@pytest.mark.parametrize(
    ("train", "val", "per_patient", "kept", "words"),
    [
        ((1341, 3875), (8, 8), 1, False, "has 8 patients of the class NORMAL and 16 images beside 5,216 of train"),
        ((30, 30), (8, 8), 1, True, "kept for validation as it is (16 images)"),
        ((30, 30), (4, 20), 1, False, "has 4 patients of the class NORMAL, fewer than the 5"),
        ((30, 30), (1, 20), 1, False, "has 1 patient of the class NORMAL"),
        ((30, 30), (0, 20), 1, False, "has no patients of the class NORMAL"),
        ((30, 30), (16, 20), 4, False, "has 4 patients of the class NORMAL"),
        ((5000, 5000), (20, 20), 1, True, "kept"),  # enough patients, however small beside train
        ((400, 400), (8, 8), 1, True, "kept"),  # exactly 2 %
        ((0, 0), (8, 8), 1, True, ""),  # nothing to fold it into
        ((30, 30), (0, 0), 1, False, ""),
    ],
)
def test_the_rule(train, val, per_patient, kept, words):
    samples = table(train, val, per_patient)
    split, note = fold_or_keep(samples)
    assert (split == "val").any() == kept and (words in note if words else note == "")
    assert split.equals(samples["split"]) if kept else split.value_counts().get("train", 0) == sum(train) + sum(val)
    assert samples["split"].eq("val").sum() == sum(val)  # the table itself is left alone
