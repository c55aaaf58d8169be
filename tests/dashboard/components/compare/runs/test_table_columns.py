"""Columns of an uploaded table whose names do not tell are asked for; odd scores are said as long as the run is shown."""

import pandas as pd
import pytest

from core.runs.store import list_runs


@pytest.fixture
def scores(models_dir) -> pd.DataFrame:
    table = list_runs(models_dir)[0][0].predictions
    return table[table["split"] == "test"][["sample_id", "p_PNEUMONIA"]].reset_index(drop=True)


def upload(page, name: str, content: bytes):
    page.button(key="compare_import").click().run()
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


@pytest.mark.long
def test_names_of_classes_are_asked_for_and_taken(models_dir, open_page, scores):
    truth = scores["sample_id"].str.contains("PNEUMONIA").map({True: "pneu", False: "ok"})
    page = upload(open_page("compare"), "theirs.csv", scores.assign(y_true=truth).to_csv(index=False).encode())
    assert page.button(key="compare_upload_add").disabled
    for number, text in enumerate(truth.unique()):
        page.selectbox(key=f"compare_upload_label_{number}").set_value("PNEUMONIA" if text == "pneu" else "NORMAL")
    page.run()
    page.button(key="compare_upload_add").click().run()
    assert not page.exception and not page.error and len(imported(models_dir)) == 1


def test_nothing_is_asked_where_the_names_tell(open_page, scores):
    page = upload(open_page("compare"), "theirs.csv", scores.to_csv(index=False).encode())
    assert not page.button(key="compare_upload_add").disabled
    assert not [box for box in page.selectbox if str(box.key).startswith("compare_upload")]


def test_a_workbook_is_named_as_one(models_dir, open_page):
    page = upload(open_page("compare"), "scores.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert not page.exception and "old Excel workbook" in page.error[0].value and not imported(models_dir)


@pytest.mark.long
def test_constant_scores_are_said_as_long_as_the_run_is_shown(models_dir, open_page, scores):
    page = upload(open_page("compare"), "flat.csv", scores.assign(p_PNEUMONIA=0.6).to_csv(index=False).encode())
    page.button(key="compare_upload_add").click().run()
    assert not page.exception and any("the same scores" in warning.value for warning in page.warning)
    assert any("the same scores" in warning.value for warning in page.run().warning)


@pytest.mark.long
def test_a_table_is_held_against_the_images_that_it_names(models_dir, make_run, open_page, scores):
    """The newest run may have learnt other images: a table of the older runs' images belongs to those."""
    newest = make_run(models_dir, seed=5, created="2026-03-01T10:00:00+00:00", fingerprint="1" * 16, data_title="elsewhere")
    others = newest.predictions.assign(sample_id=[f"{i}.png" for i in range(len(newest.predictions))])
    newest.write_predictions(others)
    newest.write_split(others["sample_id"], others["split"])
    page = upload(open_page("compare", compare_runs=newest.name), "theirs.csv", scores.to_csv(index=False).encode())
    assert any("Checked against the images of **synthetic**" in caption.value for caption in page.caption)
    page.button(key="compare_upload_add").click().run()
    assert not page.exception and not page.error and imported(models_dir)[0].config.data_title == "synthetic"


def test_which_class_is_ill_is_asked_where_names_do_not_tell(lay, empty_models, monkeypatch, open_page):
    folder = lay(*(f"test/{name}/{i}.jpeg" for name in "ab" for i in range(3)))
    monkeypatch.setenv("PNEUMOLENS_DATA", str(folder))
    table = pd.DataFrame({"sample_id": [f"{name}/{i}" for name in "ab" for i in range(3)], "p_a": [0.9, 0.8, 0.7, 0.1, 0.2, 0.3]})
    page = upload(open_page("compare"), "theirs.csv", table.to_csv(index=False).encode())
    page.segmented_control(key="compare_upload_positive").set_value("a").run()
    page.button(key="compare_upload_add").click().run()
    (run,) = imported(empty_models)
    assert not page.exception and run.config.class_names == ("b", "a") and run.predictions["y_true"].tolist() == [1, 1, 1, 0, 0, 0]
