"""The panel of the shipped study: what it draws, and that the study stays out of leaderboards."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.data.remedies.group_preview import preview_table
from dashboard.figures.remedy_effects import effects_figure


def show(remedy: str) -> None:
    from core.datasets import open_dataset
    from dashboard.components.data.remedies.remedy import REMEDIES
    from dashboard.components.data.remedies.study import show_all, show_difference, study_of

    study = study_of(open_dataset(), 2)
    show_difference(*study, remedy)
    show_all(*study, {one.key: one.title for one in REMEDIES if one.key != "none"})


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    monkeypatch.delenv("PNEUMOLENS_MODELS", raising=False)
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path))


def test_the_shipped_study_says_what_each_remedy_changed(shipped):
    app = AppTest.from_function(show, args=("undersample",)).run()
    table, sentence = app.get("html")[0].proto.body, app.markdown[0].value
    assert not app.exception and app.get("plotly_chart")
    assert all(words in table for words in ("Validation, worst group", "Test, balanced accuracy", "Test, AUC", ">Difference</th>"))
    assert all(name in app.get("plotly_chart")[0].proto.spec for name in ("Group DRO", "Last layer anew", "Exchanged corners"))
    assert "What helped." in sentence and "Worst group of validation" in sentence
    assert any("with at least 10 of the class" in element.value and "in percentage points" in element.value for element in app.caption)
    assert any("Lens-Small, 12 epochs, 3 seeds of each remedy and of none" in element.value for element in app.caption)


@pytest.mark.long
def test_without_a_remedy_there_is_no_difference_to_show(shipped):
    table = AppTest.from_function(show, args=("none",)).run().get("html")[0].proto.body
    assert "Difference" not in table and "Test, worst group" in table


def test_the_study_is_folded_away(shipped):
    from dashboard import state

    archived = [run.config for run in state.archived_runs()]
    assert {one.system for one in archived if not one.recipe.left_out} == {"lens_small"}, "beside those that left a series out"
    assert not any(run.config.system == "lens_small" or run.config.recipe.left_out for run in state.finished_runs())


def test_the_figure_has_a_mark_for_each_remedy_and_place():
    found = {"Validation": {"A": (0.01, -0.01, 0.03)}, "Test": {"A": (0.05, 0.02, 0.08), "B": (-0.02, -0.05, 0.01)}}
    validation, test = effects_figure(["A", "B"], found).data
    assert (validation.name, list(validation.x), list(test.x)) == ("Validation", [1], [5, -2])
    assert np.allclose(test.error_x.array, [3, 3]) and np.allclose(test.error_x.arrayminus, [3, 3])
    assert np.round(test.y).tolist() == [0, 1]


def test_weights_by_group_and_class_are_previewed():
    table = preview_table(np.array([[80, 20], [0, 100]]), ("Group 1", "Group 2"), ("NORMAL", "PNEUMONIA"), 4.0)
    assert table["NORMAL"].tolist() == ["80", "0"] and table["NORMAL ×"].tolist() == ["0.83", "–"]  # 200 / (3 · 80)
    assert table["PNEUMONIA ×"].tolist() == ["3.33", "0.67"]


def test_group_dro_starts_with_all_groups_and_classes_alike():
    """An image of one of three cells counts 200 / 3 over the images of its cell; no cap, as that of all images together is none."""
    table = preview_table(np.array([[80, 20], [0, 100]]), ("Group 1", "Group 2"), ("NORMAL", "PNEUMONIA"), 200)
    assert table["PNEUMONIA ×"].tolist() == ["3.33", "0.67"] and table["NORMAL ×"].tolist() == ["0.83", "–"]
