"""The Inspect page in a browser, warm, on a model of MobileNetV2's size: upload to map, and a change of opacity, colours or cut.

The alternative blends on the server and sends a picture, as `st.image` pages do.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from benchmarks.figure import Figure
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving
from benchmarks.sources import Sources

ROUNDS = 7
N_TRAIN, N_VAL = 200, 60
SERVER_SIDE = """
import numpy as np, streamlit as st
from core.saliency import overlay
grey = np.random.default_rng(0).integers(0, 255, (1100, 1400), dtype=np.uint8)
heat = np.random.default_rng(1).random((224, 224), dtype=np.float32)
with st.container(key="inspect_opacity"):
    opacity = st.slider("Opacity", 0.0, 1.0, 0.45, 0.05)
st.image(overlay(grey, heat, opacity), output_format="JPEG")
"""


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    models, empty = scratch / "inspect_models", scratch / "blending.py"
    mobilenet_run(sources, models)
    empty.write_text(SERVER_SIDE)
    ours = serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_MODELS=str(models), PNEUMOLENS_DATA=str(sources.data))
    with ours as address, serving(empty) as plain, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        page.set_default_timeout(120_000)
        uploads = [upload(page, f"{address}/inspect", path) for path in films(sources.originals, scratch)][1:]
        yield Figure("upload to probabilities and map", f"{statistics.median(uploads):.2f} s, {spread(uploads)}")
        alternative = [server_side(browser, plain) for _ in range(3)]
        for name, change in CHANGES.items():
            times = [change(page, n) for n in range(ROUNDS)]
            ratio = statistics.median(alternative) / statistics.median(times)
            yield Figure(name, milliseconds(times), f"blended on the server, {milliseconds(alternative)}", ratio)
        browser.close()


def mobilenet_run(sources: Sources, models: Path) -> None:
    """A finished run of an untrained MobileNetV2 that was measured on some of the images."""
    from benchmarks.saliency import mobilenet
    from core.datasets import open_dataset
    from core.input_checks import build_reference, save_reference
    from core.runs.store import create_run
    from core.training.plan import plan

    dataset, model = open_dataset(sources.data), mobilenet()
    made = create_run(plan("cnn1", 2, {}, 0).model_copy(update={"fingerprint": dataset.fingerprint}), sources.data, models)
    split = dataset.samples["split"].to_numpy(dtype=object)
    train = np.random.default_rng(0).permutation(np.flatnonzero(split == "train"))
    split[train] = "unused"
    split[train[:N_TRAIN]], split[train[N_TRAIN : N_TRAIN + N_VAL]] = "train", "val"
    made.write_split(dataset.samples["sample_id"], pd.Series(split))
    scored = dataset.samples[np.isin(split, ["val", "test"])]
    ill = (scored["class_name"] != "NORMAL").to_numpy()
    p = np.clip(0.3 + 0.4 * ill + np.random.default_rng(0).normal(0, 0.2, len(ill)), 0.01, 0.99)
    rows = {"sample_id": scored["sample_id"], "split": split[np.isin(split, ["val", "test"])], "y_true": ill.astype(int)}
    made.write_predictions(pd.DataFrame(rows | {"p_NORMAL": 1 - p, "p_PNEUMONIA": p}).astype({"split": "str"}))
    made.write_card({"thresholds": {"half": 0.5, "youden": 0.5, "sensitivity_95": 0.5}, "recommended": {"rule": "youden", "value": 0.5}})
    model.save(made.model_path)
    save_reference(made, build_reference(made, model, dataset))
    made.write_status("finished", epoch=1, epochs=1)


def films(originals: Path, scratch: Path) -> list[Path]:
    """Full-size files, each of a size of its own: that is how the page is known to show the new one."""
    paths = sorted(originals.rglob("*.jpeg"))
    films = []
    for number, path in enumerate(paths[:: max(1, len(paths) // (ROUNDS + 1))][: ROUNDS + 1]):
        picture, film = Image.open(path), scratch / f"film{number}.jpeg"
        picture.crop((0, 0, picture.width, picture.height - number)).save(film, quality=95)
        films.append(film)
    return films


def upload(page, address: str, path: Path) -> float:
    """Seconds until the new picture's size, its map and its probabilities are on the page."""
    width, height = Image.open(path).size
    page.goto(address)  # a new session, on a server that has the model
    page.wait_for_selector(".st-key-inspect_probabilities .js-plotly-plot")
    page.wait_for_timeout(500)
    began = time.perf_counter()
    page.locator(".st-key-inspect_upload input[type=file]").set_input_files(path)
    page.wait_for_function(
        """size => document.querySelector(".maps-notes")?.innerText.includes(size)
            && [...document.querySelectorAll(".maps canvas")].length
            && document.querySelector(".st-key-inspect_probabilities")?.innerText.includes("p(PNEUMONIA)")""",
        arg=f"{width:,} × {height:,}",
    )
    return time.perf_counter() - began


def opacity(page, n: int) -> float:
    page.locator(".st-key-inspect_opacity input[type=range]").focus()
    before = page.locator(".maps").get_attribute("data-opacity")
    return until_changed(page, "opacity", before, lambda: page.keyboard.press("ArrowRight" if n % 2 == 0 else "ArrowLeft"))


def colours(page, n: int) -> float:
    name = ("viridis", "inferno")[n % 2]
    button = page.locator(".st-key-inspect_colours").get_by_text(name)
    return until_changed(page, "colours", page.locator(".maps").get_attribute("data-colours"), button.click)


def cut(page, n: int) -> float:
    slider = page.locator(".st-key-inspect_cut input[type=range]")
    if not slider.is_visible():
        page.get_by_role("button", name="Display").click()
    slider.focus()
    before = page.locator(".maps").get_attribute("data-cut")
    return until_changed(page, "cut", before, lambda: page.keyboard.press("ArrowRight"))


CHANGES = {"opacity": opacity, "colours": colours, "cut": cut}


def until_changed(page, name: str, before: str, act) -> float:
    began = time.perf_counter()
    act()
    page.wait_for_function("([name, before]) => document.querySelector('.maps').dataset[name] !== before", arg=[name, before])
    seconds = time.perf_counter() - began
    page.wait_for_timeout(400)  # let the server catch up, so that no change waits for the one before
    return seconds


def server_side(browser, address: str) -> float:
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector("img")
    before = page.locator("img").first.get_attribute("src")
    page.locator(".st-key-inspect_opacity input[type=range]").focus()
    began = time.perf_counter()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => [...document.querySelectorAll('img')].every(i => i.getAttribute('src') !== before && i.complete)", arg=before
    )
    seconds = time.perf_counter() - began
    page.close()
    return seconds


def milliseconds(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.0f} ms"


def spread(times: list[float]) -> str:
    return f"{min(times):.2f}–{max(times):.2f} over {len(times)} rounds"
