"""How to make a run again, by where it comes from: the command has every setting in which the run departs from its recipe."""

import shlex

import pytest

from core.cli.train import _new_run, train
from core.datasets.tables.columns import Naming
from core.runs.origin import command_again, how_again
from core.training.plan import plan


def test_how_again():
    trained = plan("cnn1")
    assert how_again(trained) == "train it again: python -m core train cnn1 --data DATA"
    assert how_again(trained.model_copy(update={"system": "imported"})) == "bring it in again: python -m core import FILE"
    ensemble = trained.model_copy(update={"system": "ensemble", "members": ("a", "b")})
    assert how_again(ensemble) == "average its members again: python -m core ensemble a b"


@pytest.mark.parametrize(
    ("config", "options"),
    [
        (plan("cnn1", 3), "--labels 3"),
        (plan("cnn1", seed=7, limit=200), "--seed 7 --limit 200"),
        (plan("lens_mobilenet", settings={"clue_removal": "0", "epochs": "12"}), "--set epochs=12 --set clue_removal=0.0"),
        (plan("lens_mobilenet", settings={"validation_seed": "none"}), "--set validation_seed=none"),
        (plan("cnn1").model_copy(update={"base_run": "cnn1-1"}), "--set base_run=cnn1-1"),
    ],
)
def test_the_command_has_what_departs_from_the_recipe(config, options):
    assert command_again(config) == f"python -m core train {config.system} --data DATA {options}"


def test_the_command_makes_the_same_configuration(phantoms, tmp_path):
    settings = {"epochs": "2", "batch_size": "8", "cutmix": "0.25", "early_stopping": "3", "flip": "false"}
    config = plan("five_block_cnn", settings=settings, seed=3, limit=40)
    words = shlex.split(command_again(config).replace("DATA", str(phantoms)))
    given = train.make_context("train", words[4:]).params
    names = ("system", "data", "labels", "positive", "epochs", "batch_size", "seed", "settings", "limit")
    again = _new_run(*(given[name] for name in names), str(tmp_path), Naming())[0].config
    assert (again.recipe, again.seed, again.limit, again.n_classes) == (config.recipe, 3, 40, config.n_classes)
