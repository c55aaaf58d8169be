import numpy as np
import pytest

from core.config import Recipe
from core.errors import InputError
from core.training.hidden_groups.balance import Balance, balanced_cells


def test_weights_without_a_cap_in_reach_are_those_by_hand():
    """100 images in two cells of 80 and 20: 100 / (2 · 80) and 100 / (2 · 20)."""
    assert balanced_cells(np.array([80, 20]), 100) == pytest.approx([0.625, 2.5])
    assert balanced_cells(np.array([[80, 20], [0, 0]]), 100).tolist() == [[0.625, 2.5], [0, 0]]


def test_what_the_cap_takes_away_goes_to_the_others():
    """Of 100 images, 10 capped at 2 weigh 20; the other 80 are left to cells of 45 each: 40 / 45."""
    assert balanced_cells(np.array([45, 45, 10]), 2) == pytest.approx([40 / 45, 40 / 45, 2])


@pytest.mark.parametrize("cap", [1, 1.5, 4, 8])
def test_no_weight_is_above_the_cap_and_their_mean_is_one(cap):
    counts = np.array([[700, 150], [30, 900], [0, 50], [2, 300]])
    weights = balanced_cells(counts, cap)
    assert weights.max() <= cap + 1e-9 and (weights * counts).sum() == pytest.approx(counts.sum())
    assert weights[2, 0] == 0 and (weights[counts > 0] > 0).all()


def test_no_images_have_no_weights():
    assert balanced_cells(np.zeros((2, 2), int), 4).tolist() == [[0, 0], [0, 0]]


def test_an_epoch_shows_each_cell_as_often_as_its_weight_says():
    codes, y = np.repeat([0, 0, 1, 1], [60, 20, 10, 10]), np.repeat([0, 1, 0, 1], [60, 20, 10, 10])
    balance = Balance.of(codes, y, (2, 2), 100)
    order = balance.order(np.random.default_rng(0))
    assert np.bincount(balance.cells[order]).tolist() == [25, 25, 25, 25]
    assert len(np.unique(order[balance.cells[order] == 2])) == 10, "every image of a rare cell is shown"
    assert balance.of_images.mean() == pytest.approx(1) and balance.of_images[0] == pytest.approx(25 / 60)
    assert not np.array_equal(order, balance.order(np.random.default_rng(1)))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"group_balance": "weights", "class_weights": "balanced"}, "leave class_weights at none"),
        ({"group_balance": "sampling", "sampling": "oversample"}, "sampling at natural"),
        ({"group_balance": "dro", "cutmix": "0.5"}, "which cutmix mixes"),
        ({"group_cap": "0.5"}, "group_cap is not valid"),
        ({"n_groups": "1"}, "n_groups is not valid"),
        ({"last_layer": "0.6"}, "last_layer is not valid"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(settings, words):
    with pytest.raises(InputError, match=words):
        Recipe().with_settings(settings)


def test_groups_are_looked_at_only_where_a_setting_needs_them():
    assert not Recipe(groups="series").needs_groups
    assert Recipe(group_balance="weights").needs_groups and Recipe(last_layer=0.2).needs_groups
