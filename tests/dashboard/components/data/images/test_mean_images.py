"""Sizes are counted on a grid that a browser can draw."""

import numpy as np
import pandas as pd

from dashboard.components.data.images.mean_images import MOST_DOTS, cells


def sized(n, labels, spread):
    rng = np.random.default_rng(0)
    width, height = rng.integers(*spread, (2, n))
    return pd.DataFrame({"label": rng.choice(labels, n), "width": width, "height": height})


def test_few_sizes_keep_the_fine_grid():
    table = pd.DataFrame({"label": ["A", "A", "B"], "width": [1000, 1010, 400], "height": [810, 805, 2000]})
    found = cells(table)
    assert found.to_dict("list") == {"label": ["A", "B"], "width": [1025, 425], "height": [825, 2025], "n": [2, 1]}


def test_sizes_all_over_get_a_coarser_grid_and_no_image_is_lost():
    found = cells(sized(50_000, list("ABCD"), (500, 3000)))
    assert len(found) <= MOST_DOTS and found["n"].sum() == 50_000
    assert set(np.diff(np.unique(found["width"]))) == {150}, "a twentieth of the longest side, for a fortieth gives too many dots"
