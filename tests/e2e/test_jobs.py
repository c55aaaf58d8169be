"""The three jobs in a real browser, and a training that outlives a reload."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    """A full-size radiograph: a published original where PNEUMOLENS_ORIGINALS names their folder, else a large phantom."""
    folder = os.environ.get("PNEUMOLENS_ORIGINALS")
    if folder and Path(folder).is_dir():
        return sorted(Path(folder).glob("PNEUMONIA/*.jpeg"))[0]
    from core.datasets.phantom.write import radiograph

    path = tmp_path_factory.mktemp("original") / "film.jpeg"
    Image.fromarray(radiograph(np.random.default_rng(5), "bacterial", 1200).image).resize((1400, 1100)).save(path)
    return path


@pytest.mark.parametrize("path", ["/", "/data", "/train", "/compare", "/inspect"])
def test_every_page_opens_and_says_what_it_is_not(page: Page, path: str):
    page.goto(path)
    expect(page.get_by_text("It is not a medical device")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.long
def test_overview_leads_to_compare(page: Page):
    page.goto("/")
    expect(page.locator(".st-key-overview_leaderboard")).to_be_visible()
    expect(page.locator(".st-key-overview_leaderboard")).to_contain_text("CNN_1")
    page.get_by_role("link", name="Compare").first.click()
    expect(page.locator(".st-key-compare_confusion table").first).to_be_visible()


@pytest.mark.long
def test_compare_follows_the_operating_point(page: Page):
    page.goto("/compare")
    confusion = page.locator(".st-key-compare_confusion table").first
    expect(confusion).to_be_visible()
    before = confusion.inner_text()
    page.locator(".st-key-compare_operating_point").get_by_text("0.5", exact=False).first.click()
    expect(page).to_have_url(re.compile("compare_operating_point="))
    expect(page.locator(".st-key-compare_curves .js-plotly-plot").first).to_be_visible()
    expect(confusion).not_to_have_text(before)


def test_upload_gives_probabilities_and_an_overlay_at_the_images_own_size(page: Page, original: Path):
    page.goto("/inspect")
    page.locator(".st-key-inspect_upload input[type=file]").set_input_files(original)
    expect(page.locator(".st-key-inspect_overlay").get_by_text("Your image")).to_be_visible()
    expect(page.locator(".st-key-inspect_probabilities .js-plotly-plot").first).to_be_visible()
    overlay = page.locator(".st-key-inspect_overlay")
    expect(overlay.get_by_role("img", name=re.compile("Grad-CAM"))).to_be_visible()
    maps = overlay.locator(".maps")
    expect(maps).to_have_attribute("data-opacity", "0.45")
    page.locator(".st-key-inspect_opacity input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    expect(maps).to_have_attribute("data-opacity", "0.5")
    _choose(page, "inspect_method", "LayerCAM")
    _choose(page, "inspect_class", "NORMAL")
    expect(overlay.get_by_role("img", name=re.compile("LayerCAM of .* for NORMAL"))).to_be_visible()
    expect(maps).to_have_attribute("data-opacity", "0.5")
    overlay.locator(".maps-stage").last.hover()
    expect(overlay.locator(".maps-readout").last).to_have_text(re.compile(r"x \d+, y \d+ · [01]\.\d\d · raw"))
    page.get_by_role("button", name="Download").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Overlay, PNG").click()
    assert Image.open(io.BytesIO(download.value.path().read_bytes())).size == Image.open(original).size


def _choose(page: Page, key: str, option: str):
    """Pick an option of a select box and wait until the page has taken it up."""
    page.locator(f".st-key-{key} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    expect(page).to_have_url(re.compile(f"{key}={option}"))


@pytest.mark.long
def test_a_text_file_named_png_is_refused_in_a_sentence(page: Page, tmp_path: Path):
    (tmp_path / "notes.png").write_text("these are notes")
    page.goto("/inspect")
    page.locator(".st-key-inspect_upload input[type=file]").set_input_files(tmp_path / "notes.png")
    expect(page.get_by_text("not a JPEG, PNG")).to_be_visible()


@pytest.mark.long
def test_trainings_survive_a_reload_and_run_one_after_another(page: Page):
    page.goto("/train?train_system=three_conv_cnn")  # it never stops early, so it cannot end before it is stopped
    expect(page.locator(".st-key-train_system input")).to_have_value("Three-conv CNN")
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("1000")
    epochs.press("Enter")
    page.get_by_text("Several at once").click()
    seeds = page.get_by_role("spinbutton", name="Seeds in a row")
    seeds.fill("2")
    seeds.press("Enter")
    page.get_by_role("button", name="Start 2 trainings").click()
    progress, queue = page.locator(".st-key-train_progress"), page.locator(".st-key-train_queue")
    expect(progress.get_by_text(re.compile("Epoch [1-9]"))).to_be_visible()
    expect(queue).to_contain_text("Three-conv CNN, 1000 epochs · seed 1")
    page.reload()
    expect(progress.get_by_text(re.compile("Epoch [1-9]"))).to_be_visible()
    expect(queue).to_contain_text("1 training waits")
    page.locator(".st-key-train_stop button").click()
    expect(progress.get_by_text("stopped").first).to_be_visible()
    expect(queue).to_contain_text("The queue is empty")
    expect(progress.get_by_text(re.compile("Epoch [1-9]"))).to_be_visible()
    page.locator(".st-key-train_stop button").click()
    expect(progress.get_by_text("No training is under way")).to_be_visible()
    expect(progress.get_by_role("button", name=re.compile("Resume|Try again")).first).to_be_visible()
