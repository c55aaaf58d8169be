"""What a training tells the world while it runs: progress bar, status with a heartbeat, history, stopping."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import keras
from tqdm import tqdm

from core.parallel import Progress
from core.runs.run import Run

HEARTBEAT_SECONDS = 1.0


class StopRequested(Exception):
    """The training was asked to stop, by SIGTERM or Ctrl-C.

    Parameters
    ----------
    number : int
        Of the signal.
    """

    def __init__(self, number: int = signal.SIGTERM) -> None:
        super().__init__()
        self.number = number


def stop_at_once(number: int, frame: FrameType | None) -> None:
    """A signal handler that raises `StopRequested`.

    Parameters
    ----------
    number : int
        Of the signal.
    frame : FrameType or None
    """
    raise StopRequested(number)


@contextmanager
def signals_to(handler: Callable) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C call `handler` inside the block.

    Parameters
    ----------
    handler : Callable
    """
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

    Returns
    -------
    callable of str
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

    def __init__(self, run: Run, n_train: int, batch_size: int) -> None:
        super().__init__()
        self.run, self.n_train, self.batch_size = run, n_train, batch_size
        self._asked_by, self._last_beat = 0, 0.0  # no signal
        self._bar = tqdm(disable=True)  # none is shown before the first epoch

    def request_stop(self, number: int, frame: FrameType | None) -> None:
        """A signal handler: stop after the step at work, so that no step is torn."""
        self._asked_by = number

    def close(self) -> None:
        """End the progress bar of an epoch that does not end, so that what is said next begins a line."""
        self._bar.close()

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self.epochs, self.steps = self.params["epochs"], self.params["steps"]
        self._began = time.monotonic()
        self._first_epoch = -1  # none has begun

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.epoch = epoch
        self._first_epoch = epoch if self._first_epoch < 0 else self._first_epoch
        self._epoch_started = time.monotonic()
        self._bar = tqdm(total=self.steps, desc=f"epoch {epoch + 1}/{self.epochs}", unit="step", file=sys.stderr, leave=True)
        self._beat(0)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._bar.update(1)
        if time.monotonic() - self._last_beat > HEARTBEAT_SECONDS:
            self._bar.set_postfix({k: f"{v:.3f}" for k, v in (logs or {}).items()}, refresh=False)
            self._beat(batch + 1)
        if self._asked_by:
            self._bar.close()
            raise StopRequested(self._asked_by)
        if batch == 0:
            self._first_step_ended = time.monotonic()
        if batch + 1 == self.steps:
            self._rate = self._images_per_second()

    def _images_per_second(self) -> float:
        """Training images a second, without the first step (which may wait for the graph) where there are more."""
        if self.steps == 1:
            return self.n_train / (time.monotonic() - self._epoch_started)
        return (self.n_train - self.batch_size) / (time.monotonic() - self._first_step_ended)

    def on_test_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if time.monotonic() - self._last_beat > HEARTBEAT_SECONDS:
            self._beat(self.steps)
        if self._asked_by:
            raise StopRequested(self._asked_by)

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
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
