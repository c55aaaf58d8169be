"""An ensemble is the mean of its members, and is refused where its threshold could not be chosen fairly."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from core.cli.maps import explain
from core.cli.predict import predict
from core.errors import InputError
from core.inference.ensemble import create_ensemble, open_members
from core.metrics.evaluation import evaluate_run
from core.metrics.thresholds import RULES
from core.runs.identity.names import group_name
from core.runs.run import Run
from core.runs.store import create_run, list_runs, open_run
from core.training.plan import plan


@pytest.fixture(scope="module")
def members(trained_runs, tmp_path_factory):
    """Two small trainings with the same validation images."""
    runs, _ = list_runs(shutil.copytree(trained_runs, tmp_path_factory.mktemp("ensemble") / "models"))
    return sorted((run for run in runs if run.config.n_classes == 2), key=lambda run: run.config.seed)


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
    assert opened.card.recommended.rule == "half" and set(opened.card.thresholds) == set(RULES)
    assert opened.card.params_total == sum(run.card.params_total for run in members)
    assert 0 <= evaluate_run(opened).metrics["accuracy"].value <= 1


def test_its_model_averages_the_members(members, ensemble, phantoms):
    from core.datasets import open_dataset
    from core.inference.predict import load_model
    from core.inference.predict import predict as scores_of

    dataset = open_dataset(phantoms)
    table = ensemble.predictions.head(3)
    pixels = np.stack([dataset.read(sample_id, ensemble.config.image_size) for sample_id in table["sample_id"]])
    np.testing.assert_allclose(scores_of(load_model(ensemble), pixels)[:, 1], table["p_PNEUMONIA"], atol=1e-4)


def test_other_validation_images_are_refused(scored_run):
    first, other = scored_run(), scored_run(n=120)
    with pytest.raises(InputError, match=r"scores of other validation or test images.*--set validation_seed=0"):
        create_ensemble([first, other])
    brought = scored_run(n=120, system="imported")
    with pytest.raises(InputError, match=r"scores of other validation or test images.*core import FILE --like RUN"):
        create_ensemble([first, brought])


def test_runs_without_validation_scores_are_averaged_at_a_half(scored_run):
    runs = [scored_run(seed=seed, splits=("test",), system="imported") for seed in (1, 2)]
    for run in runs:
        run.write_split(run.predictions["sample_id"], run.predictions["split"])
    made = create_ensemble(runs, models=runs[0].path.parent)
    assert made.card.recommended.value == 0.5 and made.card.thresholds == {"half": 0.5}
    assert evaluate_run(made).n_samples == 150


def test_one_run_or_an_unfinished_one_is_refused(members, phantoms):
    with pytest.raises(InputError, match="two different finished runs"):
        create_ensemble([members[0], members[0]])
    queued = create_run(plan("five_block_cnn"), phantoms, members[0].path.parent)
    with pytest.raises(InputError, match="is queued"):
        create_ensemble([members[0], queued])


def test_the_commands_score_it_by_its_members_and_send_maps_to_them(members, ensemble, phantoms):
    film = str(next(phantoms.glob("test/PNEUMONIA/*")))

    def probability(run):
        answer = CliRunner().invoke(predict, [str(run.path), film, "--json"], catch_exceptions=False)
        return json.loads(answer.stdout)["images"][0]["probabilities"]["PNEUMONIA"]

    assert probability(ensemble) == pytest.approx(np.mean([probability(run) for run in members]), abs=1e-5)
    refused = CliRunner().invoke(explain, [str(ensemble.path), film, "--method", "grad_cam"]).exception
    assert isinstance(refused, InputError) and "no single map" in str(refused) and members[1].name in str(refused)


def test_a_missing_member_is_named(members, ensemble):
    gone = ensemble.config.model_copy(update={"members": (members[0].name, "cnn1-gone")})
    ensemble.write_config(gone)
    with pytest.raises(InputError, match=r"The member 'cnn1-gone' of the ensemble .* cannot be used"):
        open_members(ensemble)
    assert open_members(members[0]) == []


def test_ensembles_that_name_each_other_or_themselves_end(members, ensemble):
    """Each level would double the work, and a circle never ends."""
    for names in ([ensemble.name, members[0].name], [ensemble.name]):
        path = ensemble.path / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"members": names, "title": ""}))
        run = Run(ensemble.path)
        assert group_name(run).endswith("mean")
        with pytest.raises(InputError, match="is an ensemble itself"):
            open_members(run)


def test_an_ensemble_is_no_member(members, ensemble):
    with pytest.raises(InputError, match=r"is an ensemble itself; name its members instead"):
        create_ensemble([members[0], ensemble])
