"""Finished runs with made-up scores, as many and as large as a benchmark needs; nothing is trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.names import KNOWN_CLASSES, SUBTYPES
from core.metrics.thresholds import RECOMMENDED_RULE, RULES, choose_thresholds
from core.planning import plan
from core.runs import create_run

SYSTEMS = ("cnn1", "five_block_cnn", "three_conv_cnn", "vgg16_flat")
SHARES = (0.375, 0.388, 0.237)  # normal, bacterial, viral, as in the official test folder


def write_runs(models: Path, n_runs: int, n_test: int, n_classes: int = 2) -> None:
    """Write runs on the same images into a folder; their skill varies, so that they differ."""
    for number in range(n_runs):
        table = scores(n_test, n_classes, number)
        config = plan(SYSTEMS[number % len(SYSTEMS)] if n_classes == 2 else "cnn1", n_classes, {"epochs": "8"}, number)
        run = create_run(config.model_copy(update={"data_title": "synthetic", "fingerprint": "0" * 16}), models, models)
        run.write_config(run.config.model_copy(update={"created": f"2026-01-{1 + number // 24:02d}T{number % 24:02d}:00:00+00:00"}))
        for epoch in range(1, 9):
            run.append_history({"epoch": epoch, "loss": 0.7 / epoch, "val_loss": 0.8 / epoch + 0.02 * epoch, "accuracy": 1 - 0.3 / epoch,
                                "val_accuracy": 0.98 - 0.3 / epoch})  # fmt: skip
        run.write_predictions(table)
        run.write_card(card(table, n_classes))
        run.write_status("finished", epoch=8, epochs=8)
        run.drop_checkpoint()


def scores(n_test: int, n_classes: int, seed: int) -> pd.DataFrame:
    """Softmax scores of a validation and a test set with names in the manner of the Kermany set."""
    rng, names = np.random.default_rng(seed), SUBTYPES if n_classes == 3 else KNOWN_CLASSES
    tables = []
    for split, n in (("val", n_test), ("test", n_test)):
        kinds = np.repeat([0, 1, 2], (np.array([SHARES[0], SHARES[1], 1]) * n).astype(int))[:n]
        y_true = kinds if n_classes == 3 else np.minimum(kinds, 1)
        logits = rng.normal(0, 1.2, (n, n_classes)) + (1.5 + 0.05 * seed) * np.eye(n_classes)[y_true]
        softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        table = pd.DataFrame({"sample_id": [_name(split, kind, i) for i, kind in enumerate(kinds)], "split": split, "y_true": y_true})
        tables.append(table.assign(**{f"p_{name}": softmax[:, i].astype(np.float32) for i, name in enumerate(names)}))
    return pd.concat(tables, ignore_index=True)


def card(table: pd.DataFrame, n_classes: int) -> dict:
    """A card with thresholds chosen on validation."""
    found = {"params_total": 266306, "model_bytes": 1_107_660, "best_epoch": 6, "seconds": 600.0, "milliseconds_per_image": 5.0,
             "n_samples": table["split"].value_counts().to_dict()}  # fmt: skip
    if n_classes == 2:
        validation = table[table["split"] == "val"]
        found["thresholds"] = choose_thresholds(validation["y_true"].to_numpy(), validation["p_PNEUMONIA"].to_numpy())
        found["recommended"] = {"rule": RECOMMENDED_RULE, "value": found["thresholds"][RECOMMENDED_RULE], "means": RULES[RECOMMENDED_RULE]}
    return found


def _name(split: str, kind: int, number: int) -> str:
    folder = "test" if split == "test" else "train"
    if kind == 0:
        return f"{folder}/NORMAL/IM-{number:06d}-0001.jpeg"
    return f"{folder}/PNEUMONIA/person{number // 2}_{'bacteria' if kind == 1 else 'virus'}_{number}.jpeg"
