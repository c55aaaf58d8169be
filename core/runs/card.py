"""What ``card.json`` records of a scored run."""

from __future__ import annotations

from pydantic import Field

from core.runs.fields import Amount, Count, Fields, Score, Text

INTENDED_USE = "Research and education only; not a medical device and not for any clinical decision."


class Recommended(Fields):
    """The operating point of a card."""

    rule: Text | None = None
    value: float | None = None  # judged where it is used: one that cannot be leaves the run without a point of its own
    means: Text | None = None


class Card(Fields):
    """``card.json``: parameters, time, memory and thresholds; nothing before the run is scored."""

    params_total: Amount | None = None
    params_trainable: Amount | None = None
    model_bytes: Amount | None = None
    epochs: Count | None = None
    best_epoch: Count | None = None
    seconds: Amount | None = None
    images_per_second: Amount | None = None
    milliseconds_per_image: Amount | None = None
    peak_memory_mb: Amount | None = None
    n_samples: dict[str, Count] = Field({})
    thresholds: dict[str, Score | None] = Field({})
    recommended: Recommended = Recommended()
    warnings: list[Text] = Field([], max_length=1000)
    notes: list[Text] = Field([], max_length=1000)
    scales: list[dict] = Field([], max_length=1000)
    intended_use: Text | None = None
    came_from: Text | None = None
    scale: Text | None = None
