"""An upload on the Compare page becomes a run, or a sentence that says why not."""

import re

import pandas as pd
import pytest

from core.runs.store import list_runs


@pytest.fixture
def upload(models_dir, open_page):
    """``upload("mine.csv", table)``: the Compare page after that file was checked."""

    def upload_(name: str, table: pd.DataFrame):
        page = open_page("compare").button(key="compare_import").click().run()
        page.file_uploader(key="compare_upload").upload(name, table.to_csv(index=False).encode(), "text/csv").run()
        return page.button(key="compare_upload_add").click().run()

    return upload_


def scores(models_dir) -> pd.DataFrame:
    table = list_runs(models_dir)[0][0].predictions
    return table[table["split"] == "test"][["sample_id", "p_NORMAL", "p_PNEUMONIA"]]


def test_a_table_of_predictions_is_compared_at_once(models_dir, upload):
    page = upload("mine.csv", scores(models_dir))
    assert not page.exception
    added = [run for run in list_runs(models_dir)[0] if run.config.system == "imported"]
    assert [run.config.title for run in added] == ["mine"]
    assert page.multiselect(key="compare_runs").value[-1] == added[0].name
    assert any('>C</b><span><b class="legend-name">mine<' in html.proto.body for html in page.get("html"))
    assert not [one for one in page.file_uploader if one.key == "compare_upload"], "the window is closed"
    assert "**mine** is added and compared with the others" in page.toast[0].value


@pytest.mark.long
def test_a_table_with_missing_scores_is_refused_with_the_reason(models_dir, upload):
    table = scores(models_dir)
    table.loc[table.index[3], "p_PNEUMONIA"] = None
    page = upload("mine.csv", table)
    assert not page.exception
    assert "mine.csv" in page.error[0].value
    assert len(list_runs(models_dir)[0]) == 2
    assert page.button(key="compare_upload_add").disabled, "what was refused is refused again"
    page = page.file_uploader(key="compare_upload").upload("mine.csv", scores(models_dir).to_csv(index=False).encode(), "text/csv").run()
    assert not page.error and not page.button(key="compare_upload_add").disabled


def test_the_upload_waits_in_a_menu_that_says_what_it_takes(models_dir, open_page):
    page = open_page("compare").button(key="compare_import").click().run()
    assert any("sample_id" in text.value and "p_PNEUMONIA" in text.value and ".parquet" in text.value for text in page.markdown)


def test_a_folder_that_is_gone_keeps_nobody_from_adding_scores_of_images_that_runs_know(models_dir, upload, monkeypatch, tmp_path):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(tmp_path / "gone"))
    page = upload("mine.csv", scores(models_dir))
    assert not page.exception and not page.error
    assert any(re.search(r">C<.*\bmine", html.proto.body) for html in page.get("html"))
