"""Several people at once: each sees the map of the picture that they uploaded."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from benchmarks.serving import PROJECT
from core.datasets.phantom.write import radiograph
from core.images import read_grey
from tests.e2e.conftest import PATIENCE, is_ours

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
N_SESSIONS, N_WINDOWS = 10, 2  # tabs of two people in turn: strangers to each other, and tabs that share a window
LEVELS = "document.querySelector('.maps').parentElement.viewer.data.tiles.at(-1).map.levels"


@pytest.fixture(scope="module")
def films() -> list[bytes]:
    """Ten patients, each film of its own size."""
    rng, films = np.random.default_rng(8), []
    for i in range(N_SESSIONS):
        buffer = io.BytesIO()
        Image.fromarray(radiograph(rng, ("normal", "bacterial", "viral")[i % 3], 300).image).resize((300 + i, 280)).save(buffer, "PNG")
        films.append(buffer.getvalue())
    return films


@pytest.fixture(scope="module")
def run():
    from core.runs.store import list_runs

    return next(run for run in list_runs(PROJECT / "models")[0] if run.config.system == "cnn1" and run.model_path.exists())


def _file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def expected_levels(run, model, film: bytes) -> np.ndarray:
    from core.saliency import explain

    pixels = read_grey(film, run.config.image_size, run.config.recipe.resize)
    return np.rint(255 * explain(model, pixels, "grad_cam", 1).heatmap)


def test_sessions_at_once_see_their_own_maps(browser, dashboard, run, films):
    from core.inference.predict import load_model

    model = load_model(run)  # once: a model is compiled for its maps
    query = f"/inspect?inspect_runs={run.name}&inspect_class={run.config.class_names[1]}"
    windows = [browser.new_context(base_url=dashboard, reduced_motion="reduce") for _ in range(N_WINDOWS)]
    pages, errors = [windows[i % N_WINDOWS].new_page() for i in range(N_SESSIONS)], []
    for page in pages:
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
        page.goto(query, wait_until="commit")
    for i, (page, film) in enumerate(zip(pages, films, strict=True)):
        page.locator(".st-key-inspect_upload input[type=file]").set_input_files(
            {"name": f"{i}.png", "mimeType": "image/png", "buffer": film}
        )
    for i, (page, film) in enumerate(zip(pages, films, strict=True)):
        expect(page.locator(".st-key-inspect_overlay")).to_contain_text(f"Your image, {300 + i} × 280 pixels")
        refused = page.get_by_text("Show the scores all the same")
        expect(page.locator(".maps canvas").first.or_(refused)).to_be_visible()
        if refused.is_visible():
            refused.click()
        expect(page.locator(".maps canvas").first).to_be_visible()
        levels = np.frombuffer(base64.b64decode(page.evaluate(LEVELS)), np.uint8).reshape(2 * [run.config.image_size])
        assert np.abs(levels - expected_levels(run, model, film)).max() <= 2, f"session {i} shows another map"
        assert page.locator("[data-testid=stException]").count() == 0
    assert not errors
    for window in windows:
        window.close()
