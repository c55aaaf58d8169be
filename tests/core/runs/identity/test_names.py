"""What a run is called: its system, the settings that differ, its seed; and never like another."""

from __future__ import annotations

import json

import pytest

from core.architectures import get_system
from core.runs.identity import changed_settings, group_runs, in_words, names_of, own_name, write_about
from core.runs.store import list_runs

SCRATCH = get_system("lens_scratch").variant(2).recipe


def recipe(**settings):
    return SCRATCH.with_settings({name: str(value) for name, value in settings.items()})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"cutmix": 0.5}, "CutMix 0.5"),
        ({"clue_removal": 0.0}, "without clue removal"),
        ({"epochs": 12, "clue_removal": 0}, "12 epochs, without clue removal"),
        ({"class_weights": "none"}, "without class weights"),
        ({"sampling": "oversample"}, "oversampling"),
        ({"flip": False}, "without flip"),
        ({"validation_fraction": 0.1}, "10 % validation"),
        ({"batch_size": 7, "optimizer": "rmsprop"}, "batch 7, RMSprop"),
    ],
)
def test_settings_in_words(scored_run, settings, words):
    run = scored_run(system="lens_scratch", recipe=recipe(**settings))
    assert in_words(changed_settings(run.config)) == words
    assert own_name(run) == f"Lens-Scratch, {words} · seed 0"


def test_the_recipe_itself_and_a_limit(scored_run):
    assert own_name(scored_run(system="lens_scratch", recipe=SCRATCH)) == "Lens-Scratch · seed 0"
    assert own_name(scored_run(system="lens_scratch", recipe=SCRATCH, limit=200)) == "Lens-Scratch, 200 training images · seed 0"
    assert own_name(scored_run(system="imported", title="Mine")) == "Mine"
    three = scored_run(n_classes=3, system="lens_scratch", recipe=SCRATCH)
    assert own_name(three) == "Lens-Scratch, 3 classes · seed 0"


def test_no_two_names_are_alike(scored_run):
    runs = [scored_run(recipe=SCRATCH, system="lens_scratch", data_title=title) for title in ("here", "here", "there")]
    names = names_of(runs)
    assert names[runs[2].name] == "Lens-Scratch · seed 0 on there"
    assert names[runs[0].name] == f"Lens-Scratch · seed 0 on here ({runs[0].name[-6:]})"
    assert len(set(names.values())) == 3


def test_seeds_are_one_group_and_other_settings_another(scored_run):
    def run(**fields):
        made = scored_run(system="lens_scratch", recipe=fields.pop("recipe", SCRATCH))
        made.write_config(made.config.model_copy(update=fields))
        return made

    runs = [run(seed=1), run(recipe=recipe(cutmix=0.5)), run(seed=0), run(fingerprint="f" * 16), run(limit=9)]
    groups = group_runs(runs)
    assert [group.seeds for group in groups] == [(0, 1), (0,), (0,), (0,)]
    assert groups[0].ids == (runs[2].name, runs[0].name) and groups[1].name == "Lens-Scratch, CutMix 0.5"
    assert len({group.name for group in groups}) == 4


def test_runs_that_continue_others_are_of_one_group_if_those_are(scored_run):
    def run(system, **fields):
        made = scored_run(system=system, n_classes=3)
        made.write_config(made.config.model_copy(update=fields))
        return made

    a, b = run("cnn1", seed=0), run("cnn1", seed=1)
    other = run("cnn1", limit=5)
    later = [run("cnn1_transfer", seed=i, base_run=base.name) for i, base in enumerate((a, b, other))]
    assert [group.seeds for group in group_runs([a, b, other, *later])] == [(0, 1), (0,), (0, 1), (2,)]
    circle = run("cnn1_transfer", base_run=later[0].name)
    later[0].write_config(later[0].config.model_copy(update={"base_run": circle.name}))
    assert len(group_runs([later[0], circle])) == 2


def test_the_shipped_runs():
    runs = list_runs()[0]
    names, groups = names_of(runs), {group.name: group for group in group_runs(runs)}
    assert names["lens-mobilenet-20261125-002222-6556a9"] == "Lens-MobileNet, CutMix 0.5 · seed 0"
    assert names["ensemble-20261121-141303-8ffeae"] == "Lens-MobileNet ×3, mean"
    assert names["ensemble-20261124-140158-49ccb6"] == "Lens-MobileNet ×3 + Lens-Scratch ×3, mean"
    assert groups["Lens-MobileNet"].seeds == groups["CNN_1 continued, 3 classes"].seeds == (0, 1, 2)
    assert len(set(names.values())) == len(runs) and sum(len(group.runs) for group in groups.values()) == len(runs)


def test_a_name_of_ones_own(scored_run):
    run = scored_run()
    write_about(run, name="  The one\nto beat ")
    assert own_name(run) == "The one to beat" and json.loads((run.path / "about.json").read_text())["name"] == "The one to beat"
