"""Weakest slices: a planted one is found and confirmed, none where there is none, p-values as SciPy has them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact

from core.metrics.subgroups.slices import confirm, weakest


def films(seed, planted, n=400):
    rng = np.random.default_rng(seed)
    facts = {name: rng.integers(0, 4, n) for name in ("a", "b", "c")}
    y_true = rng.integers(0, 2, n)
    wrong = rng.random(n) < np.where(planted & (y_true == 0) & (facts["a"] == 2), 0.6, 0.05)
    return wrong, y_true, np.arange(n) // 2, facts


def test_a_planted_slice_is_found_on_validation_and_confirmed_on_test():
    wrong, y_true, patients, facts = films(0, True)
    found = weakest(wrong, y_true, patients, facts, n_permutations=200)
    first = found.table.iloc[0]
    assert first["class_id"] == 0 and ("a", 2) in first["parts"] and first["p_adjusted"] < 0.05
    row = found.table[[parts == (("a", 2),) for parts in found.table["parts"]]].iloc[0]
    inside, of_class = (facts["a"] == 2) & (y_true == 0), y_true == 0
    counts = [[int((wrong & mask).sum()), int((~wrong & mask).sum())] for mask in (inside, of_class & ~inside)]
    assert row["p"] == pytest.approx(fisher_exact(counts, alternative="greater").pvalue)
    other, labels, _, here = films(1, True)
    assert confirm(found.table, other, labels, here)["verdict"].iloc[0] == "confirmed"
    quiet, labels, _, here = films(2, False)
    assert "confirmed" not in confirm(found.table, quiet, labels, here)["verdict"].tolist()


def test_without_one_nothing_is_more_than_chance_and_without_errors_or_facts_nothing_is_found():
    wrong, y_true, patients, facts = films(3, False)
    found = weakest(wrong, y_true, patients, facts, n_permutations=200)
    assert found.n_searched > 20 and (found.table["p_adjusted"] >= 0.05).all()
    assert weakest(np.zeros_like(wrong), y_true, patients, facts).table.empty
    assert weakest(wrong, y_true, patients, {}).table.empty
    assert weakest(wrong, np.arange(len(wrong)) % 200, patients, facts).table.empty, "200 classes have too few films each"
    assert confirm(found.table.iloc[:0], wrong, y_true, facts).empty
