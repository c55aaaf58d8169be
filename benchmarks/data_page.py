"""The Data page: open, click and audit on the images given, and on a generated table of a million rows. Each time with its limit."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from benchmarks.figure import Figure, timed
from benchmarks.opening import PATIENCE, ROUNDS, VIEW, empty_page, held, openings
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving
from benchmarks.sources import Sources

N_ROWS = 1_000_000
CLICKS = {  # what is clicked, what must differ then, and the way there and back
    "a class of the balance": (".st-key-data_balance .slice >> nth=4", ".st-key-data_gallery", ".st-key-data_clear button"),
    "grey levels": (".st-key-data_look button >> nth=3", ".st-key-data_gallery", ".st-key-data_look button >> nth=0"),
    "sizes": (".st-key-data_look button >> nth=4", ".st-key-data_gallery", ".st-key-data_look button >> nth=0"),
    "a remedy": (".st-key-data_remedy button >> nth=1", ".st-key-data_remedies", ".st-key-data_remedy button >> nth=0"),
}


@dataclass(frozen=True)
class Limits:
    """Seconds, and bytes of memory."""

    page: float
    click: float
    memory: float


REAL, MILLION = Limits(2.5, 0.5, 2 * 2**30), Limits(4, 1, 2 * 2**30)


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    yield from audits(sources)
    table = scratch / "million.parquet"
    million_rows(N_ROWS).to_parquet(table)
    with serving(empty_page(scratch)) as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        for title, data, limits in (("images given", sources.data, REAL), (f"{N_ROWS:,} rows", table, MILLION)):
            with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA=str(data)) as ours:
                yield from openings(browser, f"{ours}/data", stands, theirs, title, limits.page)
                for what, times in click_times(browser, ours).items():
                    middle = statistics.median(times)
                    yield Figure(f"{title}: click on {what}", f"{middle:.2f} s {held(middle, limits.click)}, largest {max(times):.2f} s")
                memory = server_memory(ours)
                yield Figure(f"{title}: memory of the server", f"{memory / 2**30:.2f} GB {held(memory, limits.memory, '2 GB')}")
        browser.close()


def audits(sources: Sources):
    """The audit with its index and pixels, cold and again, in this process and with the start of one."""
    from core.audit import audit_dataset
    from core.datasets import open_dataset
    from core.datasets.mean_images import decode_small

    dataset, index = timed(lambda: open_dataset(sources.data))
    _, pixels = timed(lambda: decode_small(dataset))
    _, checks = timed(lambda: audit_dataset(dataset))
    _, warm = timed(lambda: audit_dataset(open_dataset(sources.data)))
    command = [sys.executable, "-m", "core", "audit", str(sources.data), "--json"]
    process = min(timed(lambda: subprocess.run(command, cwd=PROJECT, check=True, capture_output=True))[1] for _ in range(2))
    total = index + pixels + checks
    stages = f"index {index:.1f}, pixels {pixels:.1f}, checks {checks:.1f}"
    yield Figure(f"audit of {len(dataset.samples):,} images, cold: {stages} s", f"{total:.1f} s {held(total, 60)}")
    yield Figure("audit again", f"{warm:.2f} s {held(warm, 1)}", f"cold, {total:.1f} s", total / warm)
    yield Figure("audit again, with the start of a process", f"{process:.2f} s")


def stands(page) -> None:
    """Waits for the balance, ready to be clicked, and the images below it."""
    page.locator(".st-key-data_balance .slice").first.wait_for()
    page.locator(".st-key-data_gallery").get_by_text(" images, in a fixed").wait_for()


def click_times(browser, address: str) -> dict[str, list[float]]:
    """Seconds from each click until the part of the page that follows it reads otherwise, there and back."""
    page = browser.new_page(viewport=VIEW)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/data")
    stands(page)
    settle(page)
    times = {}
    for what, (there, follows, back) in CLICKS.items():
        for target in (there, back):  # the first time loads the parts of the browser's program that draw it
            click_time(page, target, follows)
        times[what] = [click_time(page, target, follows) for _ in range(ROUNDS) for target in (there, back)]
    page.close()
    return times


def click_time(page, target: str, follows: str) -> float:
    """Seconds from a click until a part of the page reads otherwise and the run has ended."""
    before = page.locator(follows).inner_text()
    page.locator(target).scroll_into_view_if_needed()
    began = time.perf_counter()
    page.locator(target).click()
    page.wait_for_function("([part, text]) => document.querySelector(part).innerText !== text", arg=[follows, before])
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'")
    seconds = time.perf_counter() - began
    settle(page)
    return seconds


def settle(page) -> None:
    """Wait until Streamlit is idle."""
    page.wait_for_timeout(300)
    page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testScriptState !== 'running'")


def server_memory(address: str) -> int:
    """Resident bytes of the process that listens at the address."""
    port = int(address.rpartition(":")[2])
    alive = [process for process in psutil.Process().children(recursive=True) if process.status() != psutil.STATUS_ZOMBIE]
    return max(process.memory_info().rss for process in alive if str(port) in process.cmdline())


def million_rows(n: int) -> pd.DataFrame:
    """A sample table without files: three splits, four classes, half as many patients as images, planted copies."""
    rng = np.random.default_rng(0)
    content = rng.integers(0, 2**63, n)
    content[n // 2 : n // 2 + n // 1000] = content[: n // 1000]
    return pd.DataFrame(
        {
            "sample_id": pd.Series(np.arange(n)).map("image_{:07d}.png".format),
            "class_name": rng.choice(["normal", "pneumonia", "covid", "tuberculosis"], n, p=[0.5, 0.3, 0.15, 0.05]),
            "split": rng.choice(["train", "val", "test"], n, p=[0.7, 0.1, 0.2]),
            "patient_id": rng.integers(0, n // 2, n),
            "width": rng.integers(500, 3000, n),
            "height": rng.integers(500, 3000, n),
            "mode": "L",
            "n_bytes": rng.integers(20_000, 2_000_000, n),
            "quantisation_sum": rng.choice([330, 960, 1858], n),
            "content_hash": [f"{value:032x}" for value in content],
            "perceptual_hash": [rng.bytes(32).hex() for _ in range(n)],
            "mean_intensity": rng.normal(120, 15, n),
            "std_intensity": rng.normal(55, 6, n),
            "rim_mean": rng.normal(85, 10, n),
            "rim_black": rng.uniform(0, 0.5, n),
            "letters": rng.uniform(0, 3, n),
        }
    )
