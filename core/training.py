"""Train one run to its end: images, model, fit, then stored scores."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import NamedTuple

import keras
import numpy as np
import pandas as pd

from core import devices
from core.architectures import get_system
from core.architectures.pretrained import load_backbone, require_weights
from core.batches import PlainBatches, TrainingBatches
from core.config import RunConfig
from core.datasets import Dataset, open_dataset
from core.datasets.pixels import pixel_store
from core.datasets.splits import carve_validation
from core.errors import InputError
from core.inference import load_model
from core.journal import Checkpoints, Journal, Replay, SeedDropout, StopRequested, save_bare, signals_to, stop_at_once
from core.parallel import Progress
from core.planning import labels_for
from core.recipes import class_weights, compile_model, counting_callbacks
from core.runs import Run, open_run
from core.scoring import score_run


class Outcome(NamedTuple):
    """What a training did: state, epochs in all, seconds of this call, and images trained a second."""

    state: str
    epochs: int
    seconds: float
    images_per_second: float


class Images(NamedTuple):
    """What is trained on: the data set, the split of each sample, labels, and decoded pixels."""

    dataset: Dataset
    split: pd.Series
    y: np.ndarray
    pixels: np.ndarray

    def rows(self, split: str) -> np.ndarray:
        """Row numbers of a split."""
        return np.flatnonzero((self.split == split).to_numpy())


def train(run: Run, data: str | None = None, progress: Callable[[str], Progress] | None = None) -> Outcome:
    """Train a queued, stopped or interrupted run, in place.

    Validation, carved from train by patient, decides early stopping, plateaus, the best model and the thresholds. The test
    images are scored once, when the run finishes; a stopped run keeps its best model and can be continued.

    Parameters
    ----------
    run : Run
    data : str, optional
        Where the images lie; where they lay when the run was made if None.
    progress : callable of str, optional
        Given the name of a stage, returns what is called with the numbers of images done and of all images.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If the data, a weight file or the run cannot be used; the run is then marked failed, with the reason.
    """
    if run.state in ("finished", "running"):
        raise InputError(f"The run {run.name!r} is {run.state}; only a queued, stopped or failed run can be continued.")
    progress = progress or (lambda stage: lambda done, total: None)
    began = time.monotonic()
    run.write_status("running", phase="reading images")
    try:
        with signals_to(stop_at_once):
            images, device = _prepare(run, data, progress)
            _fit(run, images, device)
            run.write_status("running", phase="scoring")
            score_run(run, images.dataset, images.split, progress("scoring"))
    except StopRequested:
        run.write_status("stopped", reason="asked to stop", epoch=len(run.history))
        return Outcome("stopped", len(run.history), time.monotonic() - began, 0.0)
    except Exception as error:
        run.write_status("failed", reason=" ".join(str(error).split())[:500] or type(error).__name__)
        raise
    run.drop_checkpoint()
    run.write_status("finished", epoch=len(run.history), epochs=run.config.recipe.epochs)
    return Outcome("finished", len(run.history), time.monotonic() - began, run.card["images_per_second"])


def _prepare(run: Run, data: str | None, progress: Callable[[str], Progress]) -> tuple[Images, devices.Device]:
    """Open and decode the images, choose the arithmetic, and record all of it in the run."""
    config = run.config
    if not len(run.history):
        require_weights(get_system(config.system), config.recipe)
    keras.utils.set_random_seed(config.seed)
    device = devices.prepare()
    policy = devices.precision(config.recipe.precision, device)
    keras.config.set_dtype_policy(policy)
    dataset = open_dataset(_data_path(run, data), progress("indexing"))
    if config.fingerprint not in ("", dataset.fingerprint):
        raise InputError(f"The images changed since the run {run.name!r} started; continue with the same data or train anew.")
    y = labels_for(config, dataset)
    split = _split(dataset.samples, config)
    run.write_split(dataset.samples["sample_id"], split)
    used = {key: str(value) for key, value in asdict(device).items()} | {"precision": policy, "backend": keras.backend.backend()}
    run.write_config(config.model_copy(update={"data_title": dataset.title, "fingerprint": dataset.fingerprint, "device": used}))
    pixels = pixel_store(dataset, config.image_size, config.recipe.resize, progress("decoding"))
    return Images(dataset, split, y, pixels), device


def _data_path(run: Run, data: str | None) -> str:
    if data or run.data_path:
        return data or run.data_path
    raise InputError(f"The run {run.name!r} does not know where its images are; give --data DATA.")


def _split(samples: pd.DataFrame, config: RunConfig) -> pd.Series:
    """Train, val and test; samples beyond the limit are ``unused``."""
    chosen = samples
    if config.limit and config.limit < (samples["split"] == "train").sum():
        pool = samples[samples["split"] == "train"]
        share = config.limit / len(pool)
        kept = pool.groupby("class_name").sample(frac=share, random_state=config.seed).index
        chosen = samples[samples.index.isin(kept) | (samples["split"] != "train")]
    split = carve_validation(chosen, config.recipe.validation_fraction, config.seed)
    return split.reindex(samples.index, fill_value="unused")


def _fit(run: Run, images: Images, device: devices.Device) -> None:
    """Fit with early stopping, plateaus and checkpoints; continues after the last finished epoch."""
    config, recipe = run.config, run.config.recipe
    history = run.history
    rows = images.rows("train")
    batches = TrainingBatches(images.pixels, rows, images.y[rows], recipe, config.seed, len(history))
    validation = PlainBatches(images.pixels, images.rows("val"), images.y[images.rows("val")])
    journal = Journal(run, len(rows), recipe.batch_size)
    with devices.scope(device):
        model = _model(run, device, resumed=len(history) > 0)
    counting = counting_callbacks(recipe)
    try:
        with signals_to(journal.request_stop):
            model.fit(
                batches,
                validation_data=validation,
                epochs=recipe.epochs,
                initial_epoch=len(history),
                class_weight=class_weights(images.y[rows], recipe),
                callbacks=[*counting, SeedDropout(config.seed), Checkpoints(run), journal, Replay(history, counting)],
                shuffle=False,
                verbose=0,
            )
    except StopRequested:
        if not run.model_path.exists():
            save_bare(model, run)
        raise


def _model(run: Run, device: devices.Device, resumed: bool) -> keras.Model:
    config = run.config
    if resumed:
        if not run.checkpoint_path.exists():
            raise InputError(f"The run {run.name!r} has no checkpoint to continue from; train it anew.")
        model = keras.models.load_model(run.checkpoint_path, safe_mode=True)
        if not config.recipe.decay:
            model.optimizer.learning_rate = config.recipe.learning_rate  # the replay lowers it again at each plateau
        return model
    system = get_system(config.system)
    model = system.build(config.n_classes)
    _start_weights(model, config, system.start, run)
    compile_model(model, config.recipe, system.activation, jit=device.kind == "gpu")
    return model


def _start_weights(model: keras.Model, config: RunConfig, start: str, run: Run) -> None:
    if start == "cnn1":
        base = load_model(open_run(config.base_run, run.path.parent))
        for layer in model.layers:
            if layer.name.startswith("cnn1_conv"):
                layer.set_weights(base.get_layer(layer.name).get_weights())
    elif get_system(config.system).pretrained and config.recipe.weights == "imagenet":
        load_backbone(model, start)
