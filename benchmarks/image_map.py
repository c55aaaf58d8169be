"""The map of 100,000 generated images in a browser: when its points stand, and how soon a lasso filters the page. Each with its limit."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np

from benchmarks.data_page import million_rows, settle
from benchmarks.figure import Figure
from benchmarks.opening import PATIENCE, VIEW, held, opening
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving
from benchmarks.sources import Sources

N_POINTS, N_CLUMPS, ROUNDS = 100_000, 12, 3
PAINT, LASSO = 4.0, 1.0  # seconds
DRAWN = ".image-map[data-drawn]"
LOOP = ((0.15, 0.2), (0.35, 0.1), (0.5, 0.3), (0.45, 0.6), (0.2, 0.55))  # of the map's sides
SAME = "text => !(document.querySelector('.st-key-data_gallery')?.innerText ?? text).includes(text)"  # it may be drawn anew just then
IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'"


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    table = scratch / "many.parquet"
    million_rows(N_POINTS).to_parquet(table)
    keep_map(table)
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA=str(table)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        first = opening(browser, f"{address}/data", stands)
        again = [opening(browser, f"{address}/data", stands) for _ in range(ROUNDS)]
        kind, filtered, whole = lassoes(browser, address)
        browser.close()
    middle = statistics.median(again)
    yield Figure(f"{N_POINTS:,} points by {kind}: first paint, server warm", f"{middle:.2f} s {held(middle, PAINT)}")
    yield Figure(f"{N_POINTS:,} points: first opening of all", f"{first:.1f} s")
    middle = statistics.median(filtered)
    yield Figure(f"{N_POINTS:,} points: lasso to filtered page", f"{middle:.2f} s {held(middle, LASSO)}, largest {max(filtered):.2f} s")
    yield Figure(f"{N_POINTS:,} points: lasso until the run has ended", f"{statistics.median(whole):.2f} s")


def keep_map(table: Path) -> None:
    """Put a map of clumps into the cache, as if it had been made: what is measured is the page, not the layout."""
    from core.datasets import open_dataset
    from core.embedding.kept import TABLE, Embedding, keep

    rng = np.random.default_rng(0)
    middles = rng.uniform(0.1, 0.9, (N_CLUMPS, 2))[rng.integers(0, N_CLUMPS, N_POINTS)]
    places = np.clip(middles + rng.normal(0, 0.05, (N_POINTS, 2)), 0, 1)
    keep(open_dataset(table).fingerprint, TABLE, Embedding((places * 65535).astype(np.uint16), TABLE))


def stands(page) -> None:
    """Waits until the points are drawn."""
    page.locator(DRAWN).wait_for()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def lassoes(browser, address: str) -> tuple[str, list[float], list[float]]:
    """What drew the points; seconds from the end of a lasso until gallery and map follow, and until the server has done all."""
    page = browser.new_page(viewport=VIEW)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/data")
    stands(page)
    settle(page)
    lasso(page)  # the first loads what the browser needs
    times = [lasso(page) for _ in range(ROUNDS)]
    kind = page.locator(DRAWN).get_attribute("data-drawn")
    page.close()
    return kind, *map(list, zip(*times, strict=True))


def lasso(page) -> tuple[float, float]:
    """Draw around some points, and let go of the area again."""
    everything = f"{N_POINTS:,} of {N_POINTS:,} images"
    page.locator(".st-key-data_gallery").get_by_text(everything).wait_for()
    stage = page.locator(".image-map-top")
    stage.scroll_into_view_if_needed()
    settle(page)
    box = stage.bounding_box()
    corners = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in LOOP]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=8)
    began = time.perf_counter()
    page.mouse.up()
    page.wait_for_function(SAME, arg=everything)
    page.wait_for_function("document.querySelector('.image-map')?.map?.area.length > 0")
    filtered = time.perf_counter() - began
    page.wait_for_function(IDLE)
    whole = time.perf_counter() - began
    settle(page)
    page.locator(".st-key-data_area_off button").click()
    settle(page)
    return filtered, whole
