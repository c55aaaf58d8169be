"""An ensemble is the mean of its members, and is refused where its threshold could not be chosen fairly."""

from __future__ import annotations

import numpy as np
import pytest

from core.ensemble import create_ensemble
from core.errors import InputError
from core.metrics.evaluation import evaluate_run
from core.planning import plan
from core.runs import create_run, open_run


@pytest.fixture(scope="module")
def members(phantoms, tmp_path_factory):
    """Two small trainings with the same validation images."""
    from core.training import train

    models = tmp_path_factory.mktemp("models")
    runs = []
    for seed in (1, 2):
        settings = {"epochs": "1", "batch_size": "8", "validation_seed": "0"}
        runs.append(create_run(plan("five_block_cnn", settings=settings, seed=seed), phantoms, models))
        train(runs[-1])
    return [open_run(run.path) for run in runs]


@pytest.fixture
def ensemble(members):
    return create_ensemble(members, "Both", members[0].path.parent)


def test_scores_are_the_mean_of_the_members(members, ensemble):
    for name in ("predictions", "battery"):
        mean = np.mean([getattr(run, name)["p_PNEUMONIA"] for run in members], axis=0)
        np.testing.assert_allclose(getattr(ensemble, name)["p_PNEUMONIA"], mean, atol=1e-6)
    assert ensemble.predictions["sample_id"].tolist() == members[0].predictions["sample_id"].tolist()


def test_it_is_a_run_like_any_other(members, ensemble):
    opened = open_run(ensemble.name, ensemble.path.parent)
    assert opened.state == "finished" and opened.config.title == "Both" and opened.config.members == tuple(run.name for run in members)
    assert opened.card["recommended"]["rule"] == "battery"
    assert opened.card["params_total"] == sum(run.card["params_total"] for run in members)
    assert 0 <= evaluate_run(opened).metrics["accuracy"].value <= 1


def test_its_model_averages_the_members(members, ensemble, phantoms):
    from core.datasets import open_dataset
    from core.inference import load_model, predict

    dataset = open_dataset(phantoms)
    table = ensemble.predictions.head(3)
    pixels = np.stack([dataset.read(sample_id, ensemble.config.image_size) for sample_id in table["sample_id"]])
    np.testing.assert_allclose(predict(load_model(ensemble), pixels)[:, 1], table["p_PNEUMONIA"], atol=1e-4)


def test_other_validation_images_are_refused(members, phantoms):
    from core.training import train

    models = members[0].path.parent
    other = create_run(plan("five_block_cnn", settings={"epochs": "1", "batch_size": "8", "validation_seed": "5"}), phantoms, models)
    train(other)
    with pytest.raises(InputError, match=r"held out other validation images.*validation_seed=0"):
        create_ensemble([members[0], open_run(other.path)], models=models)


def test_one_run_or_an_unfinished_one_is_refused(members, phantoms):
    with pytest.raises(InputError, match="two different finished runs"):
        create_ensemble([members[0], members[0]])
    queued = create_run(plan("five_block_cnn"), phantoms, members[0].path.parent)
    with pytest.raises(InputError, match="is queued"):
        create_ensemble([members[0], queued])
