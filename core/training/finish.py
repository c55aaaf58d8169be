"""The last steps of a run: score validation, battery and test once, choose thresholds, write the card; measure the training images."""

from __future__ import annotations

import sys
import time

import keras
import numpy as np
import pandas as pd
import psutil

from core.datasets.split_images import SplitImages
from core.inference.score_remarks import remarks
from core.inference.score_tables import score_battery, score_samples
from core.input_checks import build_reference, save_reference
from core.input_checks.measure import TooFewImages
from core.input_checks.unlikeness import save_unlikeness
from core.metrics.thresholds import operating_points
from core.parallel import Progress
from core.runs.card import INTENDED_USE
from core.runs.run import Run
from core.runs.store import models_dir
from core.training.callbacks.divergence import strayed

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]  # Windows has none


def score_run(run: Run, model: keras.Model, images: SplitImages, progress: Progress | None = None, said: tuple[str, ...] = ()) -> None:
    """Write ``predictions.parquet``, ``battery.parquet`` and ``card.json`` of a trained run.

    Parameters
    ----------
    run : Run
        With its best model saved.
    model : keras.Model
        That one.
    images : SplitImages
    progress : callable of (int, int), optional
    said : tuple of str
        What the training already said of itself; it heads the card's ``warnings``.
    """
    began = time.monotonic()
    table = score_samples(model, run, images, ("val", "test"), progress)
    milliseconds = (time.monotonic() - began) / max(len(table), 1) * 1e3
    run.write_predictions(table)
    run.write_battery(score_battery(model, run, images, progress))
    run.write_card(_card(run, model, images.split, milliseconds) | operating_points(run) | {"warnings": [*said, *_warnings(run, table)]})


def measure_training_images(run: Run, model: keras.Model, images: SplitImages, progress: Progress | None = None) -> None:
    """Write ``reference.npz`` of a scored run, by which out-of-distribution films are known, and how unlike its test films are.

    The run is whole without them.

    What prevents it, such as too few images or a request to stop, is said on standard error.

    Parameters
    ----------
    run : Run
    model : keras.Model
        The run's model.
    images : SplitImages
    progress : callable of (int, int), optional
    """
    try:
        reference = build_reference(run, model, images.dataset, progress, images)
        save_reference(run, reference)
        save_unlikeness(run, model, reference, images.dataset, images, progress)
    except TooFewImages as error:
        print(f"The training images were not measured, so films unlike them will not be noticed: {error}", file=sys.stderr)
    except Exception as error:  # whatever it is, it must not lose the run
        reason = (str(error) or type(error).__name__).rstrip(". ")
        known = run.name if run.path.parent == models_dir() else run.path
        print(f"The training images were not measured: {reason}. Later: python -m core reference {known} --data DATA", file=sys.stderr)


def _card(run: Run, model: keras.Model, split: pd.Series, milliseconds: float) -> dict:
    history = run.history
    return {
        "params_total": model.count_params(),
        "params_trainable": int(sum(np.prod(w.shape) for w in model.trainable_weights)),
        "model_bytes": run.model_path.stat().st_size,
        "epochs": len(history),
        "best_epoch": int(history.loc[_best(run), "epoch"]),
        "seconds": round(float(history["seconds"].sum()), 1),
        "images_per_second": round(float(history["images_per_second"].median()), 1),
        "milliseconds_per_image": round(milliseconds, 2),
        "peak_memory_mb": peak_memory_mb(),
        "n_samples": {name: int(n) for name, n in split.value_counts().items()},
        "intended_use": INTENDED_USE,
    }


def _warnings(run: Run, table: pd.DataFrame) -> tuple[str, ...]:
    """What is odd about a training's losses and about its scores."""
    config, kept = run.config, int(run.history.loc[_best(run), "epoch"])
    return strayed(run.history, kept, config.n_classes, config.recipe.learning_rate) + remarks(table, config.class_names)


def _best(run: Run) -> int:
    """Row of the history whose model was kept."""
    return run.history.index[-1] if run.config.recipe.selection == "last" else run.history["val_loss"].idxmin()


def peak_memory_mb() -> int:
    """The most memory that this process has held so far, MB."""
    if resource is None:  # Windows
        return psutil.Process().memory_info().peak_wset // 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
