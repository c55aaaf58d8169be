"""Columns of an uploaded table whose names do not tell are asked for; odd scores are said as long as the run is shown."""

import pandas as pd
import pytest

from core.runs import list_runs


@pytest.fixture
def scores(models_dir) -> pd.DataFrame:
    table = list_runs(models_dir)[0][0].predictions
    return table[table["split"] == "test"][["sample_id", "p_PNEUMONIA"]].reset_index(drop=True)


def upload(page, name: str, content: bytes):
    return page.file_uploader(key="compare_upload").upload(name, content, "text/plain").run()


def imported(models_dir):
    return [run for run in list_runs(models_dir)[0] if run.config.system == "imported"]


def test_the_column_of_scores_is_asked_for_and_taken(models_dir, open_page, scores):
    names = scores["sample_id"].str.split("/").str[-1]
    table = pd.DataFrame({"study": range(5, 5 + len(scores)), "fichier": names, "label": "x", "prob": scores["p_PNEUMONIA"]})
    page = upload(open_page("compare"), "theirs.csv", table.to_csv(index=False, sep=";", decimal=",").encode())
    assert page.button(key="compare_upload_add").disabled
    assert page.selectbox(key="compare_upload_image").options == ["study", "fichier", "label", "prob"]
    page.selectbox(key="compare_upload_classes").set_value(("NORMAL", "PNEUMONIA"))
    page.selectbox(key="compare_upload_image").set_value("fichier")
    page.selectbox(key="compare_upload_score_2_1").set_value("prob").run()
    page.button(key="compare_upload_add").click().run()
    assert not page.exception and not page.error
    (run,) = imported(models_dir)
    assert run.config.title == "theirs"
    assert run.predictions["p_PNEUMONIA"].to_numpy() == pytest.approx(scores["p_PNEUMONIA"].to_numpy(), abs=1e-6)


def test_nothing_is_asked_where_the_names_tell(open_page, scores):
    page = upload(open_page("compare"), "theirs.csv", scores.to_csv(index=False).encode())
    assert not page.button(key="compare_upload_add").disabled
    assert not [box for box in page.selectbox if str(box.key).startswith("compare_upload")]


def test_a_workbook_is_named_as_one(models_dir, open_page):
    page = upload(open_page("compare"), "scores.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    page.button(key="compare_upload_add").click().run()
    assert not page.exception and "old Excel workbook" in page.error[0].value and not imported(models_dir)


def test_constant_scores_are_said_as_long_as_the_run_is_shown(models_dir, open_page, scores):
    page = upload(open_page("compare"), "flat.csv", scores.assign(p_PNEUMONIA=0.6).to_csv(index=False).encode())
    page.button(key="compare_upload_add").click().run()
    assert not page.exception and any("the same scores" in warning.value for warning in page.warning)
    assert any("the same scores" in warning.value for warning in page.run().warning)
