"""In which settings a run differs from its system's recipe, and how one says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.architectures import get_system
from core.config import RunConfig
from core.errors import InputError

if TYPE_CHECKING:
    from core.runs.run import Run

PHRASES = {
    "epochs": "{} epochs",
    "batch_size": "batch {}",
    "early_stopping": "early stopping after {} epochs",
    "plateau_patience": "rate drop after {} epochs",
    "warmup": "{} warm-up epochs",
    "decay": "rate decay {}",
    "averaging": "weight averaging {}",
    "cutmix": "CutMix {}",
    "rotation": "rotation {}°",
    "validation_fraction": "{:.3g} % validation",
    "validation_seed": "validation seed {}",
    "limit": "{:,} training images",
    "loss": "{} loss",
    "optimizer": "{}",
    "class_weights": "{} class weights",
    "sampling": "{}sampling",
    "resize": "resize {}",
    "selection": "epoch by {}",
    "precision": "{}",
    "groups": "groups by {}",
    "n_groups": "{} groups",
    "group_balance": "groups balanced by {}",
    "group_cap": "group cap {}",
    "group_step": "group step {}",
    "last_layer": "last layer anew on {} of the patients",
    "histogram_matching": "grey levels exchanged {}",
    "amplitude_mixing": "amplitudes mixed {}",
    "corner_exchange": "corners exchanged {}",
    "mixstyle": "MixStyle {}",
}
ABSENT = {
    "epochs": "", "weights": "no ImageNet weights", "sampling": "natural sampling", "validation_seed": "validation by the run's seed",
    "plateau_patience": "no rate drop", "averaging": "no weight averaging", "warmup": "no warm-up", "decay": "no rate decay",
    "cosine": "no cosine decay", "cutmix": "without CutMix", "group_balance": "groups not balanced", "n_groups": "groups as found best",
    "mixstyle": "without MixStyle",
}  # fmt: skip
VALUES = {"val_loss": "validation loss", "oversample": "over", "undersample": "under", "cross_entropy": "cross-entropy", "adamw": "AdamW",
          "adam": "Adam", "rmsprop": "RMSprop", "mixed_bfloat16": "bfloat16", "mixed_float16": "float16", "dro": "DRO"}  # fmt: skip


def changed_settings(config: RunConfig) -> dict[str, object]:
    """The settings in which a run differs from its system's registered recipe; empty if in none, or if it has no recipe.

    Parameters
    ----------
    config : RunConfig

    Returns
    -------
    dict of str to value
        Fields of `Recipe`, and ``limit``, the number of training images, where they were limited.
    """
    try:
        recipe = get_system(config.system).variant(config.n_classes).recipe
    except InputError:  # an ensemble, an import
        return {}
    own = config.recipe.model_dump()
    changed = {name: own[name] for name in recipe.changed(own)}
    return changed | ({"limit": config.limit} if config.limit else {})


def twins(run: Run, left_out: Run) -> bool:
    """Whether a run was trained as another, but that it left images out and may hold out other patients.

    Parameters
    ----------
    run, left_out : Run

    Returns
    -------
    bool
    """
    ours, theirs = run.config, left_out.config
    free = {"left_out", "validation_seed", "validation_fold"}
    facts = [(one.system, one.n_classes, one.limit, one.base_run, one.fingerprint) for one in (ours, theirs)]
    return facts[0] == facts[1] and ours.recipe.model_dump(exclude=free) == theirs.recipe.model_dump(exclude=free)


def in_words(changed: Mapping[str, object]) -> str:
    """``12 epochs, without clue removal``.

    Parameters
    ----------
    changed : mapping of str to object
        Settings by name, as `changed_settings` returns them.

    Returns
    -------
    str
    """
    return ", ".join(_phrase(name, value) for name, value in changed.items())


def _phrase(name: str, value: object) -> str:
    plain = name.replace("_", " ")
    if value in (None, False, 0, "none", "natural"):
        return ABSENT.get(name) or f"without {plain}"
    if value is True:
        return f"with {plain}"
    if name == "validation_fraction" and isinstance(value, int | float):
        value = 100 * value
    return PHRASES.get(name, f"{plain} {{}}").format(VALUES.get(value, value) if isinstance(value, str) else value)
