"""The Compare page's sums: many runs at once, against scikit-learn in a loop over bootstrap draws; and the page itself in a browser."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics as sklearn_metrics

from benchmarks.figure import Figure, timed
from benchmarks.opening import ROUNDS, VIEW, empty_page, held, opening, openings
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, browser_path, serving
from benchmarks.sources import Sources

SIZES = ((50, 624, 3), (20, 100_000, 6))  # runs, test images, seconds until the page stands
CHOSEN = 6
N_DRAWS = 1000
N_TIMED = 10  # draws of the alternative that are timed, for all would take hours
SLIDER = ".st-key-compare_operating_point_threshold input"


def run(sources: Sources, scratch: Path):
    for n_runs, n_samples, limit in SIZES:
        folder = scratch / f"models-{n_runs}-{n_samples}"
        write_runs(folder, n_runs, n_samples)
        yield from sums(folder, f"{n_runs} runs × {n_samples:,}")
        yield from page(folder, f"{n_runs} runs × {n_samples:,}", limit, empty_page(scratch))


def write_runs(folder: Path, n_runs: int, n_samples: int) -> None:
    """Finished runs with made-up scores of the same images, two images a patient; validation a sixth of the size."""
    from core.config import Recipe, RunConfig
    from core.external.known_images import Reference
    from core.external.predictions import store

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
    from core.metrics.alignment import line_up
    from core.metrics.comparison import compare_panel
    from core.metrics.evaluation import evaluate_panel
    from core.metrics.operating_point import thresholds_at
    from core.runs.store import list_runs

    runs = list_runs(folder)[0]
    panel = line_up(runs).panel
    _, first = timed(lambda: evaluate_panel(panel, thresholds_at(panel, runs)))
    _, moved = timed(lambda: evaluate_panel(panel, thresholds_at(panel, runs, 0.4)))
    part = panel.take(panel.names[:CHOSEN])
    _, pairs = timed(lambda: compare_panel(part, thresholds_at(part, runs, 0.4)))
    plain = _plain_seconds(panel) * len(runs)
    yield Figure(f"{what}: metrics with intervals", f"{first:.2f} s", f"scikit-learn in a loop, about {plain:,.0f} s", plain / first)
    yield Figure(f"{what}: at another threshold; 15 pairs of {CHOSEN} runs", f"{moved:.3f} s; {pairs:.3f} s")


def _plain_seconds(panel) -> float:
    """What 1,000 draws of one run would take with scikit-learn, from a few of them."""
    rng, y_true, y_score = np.random.default_rng(0), panel.y_true, panel.scores[0, :, 1]

    def draw() -> None:
        rows = rng.integers(0, len(y_true), len(y_true))
        y, s = y_true[rows], y_score[rows]
        sklearn_metrics.roc_auc_score(y, s), sklearn_metrics.average_precision_score(y, s)
        sklearn_metrics.brier_score_loss(y, s), sklearn_metrics.f1_score(y, s >= 0.5)

    return timed(lambda: [draw() for _ in range(N_TIMED)])[1] / N_TIMED * N_DRAWS


def page(folder: Path, what: str, limit: float, empty: Path):
    """Seconds until the page stands, and until it shows all, and from a key on the slider to the new figures."""
    from playwright.sync_api import sync_playwright

    names = sorted(path.name for path in folder.iterdir())[:CHOSEN]
    query = "&".join(f"compare_runs={name}" for name in names)
    app = serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_MODELS=str(folder))
    with app as ours, serving(empty) as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_FLAGS)
        url = f"{ours}/compare?{query}&compare_operating_point=Custom&compare_leaderboard=true"
        yield from openings(browser, url, _stands, theirs, what, limit)
        said = statistics.median(opening(browser, url, _shows_all) for _ in range(ROUNDS))
        yield Figure(f"{what}: page, a browser's first visit, its curves as a still picture", f"{said:.2f} s {held(said, limit)}")
        tab = browser.new_page(viewport=VIEW)
        tab.goto(url)
        _stands(tab)
        yield Figure(f"{what}: the newest two with their curves, from the Overview", f"{_from_overview(tab):.2f} s")
        tab.goto(url)
        _stands(tab)
        expected = [_figures(folder, names, 0.5 + step / 100) for step in range(1, 8)]
        moves = [_move(tab, figures) for figures in expected]
        browser.close()
    (figures, rest) = (sorted(seconds)[len(moves) // 2] for seconds in zip(*moves, strict=True))
    yield Figure(f"{what}: slider to the new figures; until the server has answered and the page rests", f"{figures:.3f} s; {rest:.2f} s")


def _shows_all(page) -> None:
    """Waits for the last part of the page, for the server, and for the curves, if only their picture."""
    page.wait_for_selector(".st-key-compare_disagreements h3")
    _settle(page)
    page.wait_for_selector(".st-key-compare_curves :is(img, .scatterlayer path)", state="attached")


def _stands(page) -> None:
    """Waits for the curves by Plotly, which the browser draws last."""
    _shows_all(page)
    page.wait_for_selector(".st-key-compare_curves .scatterlayer path", state="attached")


def _from_overview(tab) -> float:
    """Median seconds from a click on Compare until all of it stands, in a tab that has shown it before."""
    seconds = []
    for _ in range(ROUNDS):
        _menu(tab, "Overview").click()
        tab.wait_for_selector(".st-key-overview_leaderboard canvas", state="attached")
        _settle(tab)
        began = time.perf_counter()
        _menu(tab, "Compare").click()
        _stands(tab)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _menu(tab, title: str):
    return tab.get_by_test_id("stTopNavLink").filter(has_text=title).first


def _figures(folder: Path, names: list[str], threshold: float) -> dict[str, list[str]]:
    """What the page must say at a threshold, by the class of the place where it must say it."""
    from core.metrics.alignment import line_up
    from core.metrics.evaluation import evaluate_panel
    from core.runs.run import Run

    panel = line_up([Run(folder / name) for name in names]).panel
    found = evaluate_panel(panel, dict.fromkeys(panel.names, round(threshold, 2))).values()
    rates = [one.metrics[name] for one in found for name in ("accuracy", "sensitivity", "specificity", "precision")]
    return {
        "stMain": [f"threshold {threshold:.3f}"] * len(names),
        "st-key-compare_metrics": [_said(rate) for rate in rates],
        "st-key-compare_confusion": [f"{count:,}" for one in found for count in one.confusion_matrix.ravel()],
        "answer": [_said(one.metrics["f1"]) for one in found],
    }


def _said(estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})"


ALL_SAID = """places => Object.entries(places).every(([place, texts]) => {
    const said = document.querySelector("." + place)?.innerText ?? "";
    return texts.every((text) => said.split(text).length > texts.filter((other) => other === text).length);
})"""


def _move(tab, figures: dict[str, list[str]]) -> tuple[float, float]:
    """From a key on the slider until the legend, the rates and the confusion matrices of all runs are those of the new threshold, and
    until the server's own answer (the interval of F1 comes from it alone) is there and the page rests."""
    answer = {"st-key-compare_metrics": figures["answer"]}
    shown = {place: texts for place, texts in figures.items() if place != "answer"}
    tab.focus(SLIDER)
    began = time.perf_counter()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function(ALL_SAID, arg=shown, polling=20, timeout=60_000)
    seen = time.perf_counter() - began
    tab.wait_for_function(ALL_SAID, arg=answer, polling=20, timeout=60_000)
    _settle(tab)
    return seen, time.perf_counter() - began


def _settle(tab) -> None:
    tab.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=120_000)
