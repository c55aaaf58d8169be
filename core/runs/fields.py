"""What the JSON files of a run may say, field by field: a file that says it in another way is broken, and named so before it is used."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Score = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=100_000)]


class Fields(BaseModel):
    """Fields of a file; those that are not known pass, as a later version may write more."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class Recommended(Fields):
    """The operating point of a card."""

    rule: Text | None = None
    value: float | None = None  # judged where it is used: one that cannot be leaves the run without a point of its own
    means: Text | None = None


class Card(Fields):
    """``card.json``."""

    params_total: Amount | None = None
    params_trainable: Amount | None = None
    model_bytes: Amount | None = None
    epochs: Count | None = None
    best_epoch: Count | None = None
    seconds: Amount | None = None
    images_per_second: Amount | None = None
    milliseconds_per_image: Amount | None = None
    peak_memory_mb: Amount | None = None
    n_samples: dict[str, Count] = {}
    thresholds: dict[str, Score | None] = {}
    recommended: Recommended = Recommended()
    warnings: list[Text] = Field([], max_length=1000)
    notes: list[Text] = Field([], max_length=1000)
    scales: list[dict] = Field([], max_length=1000)
    intended_use: Text | None = None
    came_from: Text | None = None
    scale: Text | None = None


class Status(Fields):
    """``status.json``; what `core.runs.liveness` asks of the process is judged there."""

    state: Literal["queued", "running", "stopped", "failed", "finished"]
    host: Text | None = None
    reason: Text | None = None
    phase: Text | None = None
    epoch: Count | None = None
    epochs: Count | None = None
    step: Count | None = None
    steps: Count | None = None
    done: Count | None = None
    total: Count | None = None
    eta_seconds: Amount | None = None
    expected_seconds: Amount | None = None
    waiting: bool | None = None
