"""Train one run to its end: images, model, fit, then stored scores."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import NamedTuple

import keras
import numpy as np

from core.architectures import get_system
from core.architectures.pretrained import require_weights
from core.config import RunConfig
from core.counted import counted
from core.datasets import Dataset
from core.datasets.imbalance import shown_per_epoch
from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.groups.scored import group_numbers
from core.inference.atlas import average_maps
from core.inference.predict import load_model
from core.inference.run_images import open_for
from core.machine import devices
from core.parallel import Progress
from core.runs.origin import NO_TRAINING
from core.runs.run import Run
from core.training.callbacks.divergence import Diverged, advice
from core.training.callbacks.progress import StopRequested, recorded, signals_to, stop_at_once
from core.training.finish import measure_training_images, score_run
from core.training.fit import fit
from core.training.hidden_groups.record import grouping_of, refuse_unknown_groups
from core.training.portions import allot
from core.training.queue.trainer import claimed
from core.training.resources.batch_size import check_batch
from core.training.resources.precision import choose_precision
from core.training.resources.speed import record_run


class Outcome(NamedTuple):
    """What a training did: state, epochs in all, seconds of this call, images trained a second, what is odd about it, and the number of
    the signal that stopped it, 0 for none."""

    state: str
    epochs: int
    seconds: float
    images_per_second: float
    warnings: tuple[str, ...] = ()
    stopped_by: int = 0


def train(
    run: Run, data: str | None = None, progress: Callable[[str], Progress] | None = None, images: SplitImages | None = None
) -> Outcome:
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
    images : SplitImages, optional
        Those at `data`, of `refuse_early`, where they were opened already.

    Returns
    -------
    Outcome

    Raises
    ------
    InputError
        If another process trains the run, which then goes on; if the data, a weight file or the run cannot be used, a step does not
        fit into memory, or the training diverged before any epoch ended: the run is then marked failed, with the reason.
    """
    with claimed(run):
        return _train(run, data, progress, images)


def _train(run: Run, data: str | None, progress: Callable[[str], Progress] | None, images: SplitImages | None) -> Outcome:
    """The same by the one process that may."""
    _require_trainable(run)
    shown = progress or (lambda stage: lambda done, total: None)
    progress = recorded(run, shown)
    began, policy = time.monotonic(), keras.config.dtype_policy()
    run.write_status("running", phase="reading images")
    try:
        with signals_to(stop_at_once):
            images, device, said = _prepare(run, data, progress, images)
            said += _fitted(run, images, device, progress)
            run.write_status("running", phase="scoring")
            model = load_model(run)
            score_run(run, model, images, progress("scoring"), said)
            measure_training_images(run, model, images, progress("measuring the training images"))
    except StopRequested as asked:
        run.write_status("stopped", reason="asked to stop", epoch=len(run.history))
        return Outcome("stopped", len(run.history), time.monotonic() - began, 0.0, stopped_by=asked.number)
    except Exception as error:
        run.write_status("failed", reason=" ".join(str(error).split())[:500] or type(error).__name__)
        raise
    finally:
        keras.config.set_dtype_policy(policy)  # what the caller builds next is no part of this run
    run.drop_checkpoint()
    record_run(run)
    run.write_status("finished", epoch=len(run.history), epochs=run.config.recipe.epochs)
    seconds, card = time.monotonic() - began, run.card
    average_maps(run, model, images, shown("averaging the maps"), group_numbers)  # the run is finished without them
    return Outcome("finished", len(run.history), seconds, card.images_per_second or 0.0, tuple(card.warnings))


def refuse_early(config: RunConfig, dataset: Dataset) -> SplitImages:
    """The images as `train` takes them.

    Parameters
    ----------
    config : RunConfig
    dataset : Dataset

    Returns
    -------
    SplitImages

    Raises
    ------
    InputError
        If too few are left to train or validate on, or a step does not fit into memory, before a run is made.
    """
    images = allot(dataset, config)
    refuse_unknown_groups(config, dataset)
    device = devices.prepare()
    check_batch(config, _images_of_an_epoch(config, images), device, choose_precision(config, device)[0])
    return images


def _require_trainable(run: Run) -> None:
    if run.config.system in NO_TRAINING:
        raise InputError(f"The run {run.name!r} {NO_TRAINING[run.config.system]}; choose a system to train: python -m core systems")
    if run.state in ("finished", "running"):
        raise InputError(f"The run {run.name!r} is {run.state}; only a queued, stopped or failed run can be continued.")


def _fitted(run: Run, images: SplitImages, device: devices.Device, progress: Callable[[str], Progress]) -> tuple[str, ...]:
    """Fit the model; what to say if its loss left the numbers on the way, after an epoch whose model is kept."""
    try:
        fit(run, images, device, progress, grouping_of(run, images.dataset, progress))
    except Diverged as error:
        what_to_do = advice(run.config.recipe.learning_rate)
        if not len(run.history):
            raise InputError(f"The training diverged: {error}, and no epoch before it ended well; {what_to_do}.") from None
        kept = f"the model kept is of the {counted(len(run.history), 'epoch')} before"
        return (f"The training diverged: {error}; {kept}. To go further, {what_to_do}.",)
    return ()


def _prepare(
    run: Run, data: str | None, progress: Callable[[str], Progress], images: SplitImages | None
) -> tuple[SplitImages, devices.Device, tuple[str, ...]]:
    """Open and decode the images, choose the arithmetic, and record all of it in the run; and what to say of the batch size."""
    config = run.config
    if not len(run.history):
        require_weights(get_system(config.system), config.recipe)
    device = devices.prepare()
    dataset = images.dataset if images else open_for(config, _data_path(run, data), progress("indexing"))
    if config.fingerprint not in ("", dataset.fingerprint):
        raise InputError(f"The images changed since the run {run.name!r} started; continue with the same data or train anew.")
    images = images or allot(dataset, config)
    run.write_split(dataset.samples["sample_id"], images.split, dataset.facts)
    facts = _device_facts(config, device)
    clipped = check_batch(config, _images_of_an_epoch(config, images), device, facts["precision"])
    if clipped:
        print(clipped, file=sys.stderr)
    keras.config.set_dtype_policy(facts["precision"])
    run.write_config(config.model_copy(update={"data_title": dataset.title, "fingerprint": dataset.fingerprint, "device": facts}))
    images.decode(progress("decoding"))
    return images, device, (clipped,) if clipped else ()


def _images_of_an_epoch(config: RunConfig, images: SplitImages) -> int:
    return int(shown_per_epoch(np.bincount(images.y[images.rows("train")], minlength=config.n_classes), config.recipe.sampling).sum())


def _device_facts(config: RunConfig, device: devices.Device) -> dict[str, str]:
    """What the run is computed on, in which arithmetic and why; a continued run keeps its own."""
    facts = {key: str(value) for key, value in asdict(device).items()} | {"backend": keras.backend.backend()}
    if "precision" in config.device:
        return config.device | facts
    policy, reason = choose_precision(config, device)
    return facts | {"precision": policy, "precision_why": reason}


def _data_path(run: Run, data: str | None) -> str:
    if known := data or run.data_path:
        return known
    raise InputError(f"The run {run.name!r} does not know where its images are; give --data DATA.")
