"""Mean maps kept in a run: the same after saving, none is none, a broken file is a sentence."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.groups.by_appearance.shipped import codes_by_id
from core.inference.atlas_file import Part, atlas_path, division_of, group_number, open_atlas, outcomes, save_atlas
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.runs.store import create_run, list_runs
from core.training.plan import plan
from dashboard.components.compare.maps.mean_maps import shares_table
from dashboard.components.inspect.maps.usual import usual, usual_sentence
from dashboard.figures.atlas import atlas_figure

RAMP = np.linspace(0, 1, 784, dtype=np.float32).reshape(28, 28)


@pytest.fixture
def run(tmp_path):
    return create_run(plan("cnn1", 2, {}, 0), tmp_path, tmp_path)


@pytest.fixture
def atlas(run):
    empty = Part(0, 2, np.zeros((28, 28), np.float32), (np.nan,) * 3, (np.nan,) * 3)
    return dict.fromkeys(outcomes(run.config.class_names), empty) | {"true_pneumonia": Part(7, 0, RAMP, (0.2, 0.1, 0.3), (0.05, 0.0, 0.1))}


def test_it_is_the_same_after_saving(run, atlas):
    assert open_atlas(run, "test") is None
    save_atlas(run, atlas, "test", "grad_cam")
    again = open_atlas(run, "test")
    assert list(again) == ["true_normal", "false_normal", "true_pneumonia", "false_pneumonia"]
    assert again["true_pneumonia"].mean == pytest.approx(RAMP, abs=5e-4) and again["true_pneumonia"].outside_body == (0.2, 0.1, 0.3)
    assert (again["true_normal"].n, again["true_normal"].n_empty) == (0, 2)
    assert again["true_pneumonia"].film is None, "of an atlas that was made before films were kept with it"
    film = np.arange(784, dtype=np.uint8).reshape(28, 28)
    save_atlas(run, atlas | {"true_pneumonia": replace(atlas["true_pneumonia"], film=film)}, "test", "grad_cam")
    assert open_atlas(run, "test")["true_pneumonia"].film.tolist() == film.tolist()


def test_a_division_is_which_image_is_in_which_group():
    groups = pd.Series([1, 2, 1], ["a", "b", "c"])
    assert division_of(groups) == division_of(groups[::-1]) and len(division_of(groups)) == 16
    others = [groups.replace({1: 2, 2: 1}), groups[:2], groups.rename({"a": "d"}), pd.Series([1, 1, 2], groups.index)]
    assert len({division_of(one) for one in [groups, *others]}) == 5, "as many groups of as many images are not the same ones"


def test_a_division_that_is_none_is_a_broken_file(run, atlas):
    group = replace(atlas["true_pneumonia"], division="<b>not a digest</b>")
    save_atlas(run, atlas | {"group_1": group}, "test", "grad_cam")
    with pytest.raises(InputError, match="broken"):
        open_atlas(run, "test")


@pytest.mark.parametrize("content", [b"PK\3\4 half", b"", None])
def test_a_broken_one_is_named(run, atlas, content):
    if content is None:
        save_atlas(run, atlas | {"true_normal": Part(1, 0, np.full((5, 5), np.nan), (0,) * 3, (0,) * 3)}, "test", "grad_cam")
    else:
        atlas_path(run, "test").write_bytes(content)
    with pytest.raises(InputError, match=r"broken atlas-test-grad_cam\.npz; make it again: python -m core atlas"):
        open_atlas(run, "test")


def test_shares_are_percents_with_intervals_and_an_empty_part_says_so(atlas):
    table = shares_table([("[A] CNN", "Group 1", atlas["true_pneumonia"]), ("[B] CNN", "Group 1", atlas["true_normal"])])
    assert table["Outside the body"].tolist() == ["20.0 % (10.0–30.0)", "no film"]
    assert table["n"].tolist() == ["7 films", "0 films, 2 with an empty map"] and table["Run"].tolist() == ["[A]", "[B]"]


def test_maps_share_one_scale_and_two_have_a_difference():
    figure = atlas_figure({"[A]": RAMP, "[B]": RAMP / 2})
    assert [trace.coloraxis for trace in figure.data] == ["coloraxis", "coloraxis", "coloraxis2"]
    assert figure.layout.coloraxis.cmax == 1 and figure.layout.coloraxis2.cmax == pytest.approx(0.5)
    assert np.asarray(figure.data[2].z) == pytest.approx(RAMP / 2)
    assert len(atlas_figure({"[A]": RAMP}).data) == 1 and len(atlas_figure(dict.fromkeys("ABC", RAMP)).data) == 3


def test_lines_of_the_mean_film_lie_over_each_map_and_over_the_difference():
    """A film of a bright right half: its lines stand where it begins; four corners of a quarter of the side."""
    film = np.zeros((28, 28), np.uint8)
    film[:, 14:] = 200
    figure = atlas_figure({"[A]": RAMP, "[B]": RAMP / 2}, [film, None])
    lines = [trace for trace in figure.data if trace.type == "contour"]
    assert [line.xaxis for line in lines] == ["x", "x3"], "of the second run no film was kept"
    assert (lines[0].contours.start, lines[0].contours.size, lines[0].contours.end) == (40, 40, 180), "at 40, 80, 120 and 160"
    corners = {(shape.x0, shape.x1, shape.y0, shape.y1) for shape in figure.layout.shapes if shape.xref == "x"}
    low, high = (-0.5, 6.5), (20.5, 27.5)
    assert corners == {(*low, *low), (*low, *high), (*high, *low), (*high, *high)}


def test_one_film_is_held_against_the_mean_of_its_class(run, atlas):
    assert usual(run, "grad_cam", "PNEUMONIA") is None
    save_atlas(run, atlas, "test", "grad_cam")
    found = usual(run, "grad_cam", "PNEUMONIA")
    same, other = (usual_sentence(heatmap, found, "PNEUMONIA") for heatmap in (RAMP, RAMP[::-1, ::-1].copy()))
    mean = "the mean map of the 7 test films that it rightly called PNEUMONIA (unlike: below 0.3)."
    assert same == f"looks at this film as usual: rank correlation 1.00 with {mean}"
    assert other == f"looks at this film unlike its usual: rank correlation -1.00 with {mean}"
    assert usual(run, "grad_cam", "NORMAL") is None, "no film was rightly called so"
    assert usual(run, "occlusion", "PNEUMONIA") is None


def test_maps_of_another_threshold_are_not_shown_as_todays(run, atlas):
    save_atlas(run, atlas, "test", "grad_cam")
    run.write_card({"thresholds": {"half": 0.5, "youden": 0.2}, "recommended": {"rule": "youden", "value": 0.2}})
    with pytest.raises(InputError, match=r"at the threshold 0\.500, and it is 0\.200 now; make it again: python -m core atlas"):
        open_atlas(run, "test")


@pytest.mark.long
def test_every_shipped_model_has_mean_maps_of_the_films_that_it_calls_so_today():
    models = Path(__file__).parents[3] / "models"
    runs = [run for run in list_runs(models)[0] if run.model_path.exists()]
    assert runs
    for run, split in product(runs, ("val", "test")):
        found, names = open_atlas(run, split), run.config.class_names
        films = run.predictions.query("split == @split")
        called = predict_labels(films[[f"p_{name}" for name in names]].to_numpy(), resolve_threshold(run, "recommended"))
        counts = {
            f"{'true' if right else 'false'}_{name.lower()}": int(((called == class_id) & ((films["y_true"] == class_id) == right)).sum())
            for class_id, name in enumerate(names)
            for right in (True, False)
        }
        assert {name: part.film is not None for name, part in found.items()} == {
            name: part.n + part.n_empty >= 10 for name, part in found.items()
        }, f"{run.name}, {split}: a mean film of fewer than ten films is nearly one patient's"
        assert {part: found[part].n + found[part].n_empty for part in counts} == counts, f"{run.name}, {split}"
        assert [part.division for name, part in found.items() if group_number(name)] == [division_of(codes_by_id() + 1)] * 6
