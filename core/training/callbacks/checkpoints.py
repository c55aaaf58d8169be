"""What lets a training stop and go on as if it never had: checkpoints, the model that is kept, seeded dropout, counted epochs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import pandas as pd

from core.files import replacing
from core.runs.run import Run


class SeedDropout(keras.callbacks.Callback):
    """Seed every dropout layer anew each epoch: a saved model forgets where its random numbers stood.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
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

    def __init__(self, run: Run, whole: keras.Model) -> None:
        super().__init__()
        self.run, self.whole = run, whole

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        history = self.run.history
        self.best = history["val_loss"].min() if len(history) else float("inf")

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
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
    try:
        yield
    finally:
        model.set_weights(weights)


def save_bare(trained: keras.Model, whole: keras.Model, run: Run) -> None:
    """Write `model.keras` without optimiser state: a second, uncompiled model that computes in float32.

    Where `trained` is the head of `whole` its weights are put in place first; a continued head does not share them.

    Parameters
    ----------
    trained, whole : keras.Model
    run : Run
    """
    if trained is not whole:
        for layer in trained.layers:
            if layer.weights:
                whole.get_layer(layer.name).set_weights(layer.get_weights())
    with replacing(run.model_path) as temporary:
        in_float32(keras.Model(whole.input, whole.output, name=whole.name)).save(temporary)


def in_float32(model: keras.Model) -> keras.Model:
    """The same model computing in float32, whatever it was trained in: other hardware may lack that arithmetic or round otherwise.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    keras.Model
    """
    if all(layer.compute_dtype == "float32" for layer in model.layers):
        return model
    copy = keras.models.clone_model(model, clone_function=_layer_in_float32)
    copy.set_weights(model.get_weights())
    return copy


def _layer_in_float32(layer: keras.Operation) -> keras.Operation:
    dtype = {"dtype": "float32"} if isinstance(layer, keras.Layer) else {}
    return type(layer).from_config(layer.get_config() | dtype)


class Replay(keras.callbacks.Callback):
    """Feed the epochs of `history.csv` to other callbacks, so that a resumed run keeps its patience and its plateaus.

    Parameters
    ----------
    history : DataFrame
    callbacks : list of keras.callbacks.Callback
        Those that count epochs.
    """

    def __init__(self, history: pd.DataFrame, callbacks: list[keras.callbacks.Callback]) -> None:
        super().__init__()
        self.history, self.callbacks = history, callbacks

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        for row in self.history.to_dict("records"):
            for callback in self.callbacks:
                callback.on_epoch_end(int(row["epoch"]) - 1, row)
