"""What a training tells the world while it runs: progress bar, status with a heartbeat, history, checkpoints, stopping."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keras
import numpy as np
import pandas as pd
from tqdm import tqdm

from core.files import replacing
from core.parallel import Progress
from core.runs import Run

HEARTBEAT_SECONDS = 1.0


class StopRequested(Exception):
    """The training was asked to stop, by SIGTERM or Ctrl-C."""


def stop_at_once(number, frame) -> None:
    """A signal handler that raises `StopRequested`."""
    raise StopRequested


@contextmanager
def signals_to(handler: Callable) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C call `handler` inside the block."""
    previous = {name: signal.signal(name, handler) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, before in previous.items():
            signal.signal(name, before)


def recorded(run: Run, progress: Callable[[str], Progress]) -> Callable[[str], Progress]:
    """The same progress, also written to `status.json` at each heartbeat: the stage, images done and of all, and the time left.

    Parameters
    ----------
    run : Run
    progress : callable of str
        Given the name of a stage, returns what is called with the numbers of images done and of all images.
    """

    def stage(name: str) -> Progress:
        report, began, last_beat = progress(name), time.monotonic(), 0.0

        def record(done: int, total: int) -> None:
            nonlocal last_beat
            report(done, total)
            if done and time.monotonic() - last_beat > HEARTBEAT_SECONDS:
                last_beat = time.monotonic()
                left = round((last_beat - began) / done * (total - done))
                run.write_status("running", phase=name, done=done, total=total, eta_seconds=left)

        return record

    return stage


class Journal(keras.callbacks.Callback):
    """Progress bar and ETA on standard error; `status.json`; one row of `history.csv` an epoch; raises `StopRequested`.

    Parameters
    ----------
    run : Run
    n_train, batch_size : int
        Training images an epoch, and a step.
    """

    def __init__(self, run: Run, n_train: int, batch_size: int):
        super().__init__()
        self.run, self.n_train, self.batch_size = run, n_train, batch_size
        self._stop, self._last_beat = False, 0.0

    def request_stop(self, number, frame) -> None:
        """A signal handler: stop after the step at work, so that no step is torn."""
        self._stop = True

    def on_train_begin(self, logs=None):
        self.epochs, self.steps = self.params["epochs"], self.params["steps"]
        self._began = time.monotonic()
        self._first_epoch = None

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self._first_epoch = epoch if self._first_epoch is None else self._first_epoch
        self._epoch_started = time.monotonic()
        self._bar = tqdm(total=self.steps, desc=f"epoch {epoch + 1}/{self.epochs}", unit="step", file=sys.stderr, leave=True)
        self._beat(0)

    def on_train_batch_end(self, batch, logs=None):
        self._bar.update(1)
        if time.monotonic() - self._last_beat > HEARTBEAT_SECONDS:
            self._bar.set_postfix({k: f"{v:.3f}" for k, v in (logs or {}).items()}, refresh=False)
            self._beat(batch + 1)
        if self._stop:
            self._bar.close()
            raise StopRequested
        if batch == 0:
            self._first_step_ended = time.monotonic()
        if batch + 1 == self.steps:
            self._rate = self._images_per_second()

    def _images_per_second(self) -> float:
        """Training images a second, without the first step (which may wait for the graph) where there are more."""
        if self.steps == 1:
            return self.n_train / (time.monotonic() - self._epoch_started)
        return (self.n_train - self.batch_size) / (time.monotonic() - self._first_step_ended)

    def on_test_batch_end(self, batch, logs=None):
        if time.monotonic() - self._last_beat > HEARTBEAT_SECONDS:
            self._beat(self.steps)
        if self._stop:
            raise StopRequested

    def on_epoch_end(self, epoch, logs=None):
        speed = {"seconds": round(time.monotonic() - self._epoch_started, 3), "images_per_second": round(self._rate, 1)}
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        self.run.append_history({"epoch": epoch + 1} | logs | {"learning_rate": rate} | speed)
        self._bar.set_postfix({k: f"{v:.3f}" for k, v in logs.items()})
        self._bar.close()
        self._beat(self.steps)

    def _beat(self, step: int) -> None:
        done = (self.epoch - self._first_epoch) + step / self.steps
        elapsed = time.monotonic() - self._began
        left = (self.epochs - self._first_epoch) - done
        eta = round(elapsed / done * left) if done else None
        self.run.write_status("running", epoch=self.epoch + 1, epochs=self.epochs, step=step, steps=self.steps, eta_seconds=eta)
        self._last_beat = time.monotonic()


class SeedDropout(keras.callbacks.Callback):
    """Seed every dropout layer anew each epoch: a saved model forgets where its random numbers stood.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed: int):
        super().__init__()
        self.seed = seed

    def on_epoch_begin(self, epoch, logs=None):
        rng = np.random.default_rng([self.seed, epoch])
        for layer in self.model.layers:
            if hasattr(layer, "seed_generator"):
                layer.seed_generator.state.assign(rng.integers(0, 2**32, 2, dtype=np.uint32))


class Checkpoints(keras.callbacks.Callback):
    """Keep the model of the best validation loss, or the last (`model.keras`, no optimiser), and the last with its optimiser.

    Parameters
    ----------
    run : Run
    whole : keras.Model
        The flat model that is kept: the one trained, or the one whose head is trained.
    """

    def __init__(self, run: Run, whole: keras.Model):
        super().__init__()
        self.run, self.whole = run, whole

    def on_train_begin(self, logs=None):
        history = self.run.history
        self.best = history["val_loss"].min() if len(history) else float("inf")

    def on_epoch_end(self, epoch, logs=None):
        if self.run.config.recipe.selection == "last" or logs["val_loss"] < self.best:
            self.best = logs["val_loss"]
            with averaged(self.model):
                save_bare(self.model, self.whole, self.run)
        with replacing(self.run.checkpoint_path) as temporary:
            self.model.save(temporary)


@contextmanager
def averaged(model: keras.Model) -> Iterator[None]:
    """Inside the block the weights are their moving average, where the optimiser keeps one."""
    weights = model.get_weights()
    model.optimizer.finalize_variable_values(model.trainable_variables)
    yield
    model.set_weights(weights)


def save_bare(trained: keras.Model, whole: keras.Model, run: Run) -> None:
    """Write `model.keras` without optimiser state: a second, uncompiled model that shares the layers.

    Where `trained` is the head of `whole` its weights are put in place first; a continued head does not share them.
    """
    if trained is not whole:
        for layer in trained.layers:
            if layer.weights:
                whole.get_layer(layer.name).set_weights(layer.get_weights())
    bare = keras.Model(whole.input, whole.output, name=whole.name)
    with replacing(run.model_path) as temporary:
        bare.save(temporary)


class Replay(keras.callbacks.Callback):
    """Feed the epochs of `history.csv` to other callbacks, so that a resumed run keeps its patience and its plateaus.

    Parameters
    ----------
    history : DataFrame
    callbacks : list of keras.callbacks.Callback
        Those that count epochs.
    """

    def __init__(self, history: pd.DataFrame, callbacks: list[keras.callbacks.Callback]):
        super().__init__()
        self.history, self.callbacks = history, callbacks

    def on_train_begin(self, logs=None):
        for row in self.history.to_dict("records"):
            for callback in self.callbacks:
                callback.on_epoch_end(int(row["epoch"]) - 1, row)
