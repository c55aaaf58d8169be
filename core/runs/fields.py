"""What the JSON files of a run say, field by field: a file that says it in another way is broken, and named so before it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WrapValidator


def _as_written(value: object, check: Callable[[object], object]) -> object:
    """A number that passes its check, 5 still 5 and not 5.0: it is shown, and written back, as it stands in the file."""
    check(value)
    return value


Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False), WrapValidator(_as_written)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Score = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False), WrapValidator(_as_written)]
Text = Annotated[str, Field(max_length=100_000)]


class Fields(BaseModel):
    """Fields of a file; those that are not known are kept, as a later version may write more."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    def to_json(self) -> dict[str, Any]:
        """What the file says, no more: fields that it leaves out stay out."""
        return self.model_dump(exclude_unset=True)

    def says(self, name: str) -> bool:
        """Whether the file has a field of that name."""
        return name in self.model_fields_set


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
    heartbeat: Any = None
    pid: Any = None
    process_started: Any = None
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
