"""The remedies for imbalance and for hidden groups that the page tells of: what each does, what it costs, and how to train with it."""

from __future__ import annotations

from dataclasses import dataclass

from core.studies.remedies import NONE, SETTINGS, SHARES, THRESHOLD, TURNED_OFF


@dataclass(frozen=True)
class Remedy:
    """One way to answer imbalance.

    Attributes
    ----------
    key : str
        Of `core.studies.remedies`.
    title, effect, cost : str
    """

    key: str
    title: str
    effect: str
    cost: str

    @property
    def setting(self) -> str:
        """``loss=focal``; empty where training stays as it is."""
        return ", ".join(f"{name}={value}" for name, value in SETTINGS.get(self.key, {}).items())

    @property
    def recipe_settings(self) -> dict[str, str]:
        """What makes a recipe that balances by this remedy alone; one that changes pictures leaves the balance of the recipe as it is."""
        balance = {name: value for name, value in TURNED_OFF.items() if name not in SHARES}
        return SETTINGS[self.key] if self.key in SHARES else balance | SETTINGS.get(self.key, {})


REMEDIES = (
    Remedy(
        NONE,
        "None",
        "Every image counts once, so a model learns each class as often as it occurs.",
        "Accuracy rewards the largest class.",
    ),
    Remedy(
        "class_weights",
        "Class weights",
        "Every image is shown once; errors on a rare class cost more.",
        "A few images with large weights make training less stable, and probabilities no longer follow the class shares of the data.",
    ),
    Remedy(
        "oversample",
        "Oversampling",
        "Images of the smaller classes are shown several times an epoch.",
        "An epoch takes longer, and the repeated images are soon overfitted: augmentation matters more.",
    ),
    Remedy(
        "undersample",
        "Undersampling",
        "Each epoch draws no more images of a class than the smallest one has.",
        "An epoch is short, and most images of the large classes are not seen in it.",
    ),
    Remedy(
        "focal",
        "Focal loss",
        "Images that are already classified with confidence count less (Lin et al. 2017).",
        "It plays down easy images, which are not the same as common classes; probabilities become underconfident.",
    ),
    Remedy(
        "group_balance",
        "Group balance",
        "Each class inside each group of films that look alike is shown about as often as any other (Idrissi et al. 2022).",
        "Rare films are repeated and may be overfitted, and the balance is only as good as the groups.",
    ),
    Remedy(
        "dro",
        "Group DRO",
        "The loss turns, step by step, to the group and class for which it is largest (Sagawa et al. 2020).",
        "A few films of a rare group, or wrong labels in it, steer the whole training.",
    ),
    Remedy(
        "last_layer",
        "Last layer anew",
        "A fifth of the training patients is kept for training the last layer anew, balanced by group and class (Kirichenko et al. 2023).",
        "The rest of the network sees fewer patients.",
    ),
    Remedy(
        "corner_exchange",
        "Exchanged corners",
        "Half of the films take their corners, letters included, from another film of any class, so that corners tell no class.",
        "A sign of illness in what is exchanged is lost too.",
    ),
    Remedy(
        "histogram_matching",
        "Matched histograms",
        "Half of the films take the distribution of grey levels of another film of any class.",
        "An opacity that shows in the grey levels fades.",
    ),
    Remedy(
        "amplitude_mixing",
        "Mixed amplitudes",
        "Half of the films mix the Fourier amplitudes at low frequencies, their style, with those of another film of any class (Yang and "
        "Soatto 2020; Xu et al. 2021).",
        "A wide, soft opacity is of low frequency too.",
    ),
    Remedy(
        "mixstyle",
        "MixStyle",
        "Within the network, half of the batches mix the mean and spread of early features between films (Zhou et al. 2021).",
        "What is mixed also carries how dense a lung is.",
    ),
    Remedy(
        THRESHOLD,
        "Threshold moving",
        "Nothing changes in training: the score above which an image counts as ill is chosen afterwards.",
        "It trades missed cases for false alarms; the ranking of the images, and so the AUC, stays as it is.",
    ),
)
