"""Fit a run's model: batches from the recipe, a fresh or continued model, the head alone where the rest is frozen."""

from __future__ import annotations

from collections.abc import Callable

import keras

from core.architectures import get_system
from core.architectures.pretrained import load_backbone
from core.config import Recipe, RunConfig
from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.groups import Grouping
from core.inference.predict import load_model
from core.machine import devices
from core.parallel import Progress
from core.runs.run import Run
from core.runs.store import open_run
from core.training.callbacks.checkpoints import Checkpoints, Replay, SeedDropout, save_bare
from core.training.callbacks.divergence import Divergence
from core.training.callbacks.progress import Journal, StopRequested, signals_to
from core.training.compile import class_weights, compile_model, counting_callbacks, with_xla
from core.training.hidden_groups.balance import Balance
from core.training.hidden_groups.dro import KeepCellWeights
from core.training.hidden_groups.last_layer import kept_rows, retrain_last_layer
from core.training.hidden_groups.mixstyle import with_mixstyle
from core.training.input import frozen_features as features
from core.training.input.batches import TrainingBatches
from core.training.input.feed import as_features, balance_of, training_batches, validation_batches


def fit(
    run: Run, images: SplitImages, device: devices.Device, progress: Callable[[str], Progress], grouping: Grouping | None = None
) -> None:
    """Fit with early stopping, plateaus and checkpoints; continues after the last finished epoch.

    Parameters
    ----------
    run : Run
        Its `model.keras` holds the model chosen by the recipe when this returns.
    images : SplitImages
    device : Device
    progress : callable of str
        Given the name of a stage, returns what is called with the numbers of images done and of all images.
    grouping : Grouping, optional
        The hidden groups, where the recipe looks at them.

    Raises
    ------
    StopRequested
        If the process was asked to stop; what was trained so far is kept.
    Diverged
        If the loss is no longer a number; the model of the epochs before is kept, if there is any.
    """
    config, history = run.config, run.history
    batches, validation = training_batches(config, images, grouping, len(history)), validation_batches(config, images)
    keras.utils.set_random_seed(config.seed)
    with devices.scope(device):
        whole = get_system(config.system).build(config.n_classes)
        cut = features.split_model(whole, config.recipe)
        if cut or not len(history):
            _start_weights(whole, run)
        if cut:
            batches, validation = as_features(cut[0], batches, validation, config, images, progress("features of the frozen backbone"))
        if len(history):
            model = _continued(run)
        else:
            model = compiled(trained_part(whole, cut, config.recipe), config, device, len(batches), batches.balance)
    _fit_batches(run, model, whole if cut or config.recipe.mixstyle else model, batches, validation)
    _retrain(run, images, grouping)


def trained_part(whole: keras.Model, cut: tuple[keras.Model, keras.Model] | None, recipe: Recipe) -> keras.Model:
    """What is trained: the model, its head behind a frozen trunk, or a copy that mixes statistics on the way.

    Parameters
    ----------
    whole : keras.Model
    cut : tuple of keras.Model, or None
        Trunk and head, of `frozen_features.split_model`.
    recipe : Recipe

    Returns
    -------
    keras.Model
    """
    if cut:
        return cut[1]
    return with_mixstyle(whole, recipe.mixstyle) if recipe.mixstyle else whole


def compiled(model: keras.Model, config: RunConfig, device: devices.Device, steps: int, balance: Balance | None = None) -> keras.Model:
    """The model, compiled by its recipe for a number of steps an epoch; `balance` for group DRO.

    Parameters
    ----------
    model : keras.Model
    config : RunConfig
    device : devices.Device
    steps : int
        An epoch.
    balance : Balance, optional
        Of hidden groups and classes, for group DRO.

    Returns
    -------
    keras.Model
    """
    xla = with_xla(model, device, steps * config.recipe.epochs)
    compile_model(model, config.recipe, get_system(config.system).activation, xla, steps, balance)
    return model


def _fit_batches(run: Run, model: keras.Model, whole: keras.Model, batches: TrainingBatches, validation: keras.utils.PyDataset) -> None:
    recipe, history = run.config.recipe, run.history
    journal, counting = Journal(run, len(batches.order), recipe.batch_size), counting_callbacks(recipe)
    averaging = [keras.callbacks.SwapEMAWeights()] if recipe.averaging else []
    averaging += [KeepCellWeights(run)] if recipe.group_balance == "dro" else []
    keeping = [SeedDropout(run.config.seed), Divergence(), Checkpoints(run, whole), journal, Replay(history, counting)]
    try:
        with signals_to(journal.request_stop):
            model.fit(
                batches,
                validation_data=validation,
                epochs=recipe.epochs,
                initial_epoch=len(history),
                class_weight=class_weights(batches.y, recipe),
                callbacks=[*averaging, *counting, *keeping],
                shuffle=False,
                verbose=0,
            )
    except StopRequested:
        if not run.model_path.exists():
            save_bare(model, whole, run)
        raise
    finally:
        journal.close()


def _retrain(run: Run, images: SplitImages, grouping: Grouping | None) -> None:
    """Train the last layer anew, where the recipe asks for it, on the images kept for it."""
    rows = kept_rows(images.dataset.samples, images.rows("train"), run.config)
    if len(rows):
        retrain_last_layer(run, images.pixels, rows, images.y[rows], balance_of(run.config, images, grouping, rows))


def _continued(run: Run) -> keras.Model:
    """The last checkpoint, with its optimiser."""
    recipe = run.config.recipe
    if not run.checkpoint_path.exists():
        raise InputError(f"The run {run.name!r} has no checkpoint to continue from; train it anew.")
    model = keras.models.load_model(run.checkpoint_path, safe_mode=True)
    if not (recipe.decay or recipe.cosine):
        model.optimizer.learning_rate = recipe.learning_rate  # the replay lowers it again at each plateau
    return model


def _start_weights(model: keras.Model, run: Run) -> None:
    """Weights of the trained CNN_1 or of the ImageNet backbone that the system starts from, if any."""
    config, system = run.config, get_system(run.config.system)
    if system.continues:
        base = load_model(open_run(str(config.base_run), run.path.parent))
        for layer in model.layers:
            if layer.name.startswith("cnn1_conv"):
                layer.set_weights(base.get_layer(layer.name).get_weights())
    elif system.pretrained and config.recipe.weights == "imagenet":
        load_backbone(model, system.start)
