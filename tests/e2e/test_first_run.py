"""A first visit without images in a real browser: draw phantoms, look at them, train on them; and files that change meanwhile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.serving import PROJECT, serving

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def address(cache, tmp_path_factory) -> str:
    """Address of a dashboard without images and without runs."""
    models = str(tmp_path_factory.mktemp("no-models"))
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA="", PNEUMOLENS_MODELS=models, PNEUMOLENS_CACHE=str(cache)) as address:
        yield address


def test_phantoms_are_drawn_looked_at_and_trained_on(page: Page, cache: Path):
    page.goto("/data")
    expect(page.get_by_text("You are looking at shipped results")).to_be_visible()
    expect(page.get_by_text(re.compile("^Data: shipped index, .*5,840 films.*because no folder was chosen"))).to_be_visible()
    page.get_by_role("button", name="Draw phantoms").click()
    gallery = page.locator(".st-key-data_gallery")
    expect(gallery).to_contain_text("60 of 60 images")
    expect(page.get_by_text(re.compile("^Data: phantoms .60 images., chosen by you in this session"))).to_be_visible()
    expect(page.locator(".st-key-data_source input")).to_have_value(str(cache / "data" / "phantoms"))
    expect(page.get_by_text("You are looking at shipped results")).to_have_count(0)

    next(cache.glob("data/phantoms/train/NORMAL/*.jpeg")).unlink()  # a click that redraws only the images sees it
    page.locator(".st-key-data_look").get_by_text("Sizes").click()
    expect(gallery).to_contain_text("59 of 59 images")

    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.locator(".st-key-train_data input")).to_have_value(str(cache / "data" / "phantoms"))
    page.locator(".st-key-train_system input").click()
    page.get_by_role("option", name="Three-conv CNN").click()
    epochs = page.get_by_role("spinbutton", name="Epochs")
    expect(page).to_have_url(re.compile("train_system="))
    expect(epochs).to_have_value("3")  # of this system, and no longer of the one before
    epochs.fill("1")
    epochs.press("Enter")
    page.locator(".st-key-train_start button").click()
    progress = page.locator(".st-key-train_progress")
    expect(progress.get_by_text("finished").first).to_be_visible()
