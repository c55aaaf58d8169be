"""Small maps on the films of a comparison, in a browser: two models of MobileNetV2's size, from the films in view to 24 maps."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.inspecting import mobilenet_run
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving
from benchmarks.sources import Sources

ROUNDS, N_MAPS, LIMIT = 5, 24, 2.0  # seconds
FILM, MAP = "a[data-case]", "a[data-case] img[alt^='Map of']"


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    models = scratch / "tile_models"
    for _ in range(2):
        mobilenet_run(sources, models)
    ours = serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_MODELS=str(models), PNEUMOLENS_DATA=str(sources.data))
    with ours as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{address}/compare?compare_kind=Any+answer")
        page.locator(FILM).first.scroll_into_view_if_needed()
        page.get_by_text("Show maps on these films").click()
        first = until_mapped(page)
        seconds = [of_next_page(page) for _ in range(ROUNDS)]
        browser.close()
    said = f"{statistics.median(seconds):.2f} s, {min(seconds):.2f} to {max(seconds):.2f} s (limit {LIMIT:g} s)"
    yield Figure(f"{N_MAPS} small maps of two models, from the films in view", said)
    yield Figure("the same, the first of a server, which loads TensorFlow and the models", f"{first:.1f} s")


def until_mapped(page) -> float:
    """Seconds until as many maps are on the page."""
    began = time.monotonic()
    page.wait_for_function(f'document.querySelectorAll("{MAP}").length >= {N_MAPS}', polling="raf")
    return time.monotonic() - began


def of_next_page(page) -> float:
    """The same, from when the films of the gallery's next page are shown."""
    film = page.locator(FILM).first.get_attribute("title")
    page.locator(".st-key-compare_disagreements").get_by_role("button", name="Next page").click()
    page.wait_for_function(f'document.querySelector("{FILM}")?.title !== {film!r}', polling="raf")
    return until_mapped(page)
