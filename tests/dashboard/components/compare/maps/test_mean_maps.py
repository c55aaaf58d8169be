"""The section of mean maps on Compare: empty it says what to do, filled it shows figure and table."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.inference.atlas_file import Part, atlas_path, outcomes, save_atlas
from core.inference.ensemble import create_ensemble
from core.runs.store import list_runs
from dashboard.components.compare.maps import group_names as named
from dashboard.components.compare.maps import mean_maps
from dashboard.components.compare.maps.mean_maps import DIFFERENT, NO_OUTLINES, OUTLINES, UNSURE, alike_in_groups, why_no_mean
from dashboard.components.compare.maps.other_runs import with_maps


def test_without_maps_it_says_the_command_and_with_them_it_shows_them(empty_models, make_run, open_page, page_text):
    run = make_run(empty_models)
    page = open_page("compare", compare_runs=[run.name], compare_atlas="true")
    assert not page.exception
    assert "has no model file here, so it has no map" in page_text(page)
    run.model_path.write_bytes(b"a model of elsewhere")
    page = page.run()
    assert any(f"python -m core atlas {run.name} --split test --data DATA" in block.value for block in page.code)
    (run,) = list_runs(empty_models)[0]
    part = Part(12, 0, np.eye(28, dtype=np.float32), (0.25, 0.2, 0.3), (0.1, 0.05, 0.15))
    save_atlas(run, dict.fromkeys(outcomes(run.config.class_names), part), "test", "grad_cam")
    page = page.run()
    assert not page.exception
    (table,) = [frame.value for frame in page.dataframe if "In the corners" in frame.value.columns]
    assert table["Outside the body"].tolist() == ["25.0 % (20.0–30.0)"] and table["n"].tolist() == ["12 films"]
    assert not any("core atlas" in block.value for block in page.code)


def test_the_groups_of_films_stand_beside_each_other(empty_models, make_run, open_page):
    run = make_run(empty_models)
    part, other = (Part(n, 0, np.eye(28, dtype=np.float32), (share,) * 3, (0.1, 0.05, 0.15)) for n, share in ((12, 0.25), (3, 0.5)))
    save_atlas(run, dict.fromkeys(outcomes(run.config.class_names), part) | {"group_1": part, "group_2": other}, "test", "grad_cam")
    page = open_page("compare", compare_runs=[run.name], compare_atlas="true", compare_atlas_outcome="Group 2 by appearance")
    assert not page.exception
    (table,) = [frame.value for frame in page.dataframe if "In the corners" in frame.value.columns]
    assert table["Films"].tolist() == ["Group 2", "Group 1"] and table["n"].tolist() == ["3 films", "12 films"], "the chosen one first"


def test_the_caption_tells_of_lines_only_where_there_are_some(empty_models, make_run, open_page, page_text):
    """Right calls have a mean film; of nine wrong ones none is kept."""
    run = make_run(empty_models)
    many = Part(12, 0, np.eye(28, dtype=np.float32), (0.25, 0.2, 0.3), (0.1, 0.05, 0.15), np.eye(28, dtype=np.uint8))
    kinds = outcomes(run.config.class_names)
    save_atlas(run, {kind: replace(many, n=9, film=None) if "false" in kind else many for kind in kinds}, "test", "grad_cam")
    page = open_page("compare", compare_runs=[run.name], compare_atlas="true")
    assert OUTLINES in page_text(page) and NO_OUTLINES not in page_text(page)
    page = page.selectbox(key="compare_atlas_outcome").select(kinds["false_normal"]).run()
    assert not page.exception
    assert NO_OUTLINES in page_text(page) and OUTLINES not in page_text(page)


def test_groups_of_another_number_are_not_shown_side_by_side(empty_models, make_run, open_page, page_text):
    part = Part(12, 0, np.eye(28, dtype=np.float32), (0.25, 0.2, 0.3), (0.1, 0.05, 0.15))
    for seed, groups in enumerate((["group_1", "group_2"], ["group_1"])):
        run = make_run(empty_models, seed=seed)
        save_atlas(run, dict.fromkeys([*outcomes(run.config.class_names), *groups], part), "test", "grad_cam")
    page = open_page("compare", compare_atlas="true")
    assert not page.exception
    assert page.selectbox(key="compare_atlas_outcome").options == list(outcomes(("NORMAL", "PNEUMONIA")).values())
    assert "grouped by appearance in different ways" in page_text(page)


@pytest.mark.parametrize(
    ("divisions", "groups", "said"),
    [
        (("a" * 16, "a" * 16), (2, 2), None),
        (("a" * 16, "a" * 16), (2, 1), None),  # no validation film of one run is in its second group
        (("a" * 16, "b" * 16), (2, 2), DIFFERENT),
        (("a" * 16, ""), (2, 2), UNSURE),
        (("", ""), (2, 2), UNSURE),
        (("", ""), (2, 1), DIFFERENT),
        (("a" * 16, ""), (2, 0), None),
    ],
)
def test_groups_stand_side_by_side_only_if_they_are_of_one_division(monkeypatch, divisions, groups, said):
    """Of as many groups too, where it is kept which film is in which."""
    heard = []
    monkeypatch.setattr(mean_maps.st, "caption", heard.append)
    part = Part(12, 0, np.eye(28, dtype=np.float32), (0.25, 0.2, 0.3), (0.1, 0.05, 0.15))
    found = {
        label: {"true_normal": part} | {f"group_{number + 1}": replace(part, division=division) for number in range(n)}
        for label, division, n in zip("AB", divisions, groups, strict=True)
    }
    shown = alike_in_groups(found)
    assert heard == ([said] if said else [])
    assert [len(atlas) for atlas in shown.values()] == ([1, 1] if said == DIFFERENT else [1 + n for n in groups])


def test_a_mean_of_no_map_is_said_and_not_painted(empty_models, make_run, open_page, page_text):
    run = make_run(empty_models)
    nothing = Part(0, 7, np.zeros((28, 28), np.float32), (np.nan,) * 3, (np.nan,) * 3)
    save_atlas(run, dict.fromkeys(outcomes(run.config.class_names), nothing), "test", "grad_cam")
    page = open_page("compare", compare_runs=[run.name], compare_atlas="true")
    assert not page.exception
    assert "the map is empty on each of the 7 films of this kind" in page_text(page)
    assert not [chart for chart in page.get("plotly_chart") if "atlas" in chart.proto.id]
    assert why_no_mean(replace(nothing, n_empty=1)).startswith("the map is empty on each of the 1 film of")
    assert why_no_mean(replace(nothing, n_empty=0)) == "no film is of this kind, so there is no mean map."


def test_a_name_that_a_user_gave_to_a_group_stands_beside_its_number(empty_models, make_run, open_page, monkeypatch):
    """And a link that was made before the group had it leads there."""
    run = make_run(empty_models)
    part = Part(12, 0, np.eye(28, dtype=np.float32), (0.25, 0.2, 0.3), (0.1, 0.05, 0.15))
    save_atlas(run, dict.fromkeys([*outcomes(run.config.class_names), "group_1", "group_2"], part), "test", "grad_cam")
    monkeypatch.setattr("dashboard.components.compare.maps.mean_maps.group_names", lambda runs: {2: "old *machine*"})
    page = open_page("compare", compare_runs=[run.name], compare_atlas="true", compare_atlas_outcome="Group 2 by appearance")
    assert not page.exception
    assert page.selectbox(key="compare_atlas_outcome").value == "Group 2 by appearance · old *machine*"


def test_names_of_groups_are_those_of_the_films_that_the_runs_scored(empty_models, make_run, monkeypatch):
    run = make_run(empty_models)
    dataset = SimpleNamespace(samples=pd.DataFrame({"sample_id": run.predictions["sample_id"]}))
    monkeypatch.setattr(named.state, "dataset", lambda: dataset)
    monkeypatch.setattr(named, "groups_at_hand", lambda dataset: "groups")
    monkeypatch.setattr(named, "names_of", lambda dataset, grouping: {0: "portable"})
    assert named.group_names([run]) == {1: "portable"}
    dataset.samples = dataset.samples[1:]
    assert named.group_names([run]) == {}, "films of elsewhere may be in other groups of that number"


def test_where_no_run_has_maps_a_click_compares_two_that_have(empty_models, make_run, open_page):
    settings = [("cnn1", 4, 2), ("cnn1", 9, 2), ("cnn1", 2, 2), ("three_conv_cnn", 1, 2), ("lens_scratch", 5, 3)]
    best, without, second, other, three = (
        make_run(empty_models, system=system, skill=skill, n_classes=n, seed=seed) for seed, (system, skill, n) in enumerate(settings)
    )
    part = Part(12, 0, np.eye(28, dtype=np.float32), (0.25, 0.2, 0.3), (0.1, 0.05, 0.15))
    for run in (best, second, other, three):
        save_atlas(run, dict.fromkeys(outcomes(run.config.class_names), part), "test", "grad_cam")
    usable = list_runs(empty_models)[0]

    def has_means(split):
        return lambda run: atlas_path(run, split).exists()

    found = with_maps([without], usable, has_means("test"))
    assert [run.name for run in found] == [best.name, other.name], "one of each system, of two classes"
    assert with_maps([without], usable, has_means("val")) == []
    mean = create_ensemble([second, other], "Mean", empty_models)
    assert {run.name for run in with_maps([mean], usable, has_means("test"))} == {second.name, other.name}, "members go before a better run"
    page = open_page("compare", compare_runs=[without.name], compare_atlas="true")
    page = page.button(key="compare_atlas_others").click().run()
    assert not page.exception
    assert page.multiselect(key="compare_runs").value == [best.name, other.name]
    assert [len(frame.value) for frame in page.dataframe if "In the corners" in frame.value.columns] == [2]


def test_maps_that_cannot_be_made_are_a_sentence_and_the_page_goes_on(empty_models, make_run, phantoms, open_page, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    for seed, content in enumerate([b"no model", b"no model either"]):
        make_run(empty_models, seed=seed).model_path.write_bytes(content)
    page = open_page("compare", compare_atlas="true").button(key="compare_atlas_make").click().run()
    assert not page.exception
    assert len(page.error) == 2, "one that fails keeps no other from it"
    assert any(title.value == "Where they disagree" for title in page.subheader)
