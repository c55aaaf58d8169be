"""The section of mean maps on Compare: empty it says what to do, filled it shows figure and table."""

from dataclasses import replace

import numpy as np

from core.inference.atlas_file import Part, outcomes, save_atlas
from core.runs.store import list_runs
from dashboard.components.atlas import why_no_mean


def test_without_maps_it_says_the_command_and_with_them_it_shows_them(empty_models, make_run, open_page, page_text):
    run = make_run(empty_models)
    page = open_page("compare", compare_runs=[run.name], compare_atlas="true")
    assert not page.exception
    assert "has no model file of its own, so it has no map" in page_text(page)
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
    assert table["Films"].tolist() == ["Group 1 by appearance", "Group 2 by appearance"] and table["n"].tolist() == ["12 films", "3 films"]


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
