"""Files that cannot be used, and planted odd ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.audit.files import odd_files, unreadable


def test_unreadable_files(tabled):
    bad = pd.DataFrame({"path": ["/data/x/bad.jpeg", "/data/y.jpeg"], "reason": ["It is empty.", "It is text."]})
    finding = unreadable(tabled(unreadable=bad))
    assert (finding.value, finding.n_samples, finding.severity) == (2, 202, "medium")
    assert "bad.jpeg: It is empty." in finding.explanation and "/data" not in finding.explanation
    assert unreadable(tabled()).severity == "ok"


def test_the_files_left_out_are_named_with_their_reasons(tabled):
    bad = pd.DataFrame({"path": ["/data/set/train/NORMAL/bad.jpeg"], "reason": ["It is empty."]})
    assert unreadable(tabled(unreadable=bad)).images == (("train/NORMAL/bad.jpeg", "It is empty."),)


@pytest.mark.parametrize(
    ("column", "value", "note"),
    [
        ("std_intensity", 1.0, "blank"),
        ("width", 40, "tiny, very long"),
        ("width", 6000, "very long"),
        ("mean_intensity", 250.0, "unusual brightness"),
        ("mode", "RGB", "rare pixel format"),
    ],
)
def test_one_planted_odd_file(tabled, column, value, note):
    columns = tabled().samples[[column]].astype("object")
    columns.iloc[7] = value
    finding = odd_files(tabled(**{column: columns[column]}))
    assert finding.images == ((tabled().samples["sample_id"][7], note),)
    assert (finding.value, finding.severity) == (1, "low") and "(1 of PNEUMONIA)" in finding.evidence


def test_nothing_is_odd_where_all_are_alike(tabled):
    same = {"width": [28] * 200, "height": [28] * 200, "mean_intensity": [120.0] * 200, "mode": ["L"] * 200}
    assert odd_files(tabled(**same)).severity == "ok"
    assert odd_files(tabled(width=[None] * 200, height=[None] * 200, mean_intensity=[None] * 200, mode=[None] * 200)).value == 0


def test_half_of_each_pixel_format_is_not_odd(tabled):
    assert odd_files(tabled(mode=np.where(np.arange(200) % 2, "L", "RGB"))).value == 0
