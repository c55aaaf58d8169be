"""What a sweep is to train: systems, seeds and settings, checked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.config import Recipe
from core.errors import InputError
from core.sweeps.metric import METRICS
from core.sweeps.spec.limits import LARGEST_SEED, LONGEST, LONGEST_NAME, MOST_SEEDS, MOST_SETTINGS, MOST_SYSTEMS, MOST_TRIALS
from core.sweeps.spec.mistakes import mistake

NAME = rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}"
Word = Annotated[str, Field(max_length=LONGEST)]
Value = Word | int | float | bool | None
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]


class Span(BaseModel):
    """A range that values of a setting are drawn from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    low: float
    high: float
    log: bool = False
    step: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if not self.low < self.high:
            raise ValueError(f"a range goes from low to high, and {self.low:g} is not below {self.high:g}")
        if self.log and (self.low <= 0 or self.step):
            raise ValueError("a logarithmic range begins above 0 and has no step")
        if self.step and self.last == self.low:
            raise ValueError(f"a step of {self.step:g} leaves one value between {self.low:g} and {self.high:g}; make it smaller")
        return self

    @property
    def last(self) -> float:
        """The highest value that can be drawn: `high`, or below it where the steps do not end there."""
        if not self.step:
            return self.high
        low, high, step = (Decimal(str(value)) for value in (self.low, self.high, self.step))
        return float(low + (high - low) // step * step)


class Spec(BaseModel):
    """A sweep: every system with every seed and number of classes, by all combinations of the settings or by some that are drawn.

    Attributes
    ----------
    name : str
        Of the sweep among those of a folder of runs.
    systems : tuple of str
    seeds : tuple of int
    labels : tuple of {2, 3}
        Numbers of classes; each system's first if empty.
    settings : dict of str to (tuple of values or Span)
    metric : str
        Of validation; it ranks, and nothing of test does.
    trials : int
        How many combinations are drawn for each system, number of classes and seed, where there is a range.
    sampler : {"random", "tpe"}
        How they are drawn: independently, or near those that did well.
    stop_early : bool
        End trainings that fall behind, by asynchronous successive halving.
    limit : int or None
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field("sweep", pattern=f"^{NAME}$")
    systems: tuple[Word, ...] = Field(min_length=1, max_length=MOST_SYSTEMS)
    seeds: tuple[Seed, ...] = Field((0,), min_length=1, max_length=MOST_SEEDS)
    labels: tuple[Literal[2, 3], ...] = Field((), max_length=2)
    settings: dict[str, tuple[Value, ...] | Span] = Field({}, max_length=MOST_SETTINGS)
    metric: str = "val_loss"
    trials: int | None = Field(None, ge=1, le=MOST_TRIALS)
    sampler: Literal["random", "tpe"] = "random"
    stop_early: bool = False
    limit: int | None = Field(None, ge=1)

    @field_validator("settings", mode="before")
    @classmethod
    def _single_values(cls, settings: object) -> object:
        """One value alone is a list of one."""
        if not isinstance(settings, dict):
            return settings
        return {str(key): value if isinstance(value, list | tuple | dict | Span) else (value,) for key, value in settings.items()}

    @model_validator(mode="after")
    def _fits(self) -> Spec:
        if self.metric not in METRICS:
            raise ValueError(f"the metric is one of validation, {', '.join(METRICS)}, and not {self.metric!r}")
        if unknown := sorted(set(self.settings) - set(Recipe.model_fields) - {"base_run"}):
            raise ValueError(f"there is no setting {unknown[0]!r}")
        if any(not values for values in self.settings.values() if isinstance(values, tuple)):
            raise ValueError("a setting has no value")
        listed = {f"values of {key}": [*map(_meant, values)] for key, values in self.settings.items() if isinstance(values, tuple)}
        for name, given in ({"systems": self.systems, "seeds": self.seeds, "labels": self.labels} | listed).items():
            if len(set(given)) != len(given):
                raise ValueError(f"one of the {name} is named twice")
        if self.is_drawn != (self.trials is not None):
            raise ValueError("trials says how often to draw from a range: give both, or neither")
        return self

    @property
    def is_drawn(self) -> bool:
        """Whether values are drawn from a range."""
        return any(isinstance(values, Span) for values in self.settings.values())

    @property
    def needs_search(self) -> bool:
        """Whether Optuna has a part in it."""
        return self.is_drawn or self.stop_early


def make_spec(fields: Mapping[str, Any]) -> Spec:
    """A sweep from its fields.

    Parameters
    ----------
    fields : mapping of str
        Those of `Spec`.

    Returns
    -------
    Spec

    Raises
    ------
    InputError
        Naming the field, what was received and what may stand there.
    """
    try:
        return Spec(**fields)
    except ValidationError as error:
        raise InputError(mistake(error)) from None
    except RecursionError:
        raise InputError("The sweep is nested too deeply.") from None


def _meant(value: Value) -> float | str:
    """The same for all ways to write a number, since two equal trainings would run side by side."""
    try:
        return float(value)  # type: ignore[arg-type]  # None is a text as well
    except (TypeError, ValueError, OverflowError):
        return str(value).lower()
