"""A training that went astray: stopped where its loss is no longer a number, and said wherever the run is shown."""

from __future__ import annotations

import math

import keras
import pandas as pd

USUAL = 1e-3  # a learning rate at which most networks train
FAR = 10  # times the loss of a constant guess: no model that learns goes there


class Diverged(Exception):
    """The loss is no longer a number, so no later step can mend the weights."""


class Divergence(keras.callbacks.Callback):
    """Raise `Diverged` after the first step, or the first validation, whose loss is not a finite number."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if not math.isfinite(float((logs or {}).get("loss", 0.0))):
            raise Diverged(f"the loss was not a number any more at step {batch + 1} of epoch {self.epoch + 1}")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if not math.isfinite(float((logs or {}).get("val_loss", 0.0))):
            raise Diverged(f"the validation loss was not a number after epoch {epoch + 1}")


def advice(learning_rate: float) -> str:
    """What to do about it.

    Parameters
    ----------
    learning_rate : float

    Returns
    -------
    str
    """
    return f"train anew with a smaller learning_rate, such as {min(learning_rate / 10, USUAL):g} (it was {learning_rate:g})"


def strayed(history: pd.DataFrame, kept: int, n_classes: int, learning_rate: float) -> tuple[str, ...]:
    """What to say of a finished training's losses.

    Parameters
    ----------
    history : DataFrame
        One row an epoch, with ``epoch`` and ``val_loss``.
    kept : int
        The epoch whose model was kept.
    n_classes : int
    learning_rate : float

    Returns
    -------
    tuple of str
        Empty if the loss never was far above that of a constant guess, ln n_classes.
    """
    guess = math.log(n_classes)
    losses = history.set_index("epoch")["val_loss"]
    far = losses[losses > FAR * guess]
    if far.empty:
        return ()
    if kept in far.index:
        return (
            f"The training diverged: the validation loss of the model kept is {losses[kept]:.3g}, where guessing alike for every image "
            f"gives {guess:.2f}; do not use it, {advice(learning_rate)}.",
        )
    epochs = f"epoch {far.index[0]}" if len(far) == 1 else f"{len(far)} epochs"
    return (
        f"The training was unsteady: in {epochs} the validation loss rose as far as {far.max():.3g}, where guessing gives {guess:.2f}; "
        f"the model of epoch {kept} is kept, with {losses[kept]:.3g}. A smaller learning_rate may serve better.",
    )
