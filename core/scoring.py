"""The last step of a run: score validation and test once, choose thresholds on validation, write the card."""

from __future__ import annotations

import time

import keras
import numpy as np
import pandas as pd
import psutil

from core.datasets import Dataset
from core.inference import load_model, score_samples
from core.metrics.thresholds import RECOMMENDED_RULE, RULES, choose_thresholds
from core.parallel import Progress
from core.runs import Run

try:
    import resource
except ImportError:
    resource = None

INTENDED_USE = "Research and education only; not a medical device and not for any clinical decision."


def score_run(run: Run, dataset: Dataset, split: pd.Series, progress: Progress | None = None) -> None:
    """Write ``predictions.parquet`` and ``card.json`` of a trained run.

    Parameters
    ----------
    run : Run
        With its best model saved.
    dataset : Dataset
    split : Series of shape (n_samples,)
        Split of every sample.
    progress : callable of (int, int), optional
    """
    model = load_model(run)
    began = time.monotonic()
    table = score_samples(model, run, dataset, split, ("val", "test"), progress)
    milliseconds = (time.monotonic() - began) / max(len(table), 1) * 1e3
    run.write_predictions(table)
    run.write_card(_card(run, model, table, split, milliseconds))


def _card(run: Run, model: keras.Model, table: pd.DataFrame, split: pd.Series, milliseconds: float) -> dict:
    history = run.history
    card = {
        "params_total": model.count_params(),
        "params_trainable": int(sum(np.prod(w.shape) for w in model.trainable_weights)),
        "model_bytes": run.model_path.stat().st_size,
        "epochs": len(history),
        "best_epoch": int(history.loc[history["val_loss"].idxmin(), "epoch"]),
        "seconds": round(float(history["seconds"].sum()), 1),
        "images_per_second": round(float(history["images_per_second"].median()), 1),
        "milliseconds_per_image": round(milliseconds, 2),
        "peak_memory_mb": peak_memory_mb(),
        "n_samples": {name: int(n) for name, n in split.value_counts().items()},
        "intended_use": INTENDED_USE,
    }
    if run.config.n_classes == 2:
        validation = table[table["split"] == "val"]
        thresholds = choose_thresholds(validation["y_true"].to_numpy(), validation[f"p_{run.config.class_names[1]}"].to_numpy())
        card["thresholds"] = thresholds
        card["recommended"] = {"rule": RECOMMENDED_RULE, "value": card["thresholds"][RECOMMENDED_RULE], "means": RULES[RECOMMENDED_RULE]}
    return card


def peak_memory_mb() -> int:
    """The most memory that this process has held so far, MB."""
    if resource is None:  # Windows
        return psutil.Process().memory_info().peak_wset // 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
