"""The remedies for imbalance that the page tells of: what each does, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Remedy:
    """One way to answer imbalance."""

    key: str
    title: str
    setting: str
    effect: str
    cost: str


REMEDIES = (
    Remedy(
        "none",
        "None",
        "",
        "Every image counts once, so a model learns each class as often as it occurs.",
        "Accuracy rewards the largest class.",
    ),
    Remedy(
        "class_weights",
        "Class weights",
        "class_weights=balanced",
        "Every image is shown once; errors on a rare class cost more.",
        "A few images with large weights make training less stable, and probabilities no longer follow the class shares of the data.",
    ),
    Remedy(
        "oversample",
        "Oversampling",
        "sampling=oversample",
        "Images of the smaller classes are shown several times an epoch.",
        "An epoch takes longer, and the repeated images are soon overfitted: augmentation matters more.",
    ),
    Remedy(
        "undersample",
        "Undersampling",
        "sampling=undersample",
        "Each epoch draws no more images of a class than the smallest one has.",
        "An epoch is short, and most images of the large classes are not seen in it.",
    ),
    Remedy(
        "focal",
        "Focal loss",
        "loss=focal",
        "Images that are already classified with confidence count less (Lin et al. 2017).",
        "It plays down easy images, which are not the same as common classes; probabilities become underconfident.",
    ),
    Remedy(
        "group_balance",
        "Group balance",
        "group_balance=sampling",
        "Each class inside each group of films that look alike is shown about as often as any other (Idrissi et al. 2022).",
        "Rare films are repeated and may be overfitted, and the balance is only as good as the groups.",
    ),
    Remedy(
        "threshold",
        "Threshold moving",
        "",
        "Nothing changes in training: the score above which an image counts as ill is chosen afterwards.",
        "It trades missed cases for false alarms; the ranking of the images, and so the AUC, stays as it is.",
    ),
)
