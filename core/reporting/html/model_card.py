"""What a report says of one run besides its results: the items of a model card.

References
----------
Mitchell et al., "Model cards for model reporting", FAT* 2019.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from core.counted import class_words
from core.errors import InputError
from core.metrics.per_image import Verdicts
from core.metrics.statistics.intervals import UNDEFINED, in_figures
from core.reporting.leaderboard import published
from core.runs.card import Card

if TYPE_CHECKING:
    from core.runs.run import Run

NOT_A_DEVICE = "Research and education only; not a medical device and not for any clinical decision."
LICENCE = "Code and models: Apache License 2.0. Kermany chest X-rays: CC BY 4.0, Kermany, Zhang and Goldbaum 2018, doi 10.17632/rscbjbr9sj."
LIMITS = (
    "Children of one to five years at one hospital, frontal films: it may not hold for adults, other hospitals or other devices.",
    "Test images that share a patient are counted as such in the intervals, not removed.",
    "The test images were looked at by everybody who published on this set, so choices made after the fact are likely.",
)
UNKNOWN = "not known"


def card_items(run: Run, threshold: float | None) -> dict[str, str]:
    """The items of a run's model card in plain words; what is not known is said to be, and a broken card is one such thing."""
    config = run.config
    try:
        card, broken = run.card, ""
    except InputError as error:
        card, broken = Card(), str(error)
    return {
        "Card": broken,
        "Intended use": card.intended_use or NOT_A_DEVICE,
        "Data": f"{config.data_title or UNKNOWN}, fingerprint {config.fingerprint or UNKNOWN}",
        "Split": f"{config.split_rule}; {_counts(run, card)}",
        "Labels": ", ".join(config.class_names) + (f" (the positive class is {config.class_names[1]})" if config.n_classes == 2 else ""),
        "Seed": UNKNOWN if config.system == "imported" else str(config.seed),
        "Threshold": _threshold(card, threshold),
        "Training": _training(card),
        "Settings": UNKNOWN if config.system == "imported" else _settings(run),
        "Model": _model(card, config.image_size, config.system == "imported"),
        "Members": ", ".join(config.members),
        "Published": _published(run),
        "Hardware": ", ".join(f"{key} {value}" for key, value in config.device.items()) or UNKNOWN,
        "Software": ", ".join(f"{key} {value}" for key, value in config.versions.items()) or UNKNOWN,
        "Made": config.created.replace("T", " ")[:16] + " UTC",
    }


def failures(verdicts: Verdicts, row: int) -> list[tuple[str, int, int]]:
    """How many images of each kind a run gets wrong: kind, wrong, all."""
    wrong = ~verdicts.correct[row]
    return [(class_words(kind), int((wrong & mask).sum()), int(mask.sum())) for kind, mask in verdicts.kinds().items()]


def _counts(run: Run, card: Card) -> str:
    """Images of each split, and of each class where scores are stored."""
    try:
        counts = run.predictions.groupby(["split", "y_true"]).size()
    except InputError:
        return UNKNOWN
    parts = []
    for split in ("val", "test"):
        if split in counts.index.get_level_values(0):
            classes = ", ".join(f"{n:,} {class_words(run.config.class_names[class_id])}" for class_id, n in counts[split].items())
            parts.append(f"{split} {counts[split].sum():,} ({classes})")
    n_train = _number(card.n_samples.get("train"))
    return "; ".join(([f"train {n_train:,}"] if n_train else []) + parts)


def _threshold(card: Card, threshold: float | None) -> str:
    if threshold is None:
        return "the largest probability decides"
    own = card.recommended
    value = in_figures(_number(own.value), ".3f")
    if value == UNDEFINED:
        return f"{threshold:.3f} in this report; the run has none of its own on record"
    return f"{threshold:.3f} in this report; the run's own is {value} ({own.means or 'no rule recorded'})"


def _number(value: object) -> float | None:
    """A figure of a card; None where it is missing, 0, not finite or no number, for cards are files that anybody may have written."""
    return value if isinstance(value, int | float) and isfinite(value) and value else None


def _training(card: Card) -> str:
    known = {key: number for key, value in card.to_json().items() if (number := _number(value))}
    if not known.get("epochs"):
        return UNKNOWN
    speed = f", {known['images_per_second']} images a second" if known.get("images_per_second") else ""
    memory = f", at most {known['peak_memory_mb']:,} MB of memory" if known.get("peak_memory_mb") else ""
    minutes = f" in {known['seconds'] / 60:.1f} min" if known.get("seconds") else ""
    kept = f", the model of epoch {known['best_epoch']} kept" if known.get("best_epoch") else ""
    return f"{known['epochs']} epochs{minutes}{kept}{speed}{memory}"


def _settings(run: Run) -> str:
    limit = {"limit": run.config.limit} if run.config.limit else {}
    return ", ".join(f"{key} {value}" for key, value in (run.config.recipe.model_dump() | limit).items() if value is not None)


def _model(card: Card, image_size: int, imported: bool) -> str:
    known = {key: number for key, value in card.to_json().items() if (number := _number(value))}
    if not known.get("params_total"):
        return UNKNOWN if imported else "no model of its own"
    size = f", {known['model_bytes'] / 1e6:.1f} MB" if known.get("model_bytes") else ""
    pace = f", {known['milliseconds_per_image']} ms an image" if known.get("milliseconds_per_image") else ""
    return f"{known['params_total']:,} parameters{size}, {image_size}×{image_size} pixels{pace}"


def _published(run: Run) -> str:
    figures = published(run)
    numbers = ", ".join(f"{key.replace('_', ' ')} {value:.3f}" for key, value in figures.items() if isinstance(value, float))
    return "; ".join(part for part in (numbers, figures.get("note")) if part) or "no figure"
