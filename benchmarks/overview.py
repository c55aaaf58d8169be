"""The Overview in a browser: its first viewport warm, in the first tab of a server that has just started, and with 500 runs; its ticks."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.opening import EMPTY_CONTENT, VIEW, empty_page, first_content, held, opening, openings
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving

STARTS = 3
MANY = 500
TICKS = 5
BOARD = ".st-key-overview_leaderboard"
ROW, HEAD = 33, 33  # pixels of a grid's rows, which are drawn on a canvas
EACH_SEED = "/?overview_seeds=true"


def run(sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    app, empty, many = PROJECT / "dashboard" / "app.py", empty_page(scratch), scratch / "many"
    copies(many)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        with serving(app) as ours, serving(empty) as theirs:
            yield from openings(browser, ours, _stands, theirs, "first viewport", 2.5)
            ticks = _ticks(browser, ours)
            yield Figure("a tick to the new choice, median", f"{ticks:.2f} s {held(ticks, 0.5)}")
        yield _first_tabs(browser, app, empty)
        with serving(app, PNEUMOLENS_MODELS=str(many)) as ours, serving(empty) as theirs:
            yield from openings(browser, ours, _stands, theirs, f"{MANY} runs", 4)
            ticks = _ticks(browser, ours)
            yield Figure(f"{MANY} runs: a tick to the new choice, median", f"{ticks:.2f} s {held(ticks, 0.7)}")
        browser.close()


def copies(folder: Path) -> None:
    """The shipped runs without their models, as often as it takes, each copy with a seed of its own."""
    from core.runs.store import list_runs

    runs = [run for run in list_runs(PROJECT / "models")[0] if not run.config.members]
    for number in range(MANY):
        run = runs[number % len(runs)]
        target = folder / f"{run.name[:-6]}{number:06d}"
        shutil.copytree(run.path, target, ignore=shutil.ignore_patterns("*.keras", "*.npz"))
        copy = type(run)(target)
        copy.write_config(run.config.model_copy(update={"seed": number // len(runs) * 10 + run.config.seed}))


def _stands(page) -> None:
    """Waits for the table, the cards' last number, and the server."""
    page.wait_for_selector(f"{BOARD} canvas", state="attached")
    page.get_by_text("training films").first.wait_for()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def _first_tabs(browser, app: Path, empty: Path) -> Figure:
    """Medians over servers that have just started, in turn with servers of the empty page."""
    pairs = []
    for _ in range(STARTS):
        with serving(app) as ours:
            mine = opening(browser, ours, _stands)
        with serving(empty) as theirs:
            pairs.append((mine, opening(browser, theirs, first_content(EMPTY_CONTENT))))
    mine, plain = (statistics.median(times) for times in zip(*pairs, strict=True))
    told = f"{mine:.2f} s {held(mine, plain + 3, 'an empty page + 3 s')}"
    return Figure(f"first tab of a server just started, median of {STARTS}", told, f"an empty Streamlit page, {plain:.2f} s", plain / mine)


def _ticks(browser, address: str) -> float:
    """Median seconds from a click on a row's box to the link that counts it."""
    page = browser.new_page(viewport=VIEW)
    page.goto(address + EACH_SEED)
    _stands(page)
    page.wait_for_timeout(1000)  # a reader looks first
    seconds = []
    for row in range(TICKS):
        began = time.perf_counter()
        page.locator(f"{BOARD} [data-testid=stDataFrame]").first.click(position={"x": 16, "y": HEAD + ROW * row + 16})
        page.get_by_role("link", name=f"Compare {row + 1} chosen").wait_for()
        seconds.append(time.perf_counter() - began)
    page.close()
    return statistics.median(seconds)
