"""The ill class: said where names tell it, asked where they do not, and kept on every page."""

from __future__ import annotations

import pytest

from core.runs.store import create_run
from dashboard import jobs


@pytest.fixture
def numbered(lay, empty_models, monkeypatch):
    """Classes called 0 and 1, with enough images of each to train on."""
    root = lay(*(f"{split}/{name}/{i}.jpeg" for split in ("train", "test") for name in "01" for i in range(6)))
    monkeypatch.setenv("PNEUMOLENS_DATA", str(root))
    return root


def said(app):
    return " ".join(element.value for element in [*app.caption, *app.info, *app.markdown])


def test_the_page_says_which_class_is_positive(lay, empty_models, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(lay("train/sano/a.jpeg", "train/neumonia/b.jpeg")))
    app = open_page("data")
    assert not app.exception and "Positive class: **neumonia**" in said(app)


def test_nothing_is_guessed_until_it_is_chosen_and_other_pages_keep_it(numbered, open_page, monkeypatch):
    app = open_page("data")
    assert "do not tell which class is the illness" in said(app) and "What a positive result means" not in said(app)
    app.segmented_control(key="data_positive").set_value("0").run()
    assert not app.exception and "here is the class 0" in said(app)
    started = []
    monkeypatch.setattr(jobs, "start", lambda config, data, *about: started.append(config) or create_run(config, data))
    app.switch_page("views/train.py").run()
    assert not app.button(key="train_start").disabled, [e.value for e in [*app.error, *app.warning, *app.info]]
    app.button(key="train_start").click().run()
    assert not app.error and started[0].class_names == ("1", "0")


def test_a_link_tells_the_positive_class(numbered, open_page):
    app = open_page("data", data_positive="1")
    assert not app.exception and "here is the class 1" in said(app)


def test_train_asks_before_it_starts(numbered, open_page, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start", lambda config, data, *about: started.append(config) or create_run(config, data))
    app = open_page("train")
    assert app.button(key="train_start").disabled and "do not tell which class is the illness" in said(app)
    app.segmented_control(key="train_positive").set_value("1").run()
    app.button(key="train_start").click().run()
    assert not app.exception and started[0].class_names == ("0", "1")
