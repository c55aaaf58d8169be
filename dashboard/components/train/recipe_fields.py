"""Widgets for the settings of a recipe, made from its fields."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st
from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from core.config import Recipe
from dashboard.components.kept_fields import keep, kept

MAIN = ("epochs", "batch_size")
BACKBONE_ONLY = ("weights",)
GROUPS = {
    "Optimiser": (
        "optimizer", "learning_rate", "weight_decay", "cosine", "warmup", "decay", "plateau_patience", "plateau_factor", "averaging",
        "weights", "precision",
    ),
    "Loss and imbalance": ("loss", "focal_gamma", "label_smoothing", "class_weights", "sampling"),
    "Augmentation": (
        "flip", "rotation", "zoom", "shift", "brightness", "contrast", "crop_area", "crop_aspect", "clue_removal", "cutmix", "resize",
    ),
    "Hidden groups": (
        "group_balance", "group_cap", "groups", "n_groups", "group_step", "last_layer", "histogram_matching", "amplitude_mixing",
        "corner_exchange", "mixstyle",
    ),
    "Selection": (
        "selection", "early_stopping", "view", "validation_fraction", "validation_seed", "validation_fold", "left_out", "score_test",
    ),
}  # fmt: skip
LABELS = {
    "optimizer": "Optimiser", "cosine": "Cosine decay", "warmup": "Warm-up, epochs", "decay": "Learning-rate decay",
    "plateau_patience": "Rate drop after, epochs", "plateau_factor": "Rate drop factor", "averaging": "Weight averaging",
    "weights": "Initial weights", "precision": "Arithmetic", "sampling": "Sampling of classes", "flip": "Flips",
    "crop_area": "Smallest crop", "crop_aspect": "Crop aspect ratio", "cutmix": "CutMix", "resize": "Fit to a square",
    "selection": "Model kept", "view": "View when scored", "validation_fold": "Part held out, from 0", "left_out": "Left out, COLUMN=VALUE",
    "score_test": "Score the test images", "early_stopping": "Early stopping after, epochs", "validation_fraction": "Validation share",
    "group_balance": "Balance groups", "group_cap": "Largest weight or repeats", "groups": "Groups by", "n_groups": "Number of groups",
    "group_step": "Step of group DRO", "last_layer": "Patients kept for the last layer", "histogram_matching": "Grey levels exchanged",
    "amplitude_mixing": "Fourier amplitudes mixed", "corner_exchange": "Corners exchanged",
    "mixstyle": "MixStyle",
}  # fmt: skip
OPTIONS = {
    "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "imagenet": "ImageNet", "none": "none", "mixed_bfloat16": "bfloat16, mixed",
    "mixed_float16": "float16, mixed", "cross_entropy": "cross-entropy", "focal": "focal loss", "natural": "as they are",
    "dro": "turned to the worst (group DRO)", "weights": "weights in the loss", "sampling": "repeats in an epoch",
    "oversample": "oversampling", "undersample": "undersampling", "squash": "stretched", "pad": "padded",
    "whole": "the whole frame", "mirror": "with its mirror image", "centre": "centre 90 %, mirrored too", "ten_crops": "ten crops",
    "val_loss": "lowest validation loss", "battery": "lowest loss on altered validation images", "last": "last epoch",
}  # fmt: skip


def other_settings(recipe: Recipe, key: str, has_backbone: bool) -> dict[str, Any]:
    """Widgets for all settings but the main ones, a tab for each group, in two columns.

    Parameters
    ----------
    recipe : Recipe
        What the write-up does; the widgets start there.
    key : str
        Keeps the widgets of one system apart from those of another.
    has_backbone : bool
        Whether the system starts from a pretrained backbone.

    Returns
    -------
    dict of str to object
        Setting to value.
    """
    values = {}
    for tab, names in zip(st.tabs(list(GROUPS)), GROUPS.values(), strict=True):
        shown = [name for name in names if has_backbone or name not in BACKBONE_ONLY]
        columns = tab.columns(2)
        for position, name in enumerate(shown):
            with columns[position % 2]:
                values[name] = setting(name, recipe, key)
    return values


def setting(name: str, recipe: Recipe, key: str) -> Any:
    """The widget that fits a field: its type decides, its description is the help."""
    field = Recipe.model_fields[name]
    kind, key = field.annotation, f"{key}_{name}"
    words = {"label": LABELS.get(name, name.replace("_", " ").capitalize()), "key": key, "help": field.description}
    return keep(key, _widget(field, kind, kept(key, getattr(recipe, name)), words))


def _widget(field: FieldInfo, kind: Any, value: Any, words: dict[str, Any]) -> Any:
    if kind is bool:
        return st.toggle(value=value, **words)
    if kind is float:
        return st.number_input(value=value, step=_step(value), format="%g", **_bounds(field, float), **words)
    if kind is int or int in get_args(kind):
        return st.number_input(value=value, step=1, placeholder="off", **_bounds(field, int), **words)
    if kind is str:
        return st.text_input(value=value, **words)
    options = list(get_args(kind))
    return st.selectbox(options=options, index=options.index(value), format_func=lambda option: OPTIONS.get(option, option), **words)


def _bounds(field: FieldInfo, kind: type) -> dict[str, Any]:
    """Inclusive bounds; open ones are left to the recipe, which names them in its error."""
    bounds = {}
    for rule in field.metadata:
        if isinstance(rule, Ge):
            bounds["min_value"] = kind(rule.ge)
        if isinstance(rule, Le):
            bounds["max_value"] = kind(rule.le)
    return bounds


def _step(value: float) -> float:
    """A tenth of the value, so that a learning rate of 1e-4 can be nudged; 0.05 from zero."""
    return value / 10 if value else 0.05
