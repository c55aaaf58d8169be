"""Small maps on the films of a comparison: runs that have none say why, and two that have some are a click away."""

import pytest

from dashboard.components.compare.images import case_gallery

GREY = "data:image/jpeg;base64,AAAA"


@pytest.fixture
def _pictures(empty_models, phantoms, monkeypatch):
    """Every film has a picture."""
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    monkeypatch.setattr(case_gallery, "thumbnail", lambda dataset, sample_id: GREY)


@pytest.mark.usefixtures("_pictures")
def test_runs_without_maps_say_why_and_others_that_have_some_are_offered(empty_models, make_run, open_page, page_text):
    without = make_run(empty_models, system="cnn1")
    able = make_run(empty_models, system="three_conv_cnn", seed=1)
    able.model_path.write_bytes(b"a model of elsewhere")
    page = open_page("compare", compare_runs=[without.name], compare_maps="true")
    assert not page.exception
    assert "has no model file here, so it has no map" in page_text(page)
    page = page.button(key="compare_maps_others").click().run()
    assert not page.exception
    assert page.multiselect(key="compare_runs").value == [able.name]
    assert page.toggle(key="compare_maps").value


@pytest.mark.usefixtures("_pictures")
def test_without_the_switch_nothing_is_said_of_maps(empty_models, make_run, open_page, page_text):
    page = open_page("compare", compare_runs=[make_run(empty_models).name])
    assert not page.exception
    assert not page.toggle(key="compare_maps").value and "no model file" not in page_text(page)
