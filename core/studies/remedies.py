"""The remedies for imbalance and for hidden groups that are measured side by side, each as what it changes in a recipe. No Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.config import Recipe

if TYPE_CHECKING:
    from core.runs.run import Run

NONE, THRESHOLD = "none", "threshold"
SETTINGS: dict[str, dict[str, str]] = {
    NONE: {},
    "class_weights": {"class_weights": "balanced"},
    "oversample": {"sampling": "oversample"},
    "undersample": {"sampling": "undersample"},
    "focal": {"loss": "focal"},
    "group_balance": {"group_balance": "sampling"},
    "dro": {"group_balance": "dro"},
    "last_layer": {"last_layer": "0.2"},
    "corner_exchange": {"corner_exchange": "0.5"},
    "histogram_matching": {"histogram_matching": "0.5"},
    "amplitude_mixing": {"amplitude_mixing": "0.5"},
    "mixstyle": {"mixstyle": "0.5"},
}
SHARES = ("last_layer", "corner_exchange", "histogram_matching", "amplitude_mixing", "mixstyle")  # settings that are a remedy above 0
TURNED_OFF = {
    "class_weights": "none", "sampling": "natural", "loss": "cross_entropy", "group_balance": "none", **dict.fromkeys(SHARES, 0.0),
}  # fmt: skip
GROUP_DETAILS = ("groups", "n_groups", "group_cap", "group_step", "focal_gamma")  # change nothing where the remedy is off


def remedies_of(recipe: Recipe) -> list[str]:
    """The keys of the remedies that a recipe uses; ``none`` alone if it uses none.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    list of str
    """
    used = {"class_weights": recipe.class_weights == "balanced", "oversample": recipe.sampling == "oversample",
            "undersample": recipe.sampling == "undersample", "focal": recipe.loss == "focal",
            "group_balance": recipe.group_balance in ("weights", "sampling"), "dro": recipe.group_balance == "dro"}  # fmt: skip
    used |= {share: getattr(recipe, share) > 0 for share in SHARES}
    return [key for key, is_used in used.items() if is_used] or [NONE]


def moved_rule(run: Run) -> str:
    """The rule by which validation images chose a threshold for a run: Youden's, on altered ones where it has them.

    Parameters
    ----------
    run : Run
        Of two classes, with its card.

    Returns
    -------
    str
        Of `core.metrics.thresholds.RULES`.
    """
    return "youden" if run.card.thresholds.get("battery") is None else "battery"


def without_remedies(recipe: Recipe) -> Recipe:
    """The recipe with every remedy off: two runs that agree in it differ in their remedies alone.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    Recipe
    """
    own = Recipe.model_fields
    return recipe.model_copy(update=TURNED_OFF | {name: own[name].default for name in GROUP_DETAILS})
