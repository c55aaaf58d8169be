"""A model chosen in the pop-over of the Compare page: what a few images show of it, and why another kind of file is no use."""

import pytest

from benchmarks.foreign_models import built


@pytest.fixture
def choose(models_dir, open_page, phantoms, monkeypatch):
    """``choose(name, content)``: the Compare page after that file was chosen."""
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))

    def choose_(name: str, content: bytes):
        page = open_page("compare").button(key="compare_import").click().run()
        return page.file_uploader(key="compare_upload").upload(name, content, "application/octet-stream").run()

    return choose_


def test_scales_are_tried_before_anything_is_added(choose, tmp_path):
    built("nested").save(tmp_path / "m.keras")
    page = choose("tutorial.keras", (tmp_path / "m.keras").read_bytes())
    assert not page.exception
    table = next(frame.value for frame in page.dataframe if "Scale" in frame.value)
    assert list(table["Scale"]) == ["0-255", "0-1", "-1-1", "caffe", "torch"] and {"AUC", "Right at 0.5"} <= set(table)
    told = " ".join(caption.value for caption in page.caption)
    assert "Tried on 9 training images" in told and "read as NORMAL, PNEUMONIA" in told
    assert page.selectbox(key="compare_upload_order").options[:2] == ["in the data set's order", "PNEUMONIA, NORMAL"]
    page.selectbox(key="compare_upload_order").set_value("PNEUMONIA, NORMAL").run()
    assert "read as PNEUMONIA, NORMAL" in " ".join(caption.value for caption in page.caption)


def test_other_kinds_of_models_are_named(choose):
    page = choose("model.pt", b"PK\x03\x04 half a file")
    assert not page.exception and "'model.pt' is a PyTorch model" in page.error[0].value
    assert page.button(key="compare_upload_add").disabled
