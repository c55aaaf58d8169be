"""A real dashboard on loopback and a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, WITH_WINDOWS, WITHOUT, browser_path, serving

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

ONE_PROCESS = "--process-per-site"  # for all tabs of a window: the second of them finds the programs compiled
ONE_THREAD = "--js-flags=--single-threaded"  # what others would prepare beside it costs more than it gains where every processor is busy
PATIENCE = 180_000  # milliseconds; the first model that a page loads brings TensorFlow with it


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; its absence fails where CI demands one and skips elsewhere."""
    path = browser_path(WITHOUT + WITH_WINDOWS)  # one that draws no windows is lighter
    if not path and os.environ.get("PNEUMOLENS_REQUIRE_BROWSER"):
        pytest.fail("no Chromium is installed, and PNEUMOLENS_REQUIRE_BROWSER is set")
    if not path:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    """One browser for all tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, ONE_PROCESS, ONE_THREAD])
        yield browser
        browser.close()


class Places(NamedTuple):
    """Where the dashboard of most tests may write."""

    models: Path
    temporary: Path
    log: Path


@pytest.fixture(scope="session")
def places(tmp_path_factory) -> Places:
    """Folders of the dashboard's own, so that a test can look at all that it wrote."""
    return Places(tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("temporary"), tmp_path_factory.mktemp("log") / "server.log")


@pytest.fixture(scope="session")
def dashboard(phantoms, places) -> str:
    """Address of a dashboard on phantoms, with the shipped finished runs in a models folder of its own."""
    for run in (PROJECT / "models").iterdir():
        if (run / "predictions.parquet").exists():
            shutil.copytree(run, places.models / run.name)
    own = {"PNEUMOLENS_DATA": str(phantoms), "PNEUMOLENS_MODELS": str(places.models), "TMPDIR": str(places.temporary)}
    with serving(PROJECT / "dashboard" / "app.py", places.log, **own) as address:
        yield address


@pytest.fixture(scope="session")
def readers(phantoms, tmp_path_factory) -> str:
    """Address of a dashboard whose three runs, brought from elsewhere, scored the phantoms."""
    models = tmp_path_factory.mktemp("readers")
    write_readers(phantoms, models, 3)
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA=str(phantoms), PNEUMOLENS_MODELS=str(models)) as address:
        yield address


@pytest.fixture(scope="session")
def brought(phantoms, tmp_path_factory) -> str:
    """Address of a dashboard whose two runs were brought as model files, and scored the phantoms."""
    import keras

    from benchmarks.foreign_models import built
    from core.datasets import open_dataset
    from core.external import import_model

    folder = tmp_path_factory.mktemp("brought")
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        built("any_size").save(folder / f"net{seed}.keras")
        import_model(folder / f"net{seed}.keras", open_dataset(str(phantoms)), models=folder / "models", side=32)
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA=str(phantoms), PNEUMOLENS_MODELS=str(folder / "models")) as address:
        yield address


def write_readers(phantoms: Path, models: Path, n: int) -> None:
    """Runs called ``Reader 0`` and so on, with made-up scores of the phantoms."""
    from core.datasets import open_dataset
    from core.external import Reference, import_predictions

    dataset = open_dataset(str(phantoms))
    test = dataset.samples[dataset.samples["split"] == "test"]
    ill = (test["class_name"] == "PNEUMONIA").to_numpy()
    for number in range(n):
        score = np.clip(np.random.default_rng(number).normal(0.35 + 0.3 * ill, 0.25), 0.01, 0.99)
        table = pd.DataFrame({"sample_id": test["sample_id"], "p_NORMAL": 1 - score, "p_PNEUMONIA": score})
        import_predictions(table, f"{number}.csv", Reference.of_dataset(dataset), title=f"Reader {number}", models=models)


@pytest.fixture
def address(dashboard) -> str:
    """What `page` opens; a module of tests on another dashboard replaces it."""
    return dashboard


@pytest.fixture(scope="session")
def window(browser) -> Callable[[str], BrowserContext]:
    """``window(address)``: the window in which all tests on one address open their tabs.

    Streamlit's program and Plotly, several MB, are fetched and compiled by its first tab: a tab that stays open keeps their process.
    """
    windows: dict[str, BrowserContext] = {}

    def of(address: str) -> BrowserContext:
        if address not in windows:
            view = {"width": 1440, "height": 900}  # and without motion: each picture of an animation is drawn by a processor here
            windows[address] = browser.new_context(viewport=view, base_url=address, accept_downloads=True, reduced_motion="reduce")
            windows[address].set_default_timeout(PATIENCE)
            windows[address].new_page().goto("/_stcore/health")
        return windows[address]

    return of


@pytest.fixture
def context(window, address) -> BrowserContext:
    """The window of an address, without what earlier tests left in it; the tabs that a test opens are closed after it."""
    context = window(address)
    stays = context.pages[0]
    context.clear_cookies()
    stays.evaluate("localStorage.clear()")
    yield context
    for tab in context.pages:
        if tab != stays:
            tab.close()


@pytest.fixture
def page(context):
    """A fresh tab; the test fails if the page showed an exception or logged an error."""
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    yield page
    assert page.locator("[data-testid=stException]").count() == 0
    assert not errors


# What still changes the height of a page when its script has run: places kept for what comes when the rest is painted, charts that load
UNDRAWN = "[class*=st-key-page_painted_herald], [data-testid=stSkeleton], [data-testid=stPlotlyChart]:not(:has(.main-svg))"


@pytest.fixture
def resting(page) -> Callable[[Locator], dict]:
    """``resting(place)`` brings an element to the middle of the window, waits until the page has stopped growing, and says where it is.

    A script that has run is not enough: the browser asks for the slow parts of a page once the rest is painted, and what the pointer
    does by a place measured before goes beside it. And an element that counts as in view, so that Playwright does not scroll to it, may
    have been carried under the page's head, which then takes what the pointer does.
    """
    from playwright.sync_api import expect

    def rest(place: Locator) -> dict:
        before = None
        for _ in range(PATIENCE // 300):
            expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
            expect(page.locator(UNDRAWN)).to_have_count(0)
            place.evaluate("element => element.scrollIntoView({ block: 'center' })")
            box = place.bounding_box()
            if box == before:
                return box
            before = box
            page.wait_for_timeout(300)
        pytest.fail("the page does not come to rest")

    return rest


@pytest.fixture
def drag(page, resting) -> Callable[..., None]:
    """``drag(place, (0.2, 0.3), (0.5, 0.6))`` draws with the pointer from corner to corner, in shares of an element's width and height."""

    def draw(place: Locator, *corners: tuple[float, float]) -> None:
        box = resting(place)
        (x, y), *others = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in others:
            page.mouse.move(x, y, steps=8)
        assert place.bounding_box() == box, "the page moved while the pointer drew"
        page.mouse.up()

    return draw


def is_ours(message) -> bool:
    """Errors, but for Streamlit's own probe of its health address below a page's path, which answers 404."""
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")
