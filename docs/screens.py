"""Take the pictures of the documents anew: ``python -m docs.screens URL [NAME ...]``, on a dashboard that shows the real set.

Start the dashboard with a relative path to the images, since the Data page shows the path as it was given. No picture shows a film of a
patient: the repository holds none.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import browser_path

FOLDER = Path(__file__).parent / "pictures"
SIZE, MOST_BYTES = {"width": 1440, "height": 900}, 119_000
COMPARED = "?compare_runs=lens-scratch-20261121-124908-24121f&compare_runs=three-conv-cnn-20261121-020428-ee3f65"
INSPECTED = "?inspect_runs=lens-mobilenet-20261121-133259-21f5d5&inspect_runs=five-block-cnn-20261121-020959-39a45d"
MAIN = "document.querySelector('[data-testid=stMain]')"
QUIET = """() => !document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]') &&
    document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"""


class Shot(NamedTuple):
    """A page, the text that is scrolled to, pixels cut off above, a button that is pressed first, pixels left above the text."""

    address: str
    target: str = ""
    cut: int = 0
    button: str = ""
    above: int = 60


SHOTS = {
    "balance": Shot("/data"),
    "audit": Shot("/data", "What could mislead a model", 30),
    "groups": Shot("/data", "Hidden groups", 112),
    "compare": Shot(f"/compare{COMPARED}"),
    "confusion": Shot(f"/compare{COMPARED}", "Confusion matrices", above=160),
    "difference": Shot(f"/compare{COMPARED}", "Is the difference real?", above=160),
    "inspect": Shot(f"/inspect{INSPECTED}"),
    "checks": Shot(f"/inspect{INSPECTED}", "Can these maps be trusted?", button="Check this map"),
}


def take(page: Page, url: str, shot: Shot) -> Image.Image:
    """The page as a visitor with a laptop sees it."""
    page.goto(url + shot.address)
    page.wait_for_selector("[data-testid=stMain] [data-testid=stElementContainer]", timeout=180_000)
    rest(page)
    if shot.button:
        page.get_by_text(shot.target).first.click()
        page.get_by_role("button", name=shot.button).first.click()
        rest(page)
    for _ in range(3 if shot.target else 0):  # what is drawn late moves what stands below it
        page.get_by_text(shot.target, exact=True).first.evaluate("element => element.scrollIntoView({block: 'start'})")
        page.evaluate(f"{MAIN}.scrollBy(0, -{shot.above})")
        rest(page)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB").crop((0, shot.cut, SIZE["width"], SIZE["height"]))


def rest(page: Page) -> None:
    """Wait until nothing is drawn any more."""
    page.wait_for_timeout(1000)
    page.wait_for_function(QUIET, timeout=180_000)
    page.wait_for_timeout(2500)


def save(picture: Image.Image, path: Path) -> None:
    """As a JPEG of the best quality that keeps the file small."""
    for quality in range(85, 40, -5):
        picture.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= MOST_BYTES:
            return


def main(url: str, *names: str) -> None:
    """Take all pictures, or those named."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        for name in names or SHOTS:
            save(take(page, url.rstrip("/"), SHOTS[name]), FOLDER / f"{name}.jpg")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
