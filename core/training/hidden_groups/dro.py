"""Group DRO: the loss turns, step by step, to the hidden group and class that it is largest for."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import keras
import numpy as np
from keras import ops

from core.errors import InputError
from core.files import replacing
from core.files.regular import read_regular
from core.runs.run import Run

NO_CELL = -1  # of validation images: they count alike and turn nothing
STATE = "group_dro.npy"
MOST_BYTES = 2**20


@keras.saving.register_keras_serializable("pneumolens")
class GroupDRO(keras.losses.Loss):
    """Mean loss of each cell, a hidden group and class, weighted so that the worst counts most (Sagawa et al. 2020, algorithm 1).

    After each batch the weight of a cell is multiplied by the exponential of `step` times its mean loss, and all are divided by their
    sum. The last column of `y_true` numbers the cell of each image, `NO_CELL` for one that is only looked at.

    Parameters
    ----------
    base : keras.losses.Loss
        Of the other columns of `y_true`.
    start : sequence of float
        Weights of the cells at first; 0 for one without images.
    step : float

    References
    ----------
    Sagawa, Koh, Hashimoto and Liang, "Distributionally robust neural networks for group shifts", ICLR 2020.
    """

    def __init__(
        self, base: keras.losses.Loss, start: Sequence[float], step: float, name: str = "group_dro", reduction: str = "sum_over_batch_size"
    ) -> None:
        super().__init__(name=name, reduction=reduction)
        self.base = keras.saving.deserialize_keras_object(base) if isinstance(base, dict) else base
        self.start, self.step = [float(weight) for weight in start], float(step)
        self.weights = keras.Variable(self.start, dtype="float32", trainable=False, aggregation="mean", name="cell_weights")

    def call(self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
        """Losses of shape (batch,), whose mean is the weighted sum of the cells' mean losses."""
        losses = self.base.call(y_true[:, :-1], y_pred)
        cells = ops.cast(y_true[:, -1], "int32")
        members = ops.one_hot(cells, len(self.start), dtype=losses.dtype)  # (batch, n_cells); a row of zeros for NO_CELL
        sizes = ops.maximum(ops.sum(members, axis=0), 1.0)
        weights = ops.cast(self._turned(ops.matmul(losses, members) / sizes, ops.max(cells)), losses.dtype)
        of_images = ops.matmul(members, weights / sizes) * ops.cast(ops.shape(losses)[0], losses.dtype)
        return losses * ops.where(cells < 0, ops.ones_like(of_images), of_images)

    def _turned(self, losses: keras.KerasTensor, last_cell: keras.KerasTensor) -> keras.KerasTensor:
        """The weights of the cells after a batch; as they were where it holds only images to look at."""
        raised = self.weights * ops.exp(self.step * ops.cast(ops.stop_gradient(losses), "float32"))
        turned = ops.where(last_cell < 0, ops.convert_to_tensor(self.weights), raised / ops.sum(raised))
        self.weights.assign(turned)
        return turned

    def get_config(self) -> dict:
        """What `from_config` takes; the weights as they were at first, for a checkpoint keeps those of now beside it."""
        base = keras.saving.serialize_keras_object(self.base)
        return super().get_config() | {"base": base, "start": self.start, "step": self.step}


@keras.saving.register_keras_serializable("pneumolens")
def accuracy(y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
    """Share of images called right, without a look at the column of cells.

    Parameters
    ----------
    y_true : KerasTensor of shape (n_batch, k + 1)
        The last column numbers the cell of each image.
    y_pred : KerasTensor of shape (n_batch, k)

    Returns
    -------
    KerasTensor of shape (n_batch,)
    """
    wanted = y_true[:, :-1]
    if wanted.shape[-1] == 1:
        return ops.cast(ops.equal(wanted[:, 0] > 0.5, y_pred[:, 0] > 0.5), "float32")
    return ops.cast(ops.equal(ops.argmax(wanted, axis=-1), ops.argmax(y_pred, axis=-1)), "float32")


def with_cells(targets: np.ndarray, cells: np.ndarray | None) -> np.ndarray:
    """Targets with the column of cells that `GroupDRO` looks for; `NO_CELL` for all where there are none.

    Parameters
    ----------
    targets : ndarray of shape (n_samples, k), float32
    cells : ndarray of shape (n_samples,), int, or None

    Returns
    -------
    ndarray of shape (n_samples, k + 1), float32
    """
    column = np.full(len(targets), NO_CELL) if cells is None else cells
    return np.column_stack([targets, column]).astype(np.float32)


def kept_weights(path: Path, n_cells: int) -> np.ndarray:
    """The weights of the cells that a run kept, where its folder may have come from elsewhere.

    Parameters
    ----------
    path : Path
    n_cells : int

    Returns
    -------
    ndarray of shape (n_cells,), float
        Not negative.

    Raises
    ------
    InputError
        If they cannot be read or are those of other cells.
    """
    try:
        weights = np.load(BytesIO(read_regular(path, MOST_BYTES)), allow_pickle=False)
        usable = weights.shape == (n_cells,) and weights.dtype.kind == "f" and bool(np.isfinite(weights).all() and (weights >= 0).all())
    except (OSError, ValueError, EOFError):
        usable = False
    if not usable:
        raise InputError(f"The training cannot go on: {path.name} of the run {path.parent.name!r} is not what it kept; train it anew.")
    return weights


class KeepCellWeights(keras.callbacks.Callback):
    """Keep the weights of the cells with each checkpoint, and take them up where a training goes on.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run, self.path = run, run.checkpoint_path.with_name(STATE)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        if len(self.run.history):
            self.model.loss.weights.assign(kept_weights(self.path, self.model.loss.weights.shape[0]))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        with replacing(self.path) as temporary, temporary.open("wb") as file:
            np.save(file, ops.convert_to_numpy(self.model.loss.weights))
