"""Inspect in a real browser: the last action decides what is shown, a click in a row too, and Back brings it back."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from core.runs.store import list_runs

pytestmark = [pytest.mark.browser, pytest.mark.long]
PROJECT = Path(__file__).parents[2]


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


def test_a_click_in_a_row_shows_its_film_and_back_the_one_of_before(page: Page, films, resting):
    shown, in_use = page.locator(".st-key-inspect_overlay"), page.locator(".st-key-inspect_in_use")
    page.goto("/inspect")
    expect(shown).to_contain_text("Synthetic radiograph")
    expect(shown.locator("canvas.maps-opacity").first).to_be_visible()
    page.locator(".st-key-inspect_upload input[type=file]").set_input_files(films)
    expect(shown).to_contain_text("Your image, 180 × 200 pixels")
    grid = page.locator(".st-key-inspect_files canvas").first
    expect(grid).to_be_visible()
    box = resting(grid)
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


def test_film_maps_and_verdicts_of_four_models_share_a_laptops_screen(browser, dashboard):
    readable = [run for run in list_runs(PROJECT / "models")[0] if run.model_path.exists() and run.config.n_classes == 2]
    runs = [run.name for run in sorted(readable, key=lambda run: run.model_path.stat().st_size)]
    for n_models in (1, 4):
        page = browser.new_page(base_url=dashboard, viewport={"width": 1440, "height": 900})
        page.goto("/inspect" + ("" if n_models == 1 else "?" + "&".join(f"inspect_runs={run}" for run in runs[:n_models])))
        expect(page.locator(".st-key-inspect_probabilities .js-plotly-plot")).to_be_visible()
        stages = page.locator(".st-key-inspect_overlay .maps-stage")
        expect(stages).to_have_count(1 + n_models)
        for part in (*stages.all(), page.locator(".st-key-inspect_probabilities .js-plotly-plot")):
            box = part.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 900
        expect(page.locator(".st-key-inspect_probabilities")).to_contain_text("children of 1 to 5 years")
        expect(page.locator(".st-key-inspect_overlay .maps-chip")).to_have_count(n_models if n_models > 1 else 0)
        expect(page).to_have_url(re.compile("inspect_sample="))
        assert page.evaluate("history.length") == 2, "about:blank and this page: what a page adds to its link is no step"
        page.close()
