"""The Compare page's sums: many runs at once, against scikit-learn in a loop over bootstrap draws; and the page itself in a browser."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics as sklearn_metrics

from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, serving
from benchmarks.sources import Sources

SIZES = ((50, 624), (20, 100_000))
CHOSEN = 6
N_DRAWS = 1000
N_TIMED = 10  # draws of the alternative that are timed, for all would take hours
SLIDER = ".st-key-compare_operating_point_threshold input"


def run(sources: Sources, scratch: Path):
    for n_runs, n_samples in SIZES:
        folder = scratch / f"models-{n_runs}-{n_samples}"
        write_runs(folder, n_runs, n_samples)
        yield from sums(folder, f"{n_runs} runs × {n_samples:,}")
        yield from page(folder, f"{n_runs} runs × {n_samples:,}")


def write_runs(folder: Path, n_runs: int, n_samples: int) -> None:
    """Finished runs with made-up scores of the same images, two images a patient; validation a sixth of the size."""
    from core.config import Recipe, RunConfig
    from core.imports.predictions import store
    from core.imports.reference import Reference

    rng, class_names = np.random.default_rng(0), ("NORMAL", "PNEUMONIA")
    samples = pd.concat([_samples("test", n_samples), _samples("train", max(n_samples // 6, 60))], ignore_index=True)
    reference = Reference("made up", "0" * 16, pd.DataFrame())
    ill = samples["y_true"].to_numpy()
    shared = rng.normal(0, 1, len(samples)) + 2 * ill
    for number in range(n_runs):
        score = (1 / (1 + np.exp(1 - shared - rng.normal(0, 1, len(samples))))).astype(np.float32)
        table = samples.assign(p_NORMAL=1 - score, p_PNEUMONIA=score)
        made = store(table, class_names, f"Run {number}", 0.5, reference, folder, "made up")
        made.write_config(RunConfig(**made.config.model_dump() | {"recipe": Recipe(), "seed": number}))


def _samples(folder: str, n: int) -> pd.DataFrame:
    ill = np.arange(n) % 8 < 5
    names = [
        f"{folder}/PNEUMONIA/person{i // 2}_{'virus' if i % 3 else 'bacteria'}_{i}.jpeg"
        if is_ill
        else f"{folder}/NORMAL/IM-{i // 2}-{i}.jpeg"
        for i, is_ill in enumerate(ill)
    ]
    return pd.DataFrame({"sample_id": names, "split": "test" if folder == "test" else "val", "y_true": ill.astype(np.int64)})


def sums(folder: Path, what: str):
    """Stored scores to metrics with intervals, again at another threshold, and all pairs of six runs."""
    from core.metrics.comparison import compare_panel
    from core.metrics.evaluation import evaluate_panel
    from core.metrics.lineup import line_up
    from core.metrics.operating import thresholds_at
    from core.runs import list_runs

    runs = list_runs(folder)[0]
    lined, panel = _timed(lambda: line_up(runs).panel)
    first, _ = _timed(lambda: evaluate_panel(panel, thresholds_at(panel, runs)))
    moved, _ = _timed(lambda: evaluate_panel(panel, thresholds_at(panel, runs, 0.4)))
    part = panel.take(panel.names[:CHOSEN])
    pairs, _ = _timed(lambda: compare_panel(part, thresholds_at(part, runs, 0.4)))
    plain = _plain_seconds(panel) * len(runs)
    yield f"{what}: metrics with intervals {lined + first:.2f} s, scikit-learn in a loop about {plain:,.0f} s: {plain / first:,.0f} times"
    yield f"{what}: at another threshold {moved:.3f} s; 15 pairs of {CHOSEN} runs {pairs:.3f} s"


def _plain_seconds(panel) -> float:
    """What 1,000 draws of one run would take with scikit-learn, from a few of them."""
    rng, y_true, y_score = np.random.default_rng(0), panel.y_true, panel.scores[0, :, 1]

    def draw() -> None:
        rows = rng.integers(0, len(y_true), len(y_true))
        y, s = y_true[rows], y_score[rows]
        sklearn_metrics.roc_auc_score(y, s), sklearn_metrics.average_precision_score(y, s)
        sklearn_metrics.brier_score_loss(y, s), sklearn_metrics.f1_score(y, s >= 0.5)

    return _timed(lambda: [draw() for _ in range(N_TIMED)])[0] / N_TIMED * N_DRAWS


def page(folder: Path, what: str):
    """Seconds until the whole page stands, in a session of its own after a first visit, and from a key on the slider to the new figures."""
    from playwright.sync_api import sync_playwright

    names = sorted(path.name for path in folder.iterdir())[:CHOSEN]
    query = "&".join(f"compare_runs={name}" for name in names)
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_MODELS=str(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        visits = []
        for _ in range(3):
            tab = browser.new_page(viewport={"width": 1440, "height": 900})
            began = time.perf_counter()
            tab.goto(f"{address}/compare?{query}&compare_operating_point=Custom&compare_leaderboard=true", wait_until="commit")
            tab.wait_for_selector(".st-key-compare_disagreements h3", timeout=120_000)
            _settle(tab)
            visits.append(time.perf_counter() - began)
        moves = [_move(tab, 0.5 + step / 100) for step in range(1, 8)]
        browser.close()
    slider = sorted(moves)[len(moves) // 2]
    yield f"{what}: page first {visits[0]:.2f} s, warm {min(visits[1:]):.2f} s; slider {slider:.2f} s to the new figures"


def _move(tab, threshold: float) -> float:
    """From a key on the slider until the legend shows the new threshold and the page rests."""
    tab.focus(SLIDER)
    began = time.perf_counter()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("text => document.body.innerText.includes(text)", arg=f"threshold {threshold:.3f}", polling=20, timeout=60_000)
    _settle(tab)
    return time.perf_counter() - began


def _settle(tab) -> None:
    tab.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=120_000)


def _timed(function) -> tuple[float, object]:
    began = time.perf_counter()
    result = function()
    return time.perf_counter() - began, result
