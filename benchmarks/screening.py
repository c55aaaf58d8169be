"""How many strange pictures runs with a reference warn of and refuse, and how many real test radiographs (false alarms).

With the outlines of the chest and, beside it, without them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

from benchmarks.figure import Figure
from benchmarks.sources import Sources

N = 60


def run(sources: Sources, scratch: Path):
    from core.datasets import open_dataset
    from core.inference.predict import load_model
    from core.input_checks import open_reference
    from core.input_checks.feature_distance import features
    from core.runs.store import list_runs

    dataset = open_dataset(sources.data)
    for run in list_runs()[0]:
        reference = open_reference(run)
        if reference is None or not run.model_path.exists():
            continue
        model, size = load_model(run), run.config.image_size
        for name, pictures in collections(dataset, sources.originals, size, run.config.recipe.resize):
            pairs = list(zip(pictures, features(model, pictures)[1], strict=True))
            found, without = ([judge.check(*pair) for pair in pairs] for judge in (reference, replace(reference, outlines=None)))
            (warned, refused), (before, _) = (_shares(findings) for findings in (found, without))
            kinds = sorted({finding.kind for findings in found for finding in findings})
            shares = ", ".join(f"{kind} {np.mean([any(f.kind == kind for f in fs) for fs in found]):.2f}" for kind in kinds)
            yield Figure(
                f"{run.name}: {name}, n = {len(found)}",
                f"{warned:.3f} warned of ({before:.3f} without outlines), {refused:.3f} refused ({shares})",
            )


def _shares(found) -> tuple[float, float]:
    """Of lists of findings: the share that warns or refuses, and the share that refuses."""
    from core.input_checks import is_refused

    return float(np.mean([bool(f) for f in found])), float(np.mean([is_refused(f) for f in found]))


def collections(dataset, originals: Path, size: int, resize: str):
    """Real test radiographs, then pictures that are none, or are not upright."""
    from core.datasets.phantom.write import radiograph
    from core.images import read_grey

    test = dataset.samples.loc[dataset.samples["split"] == "test", "sample_id"]
    yield "test radiographs", np.stack([dataset.read(sample_id, size, resize) for sample_id in test])
    if (adults := originals.parent / "adults").is_dir():
        yield "adults", np.stack([read_grey(path, size, resize) for path in sorted(adults.rglob("*.jpeg"))])
    films = np.stack([read_grey(path, size, resize) for path in sorted(originals.rglob("*.jpeg"))])
    yield "originals", films
    for quarter in (1, 2, 3):
        yield f"originals turned by {90 * quarter}°", np.rot90(films, quarter, (1, 2)).copy()
    for degrees in (10, 15, 20):
        leaning = [np.asarray(Image.fromarray(film).rotate(degrees, Image.Resampling.BILINEAR)) for film in films]
        yield f"originals turned by {degrees}°", np.stack(leaning)
    yield "negatives of originals", 255 - films
    yield "pieces of two photographs", photographs(size)
    yield "1/f noise, as in natural scenes", natural_noise(size)
    rng = np.random.default_rng(3)
    yield "phantoms", np.stack([radiograph(rng, ("normal", "bacterial", "viral")[i % 3], size).image for i in range(N)])


def photographs(size: int) -> np.ndarray:
    """Random pieces of scikit-learn's temple and flower, grey: ndarray of shape (N, size, size), uint8."""
    rng, pieces = np.random.default_rng(0), []
    for picture in load_sample_images().images:
        grey = Image.fromarray(picture).convert("L")
        for _ in range(N // 2):
            height = int(rng.integers(150, grey.height))
            width = min(grey.width, int(height * rng.uniform(0.8, 1.4)))
            left, top = int(rng.integers(0, grey.width - width + 1)), int(rng.integers(0, grey.height - height + 1))
            pieces.append(np.asarray(grey.crop((left, top, left + width, top + height)).resize((size, size), Image.Resampling.BILINEAR)))
    return np.stack(pieces)


def natural_noise(size: int) -> np.ndarray:
    """Noise whose amplitude falls with frequency, by powers 0.5 to 2: ndarray of shape (N, size, size), uint8."""
    rng = np.random.default_rng(0)
    radius = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None])
    radius[0, 0] = 1
    pictures = []
    for i in range(N):
        noise = np.fft.irfft2(np.fft.rfft2(rng.normal(size=(size, size))) / radius ** (0.5 * (1 + i % 4)), (size, size))
        pictures.append((255 * (noise - noise.min()) / np.ptp(noise)).astype(np.uint8))
    return np.stack(pictures)
