"""Whom a model's training images show: the known set by its images, and no claim about any other."""

from types import SimpleNamespace

import pandas as pd
import pytest

from core.datasets.sources.shipped import kermany_ids
from core.input_checks.population import is_kermany, population


def run(ids, system="cnn1", title="mine"):
    split = pd.DataFrame({"sample_id": list(ids), "split": "train"})
    return SimpleNamespace(name="r", config=SimpleNamespace(system=system, data_title=title), split=split)


@pytest.fixture(scope="module")
def known():
    return sorted(kermany_ids())[:200]


def test_a_model_of_the_kermany_set_knows_children_of_one_hospital(known):
    told = population(run(known))
    assert told.children and is_kermany(run(known))
    assert "children of 1 to 5 years at one hospital in Guangzhou" in told.sentence
    assert "60 films of adults" in told.sentence and "no better than chance (AUC 0.34 to 0.61)" in told.sentence


def test_one_of_its_small_copy_does_too():
    assert population(run(["train/1"], title="pneumoniamnist_64.npz")).children


def test_of_another_set_nothing_is_claimed(known):
    told = population(run([*known[:100], *(f"a/{i}.png" for i in range(100))]))
    assert not told.children and "200 films of 'mine'" in told.sentence
    assert "Guangzhou" not in told.sentence and "adults" not in told.sentence


def test_a_model_from_elsewhere_has_no_recorded_training(known):
    told = population(run(known, system="imported"))
    assert not told.children and "what it was trained on is not recorded here" in told.sentence
    assert not is_kermany(run(known, system="imported")), "its split is of the images that it was scored on"
