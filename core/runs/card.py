"""What a scored run's card says of its use and its operating points. No Keras, so that runs without a model have it too."""

from __future__ import annotations

from core.errors import InputError
from core.metrics.thresholds import NAMED, RECOMMENDED_RULE, choose_thresholds
from core.runs.run import Run

RECOMMENDED = (  # the one explanation, wherever it is given
    "each model's own threshold, chosen before any look at test: largest sensitivity + specificity on altered validation images, each "
    "with a clue of the data set removed; on plain validation images where a model has no others"
)
WITHOUT_VALIDATION = "Threshold 0.5, for there are no validation scores of both classes to choose one on"
INTENDED_USE = "Research and education only; not a medical device and not for any clinical decision."


def operating_points(run: Run) -> dict:
    """The thresholds of a scored two-class run, from validation and battery, and which one is recommended.

    Validation images carry the clues that a model may have learnt, so their best threshold can lie anywhere between two
    well-parted heaps of scores; with the clues removed the heaps meet, and the battery's threshold is the recommended one.

    Parameters
    ----------
    run : Run
        With its predictions.

    Returns
    -------
    dict
        ``thresholds`` and ``recommended``; empty for more than two classes.
    """
    if run.config.n_classes != 2:
        return {}
    positive = f"p_{run.config.class_names[1]}"
    validation, battery = run.predictions.query("split == 'val'"), run.battery
    if validation["y_true"].nunique() < 2:
        return {"thresholds": {"half": 0.5}, "recommended": {"rule": "half", "value": 0.5, "means": WITHOUT_VALIDATION}}
    thresholds = choose_thresholds(validation["y_true"].to_numpy(), validation[positive].to_numpy())
    rule = RECOMMENDED_RULE
    if battery is not None and battery["y_true"].nunique() == 2:
        rule, thresholds["battery"] = "battery", choose_thresholds(battery["y_true"].to_numpy(), battery[positive].to_numpy())["youden"]
    return {"thresholds": thresholds, "recommended": {"rule": rule, "value": thresholds[rule], "means": NAMED[rule].means}}


def restore_card(run: Run) -> str:
    """Write the card of a scored run anew if it is broken, from the stored scores.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        What was made anew and what is lost, in a sentence; empty if the card is whole.

    Raises
    ------
    InputError
        If the scores cannot be read either.
    """
    try:
        _ = run.card
        return ""
    except InputError:
        counts = {name: int(n) for name, n in run.predictions["split"].value_counts().items()}
    note = "The card was broken and is made anew from the stored scores: its thresholds are chosen again, and what it said of time is lost."
    run.write_card({"n_samples": counts, "intended_use": INTENDED_USE, "warnings": [note]} | operating_points(run))
    return note
