"""Inspect in a real browser: the last action decides what is shown, a click in a row too, and Back brings it back."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def address(readers) -> str:
    """Runs without a model: choosing a picture needs none."""
    return readers


@pytest.fixture
def films(tmp_path):
    """Two files of one name and one of another, of sizes of their own."""
    paths = [tmp_path / "a" / "film.png", tmp_path / "other.png", tmp_path / "b" / "film.png"]
    for number, path in enumerate(paths):
        path.parent.mkdir(exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 255, (200 + number, 180), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
    return paths


def test_a_click_in_a_row_shows_its_film_and_back_the_one_of_before(page: Page, films):
    shown, in_use = page.locator(".st-key-inspect_overlay"), page.locator(".st-key-inspect_in_use")
    page.goto("/inspect")
    expect(shown).to_contain_text("Synthetic radiograph")
    expect(shown.locator("canvas.maps-opacity").first).to_be_visible()
    page.locator(".st-key-inspect_upload input[type=file]").set_input_files(films)
    expect(shown).to_contain_text("Your image, 180 × 200 pixels")
    grid = page.locator(".st-key-inspect_files canvas").first
    expect(grid).to_be_visible()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 120, box["y"] + 38 + 2.5 * 35)  # the third row, in the column of names
    expect(shown).to_contain_text("Your image, 180 × 202 pixels")
    expect(in_use).to_contain_text("film.png (2)")
    expect(page).to_have_url(re.compile("inspect_sample=own-"))
    assert "film" not in page.url
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.go_back()
    expect(shown).to_contain_text("Your image, 180 × 200 pixels")
    page.get_by_role("link", name="Train", exact=True).first.click()
    expect(page.locator(".st-key-train_start")).to_be_visible()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.get_by_role("link", name="Inspect", exact=True).first.click()
    expect(shown).to_contain_text("Your image, 180 × 200 pixels")
    assert page.locator("[data-testid=stException]").count() == 0


def test_film_map_and_verdict_share_a_laptops_screen(browser, dashboard):
    page = browser.new_page(base_url=dashboard, viewport={"width": 1440, "height": 900})
    page.goto("/inspect")
    expect(page.locator(".st-key-inspect_probabilities .js-plotly-plot")).to_be_visible()
    stages = page.locator(".st-key-inspect_overlay .maps-stage")
    expect(stages).to_have_count(2)
    for part in (stages.first, stages.last, page.locator(".st-key-inspect_probabilities .js-plotly-plot")):
        box = part.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 900
    expect(page.locator(".st-key-inspect_probabilities")).to_contain_text("children of 1 to 5 years")
    page.close()
