"""Runs without a model file are left out where one is needed, with the command that makes them again."""

from dashboard.components.inspect.with_models import with_models


def test_runs_with_scores_only_are_left_out_with_their_command(empty_models, make_run):
    ready, bare = (make_run(empty_models, seed=seed) for seed in (1, 2))
    ready.model_path.write_bytes(b"")
    mean = make_run(empty_models, seed=3, members=(ready.name, bare.name), system="cnn1")
    runs, left_out = with_models([ready, bare, mean], {"other": "it failed"})
    assert runs == [ready] and left_out["other"] == "it failed"
    assert left_out[bare.name].endswith("To train it again: python -m core train cnn1 --data DATA --seed 2 --set epochs=3")
    assert left_out[mean.name].startswith("Scores only: a member's model file is not here")


def test_the_pickers_of_inspect_offer_no_run_without_a_model(models_dir, make_run, open_page):
    page = open_page("inspect")
    assert not page.exception
    assert page.multiselect(key="inspect_runs").options == []
