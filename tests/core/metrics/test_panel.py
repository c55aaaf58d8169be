"""Runs side by side: what fits is aligned, what does not is named with the reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.metrics.alignment import line_up
from core.metrics.panel import collapse, solo


def rewrite(run, change):
    """Change a run's stored predictions in place, past all checks."""
    run.write_predictions(change(run.predictions.copy()))
    return run


def test_scores_stand_in_one_order_whatever_the_files(scored_run):
    a, b = scored_run(seed=1), scored_run(seed=2)
    expected = b.predictions[b.predictions["split"] == "test"].sort_values("sample_id")["p_PNEUMONIA"]
    rewrite(b, lambda table: table.sample(frac=1, random_state=0))
    panel = line_up([a, b]).panel
    assert panel.names == (a.name, b.name) and panel.scores.shape == (2, 150, 2) and panel.sample_ids.is_monotonic_increasing
    assert panel.scores[1, :, 1] == pytest.approx(expected.to_numpy())
    assert panel.images.columns.tolist() == ["sample_id", "truth", "subtype", "patient_id"]


def nan(table):
    table.loc[3, "p_NORMAL"] = np.nan
    return table


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (nan, "not probabilities"),
        (lambda table: pd.concat([table, table.head(2)]), "name 2 samples twice"),
        (lambda table: table.drop(columns="p_PNEUMONIA"), "lack the columns p_PNEUMONIA"),
        (lambda table: table[table["split"] == "val"], "Its data set had no test images; judge the run on others"),
        (lambda table: table.drop(table.index[-1]), "different test images"),
        (lambda table: table.assign(sample_id=table["sample_id"] + "x"), "different test images"),
        (lambda table: table.assign(y_true=1 - table["y_true"]), "disagree on the true labels"),
        (lambda table: table.assign(y_true=7), "labels outside"),
    ],
    ids=["nan", "twice", "column missing", "no test", "one image less", "other images", "other labels", "impossible labels"],
)
def test_a_run_that_does_not_fit_is_left_out_with_the_reason(scored_run, change, reason):
    a, bad, c = scored_run(seed=1), rewrite(scored_run(seed=2), change), scored_run(seed=3)
    lineup = line_up([a, bad, c])
    assert lineup.panel.names == (a.name, c.name) and list(lineup.refused) == [bad.name]
    assert reason in lineup.refused[bad.name] and bad.name in lineup.refused[bad.name]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_the_images_of_most_runs_are_kept_wherever_the_odd_one_stands(scored_run, place):
    runs = [scored_run(seed=i) for i in range(3)]
    odd = scored_run(n=60)
    lineup = line_up([*runs[:place], odd, *runs[place:]])
    assert lineup.panel.names == tuple(run.name for run in runs) and list(lineup.refused) == [odd.name]
    assert "different test images" in lineup.refused[odd.name] and odd.name in lineup.refused[odd.name]


def test_of_two_runs_that_do_not_fit_the_first_is_kept(scored_run):
    a, b = scored_run(n=60), scored_run()
    assert line_up([a, b]).panel.names == (a.name,) and list(line_up([a, b]).refused) == [b.name]


def test_a_broken_first_run_does_not_stop_the_others(scored_run):
    bad, b = scored_run(), scored_run(seed=1)
    (bad.path / "predictions.parquet").write_bytes(b"PAR1 half")
    bad.__dict__.pop("predictions", None)
    lineup = line_up([bad, b])
    assert lineup.panel.names == (b.name,) and "broken predictions.parquet" in lineup.refused[bad.name]
    assert line_up([bad]).panel is None


def test_a_run_that_was_never_scored_is_named(scored_run):
    a, bare = scored_run(), scored_run(seed=1)
    (bare.path / "predictions.parquet").unlink()
    bare.__dict__.pop("predictions", None)
    assert "has no predictions.parquet yet" in line_up([a, bare]).refused[bare.name]


def test_other_classes_are_refused(scored_run):
    a, other = scored_run(), scored_run(class_names=("NORMAL", "COVID"))
    assert "have different classes (NORMAL, PNEUMONIA and NORMAL, COVID)" in line_up([a, other]).refused[other.name]


@pytest.mark.parametrize("first", [2, 3])
def test_three_classes_are_collapsed_to_stand_beside_two(scored_run, first):
    two, three = scored_run(seed=1), scored_run(seed=2, n_classes=3)
    lineup = line_up([two, three] if first == 2 else [three, two])
    panel = lineup.panel
    assert panel.class_names == ("NORMAL", "PNEUMONIA") and panel.collapsed == (three.name,) and not lineup.refused
    stored = solo(three)
    row = panel.names.index(three.name)
    assert panel.scores[row, :, 1] == pytest.approx(stored.scores[0, :, 1] + stored.scores[0, :, 2])
    assert panel.y_true.tolist() == (stored.y_true > 0).astype(int).tolist()
    assert len(lineup.notes) == 1 and three.name in lineup.notes[0] and "added up" in lineup.notes[0]


def test_three_classes_among_themselves_stay(scored_run):
    lineup = line_up([scored_run(seed=i, n_classes=3) for i in range(2)])
    assert len(lineup.panel.class_names) == 3 and lineup.panel.collapsed == () and lineup.notes == ()
    assert collapse(lineup.panel).collapsed == lineup.panel.names


def test_a_run_on_other_files_of_the_same_names_is_said_and_kept(scored_run):
    a, b = scored_run(), scored_run(seed=1, fingerprint="1" * 16)
    lineup = line_up([a, b])
    assert lineup.panel.names == (a.name, b.name) and b.name in lineup.notes[0] and "other files" in lineup.notes[0]


def test_some_of_a_panels_runs_keep_what_was_computed(scored_run):
    panel = line_up([scored_run(seed=i) for i in range(3)]).panel
    area = panel.sampled("roc_auc")
    part = panel.take([panel.names[2], panel.names[0]])
    assert part.names == (panel.names[2], panel.names[0]) and np.array_equal(part.scores, panel.scores[[2, 0]])
    assert part.sampled("roc_auc").interval(0) == area.interval(2)
    assert panel.sampled("roc_auc") is area


def test_a_missing_split_is_said(scored_run):
    with pytest.raises(InputError, match="no predictions for the split 'val'"):
        solo(scored_run(splits=("test",)), "val")
