"""Others' figures: possible on the official test images, as far as write-ups are exact."""

from __future__ import annotations

import numpy as np

from core.reporting.published_results import literature


def test_each_accuracy_is_a_whole_number_of_624_images():
    table = literature()
    exact = table[~table["note"].str.contains("about|mean of")]["accuracy"]
    assert len(exact) == 5
    np.testing.assert_allclose(exact, np.round(exact * 624) / 624, atol=0.0005)


def test_two_and_three_classes():
    assert literature()["n_classes"].value_counts().to_dict() == {2: 5, 3: 2}
