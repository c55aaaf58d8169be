"""First content of Overview, Data and Compare in a browser, warm, against an empty Streamlit page."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.opening import EMPTY_CONTENT, ROUNDS, empty_page, first_content, opening
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving
from benchmarks.sources import Sources

CONTENT = {"/": ".st-key-overview_leaderboard", "/data": ".st-key-data_balance", "/compare": ".st-key-compare_curves"}


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    with serving(PROJECT / "dashboard" / "app.py") as ours, serving(empty_page(scratch)) as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        for path, selector in CONTENT.items():
            content, empty = first_content(selector), first_content(EMPTY_CONTENT)
            pairs = [(opening(browser, ours + path, content), opening(browser, theirs, empty)) for _ in range(ROUNDS + 1)]
            mine, plain = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
            yield Figure(
                f"first content of {path}, median of {ROUNDS}", f"{mine:.2f} s", f"an empty Streamlit page, {plain:.2f} s", plain / mine
            )
        browser.close()
