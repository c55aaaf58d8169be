"""Every saliency method on phantoms whose opacity is known: pointing game, overlap and energy, beside maps that know nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.phantom_cnn import CELL, SIZE, trained
from benchmarks.sources import Sources

N_FILMS = 40


def run(sources: Sources, scratch: Path):
    from core.saliency import METHODS, explain

    model, images, masks = trained()
    images, masks = images[:N_FILMS], masks[:N_FILMS]
    what = f"on {len(images)} phantoms, opacity {masks.mean():.1%} of a film"
    random = measures(controls(len(images))["random maps"], masks)
    for method in METHODS:
        found = measures([explain(model, image, method, 1).heatmap for image in images], masks)
        yield Figure(f"{method.title} {what}", text(found), f"random maps: {text(random)}", found["energy"] / random["energy"])
    for title, heatmaps in controls(len(images)).items():
        yield Figure(f"{title} {what}", text(measures(heatmaps, masks)))


def measures(heatmaps: list[np.ndarray], masks: np.ndarray) -> dict[str, float]:
    """Mean of each measure; `grown` is the pointing game with the opacity grown by half a cell of the CAMs."""
    from core.saliency.localisation import energy_inside, overlap, pointing_game

    pairs = list(zip(heatmaps, masks, strict=True))
    hits, grown = (np.mean([pointing_game(h, m, tolerance) for h, m in pairs]) for tolerance in (0, CELL // 2))
    shared, inside = (np.mean([measure(h, m) for h, m in pairs]) for measure in (overlap, energy_inside))
    return {"pointing": hits, "grown": grown, "IoU": shared, "energy": inside}


def text(found: dict[str, float]) -> str:
    return ", ".join(f"{measure} {value:.2f}" for measure, value in found.items())


def controls(n: int) -> dict[str, list[np.ndarray]]:
    from core.saliency.checks.deletion_insertion import centred
    from core.saliency.heatmap import resize_map

    rng = np.random.default_rng(0)
    random = [resize_map(rng.random((SIZE // CELL, SIZE // CELL)), SIZE, SIZE) for _ in range(n)]
    return {"a fixed Gaussian": [centred(SIZE, SIZE)] * n, "random maps": random}
