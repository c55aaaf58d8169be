"""Every saliency method on phantoms whose opacity is known: pointing game, overlap and energy, beside maps that know nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.phantom_cnn import CELL, SIZE, trained
from benchmarks.sources import Sources

N_FILMS = 40


def run(sources: Sources, scratch: Path):
    from core.saliency import METHODS, explain

    model, images, masks = trained()
    images, masks = images[:N_FILMS], masks[:N_FILMS]
    yield f"{len(images)} bacterial phantoms that a small CNN recognises; opacity covers {100 * masks.mean():.1f} % of a film"
    yield f"{'method':<22} {'pointing':>8} {'grown':>6} {'IoU':>6} {'energy':>6}"
    for method in METHODS:
        yield row(method.title, [explain(model, image, method, 1).heatmap for image in images], masks)
    for title, heatmaps in controls(len(images)).items():
        yield row(title, heatmaps, masks)


def row(title: str, heatmaps: list[np.ndarray], masks: np.ndarray) -> str:
    """Mean of each measure; `grown` is the pointing game with the opacity grown by half a cell of the CAMs."""
    from core.saliency.localisation import energy_inside, overlap, pointing_game

    pairs = list(zip(heatmaps, masks, strict=True))
    hits, grown = (np.mean([pointing_game(h, m, tolerance) for h, m in pairs]) for tolerance in (0, CELL // 2))
    shared, inside = (np.mean([measure(h, m) for h, m in pairs]) for measure in (overlap, energy_inside))
    return f"{title:<22} {hits:>8.2f} {grown:>6.2f} {shared:>6.2f} {inside:>6.2f}"


def controls(n: int) -> dict[str, list[np.ndarray]]:
    from core.saliency.checks.deletion_insertion import centred
    from core.saliency.heatmap import resize_map

    rng = np.random.default_rng(0)
    random = [resize_map(rng.random((SIZE // CELL, SIZE // CELL)), SIZE, SIZE) for _ in range(n)]
    return {"a fixed Gaussian": [centred(SIZE, SIZE)] * n, "random maps": random}
