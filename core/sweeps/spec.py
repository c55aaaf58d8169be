"""What a sweep is to train, from a YAML file or the options of a command; anything may stand in such a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from core.config import Recipe
from core.errors import InputError
from core.files import reason_of
from core.files.regular import read_regular
from core.sweeps.metric import METRICS

MOST_BYTES = 2**18
LONGEST = 200  # characters of a value
NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}"
Word = Annotated[str, Field(max_length=LONGEST)]
Value = Word | int | float | bool | None
Seed = Annotated[int, Field(ge=0, lt=2**31)]


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
    systems: tuple[Word, ...] = Field(min_length=1, max_length=50)
    seeds: tuple[Seed, ...] = Field((0,), min_length=1, max_length=100)
    labels: tuple[Literal[2, 3], ...] = Field((), max_length=2)
    settings: dict[str, tuple[Value, ...] | Span] = Field({}, max_length=50)
    metric: str = "val_loss"
    trials: int | None = Field(None, ge=1, le=10_000)
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


def read_spec(path: Path) -> Spec:
    """A sweep from a YAML file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Spec

    Raises
    ------
    InputError
        If it cannot be read, or is no sweep; the message names what is wrong.
    """
    try:
        found = yaml.load(read_regular(path, MOST_BYTES).decode("utf-8"), _Plain)
    except OSError as error:
        raise InputError(f"The sweep {str(path)!r} cannot be read ({reason_of(error)}).") from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        said = " ".join(str(error).split())[:200] or "it is nested too deeply"
        raise InputError(f"The sweep {str(path)!r} is not YAML that can be read: {said}") from None
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise InputError(f"The sweep {str(path)!r} has no settings; it begins with a line such as  systems: [lens_small]")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-_")[:61] or "sweep"
    return make_spec({"name": stem} | found)


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
        Naming the field and what was received.
    """
    try:
        return Spec(**fields)
    except ValidationError as error:
        problem = max(error.errors(), key=lambda one: (one["type"] == "value_error", len(one["loc"])))  # the alternative that was meant
        where = ".".join(str(part) for part in problem["loc"][:2])
        if problem["type"] == "value_error":
            raise InputError(f"The sweep{f' ({where})' if where else ''} does not fit together: {problem['ctx']['error']}.") from None
        raise InputError(f"The sweep's {where} is not valid: {problem['msg']}; received {problem['input']!r:.60}.") from None
    except RecursionError:
        raise InputError("The sweep is nested too deeply.") from None


def parse_settings(pairs: Sequence[str]) -> dict[str, Any]:
    """Settings from ``KEY=VALUE,VALUE`` for each of several, ``KEY=LOW..HIGH`` for a range, ``KEY=LOW..HIGH:log`` for a logarithmic one.

    Parameters
    ----------
    pairs : sequence of str

    Returns
    -------
    dict of str

    Raises
    ------
    InputError
        If one has another form, or a setting is given twice.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, separator, text = pair.partition("=")
        if not separator or not text or key in found:
            raise InputError(f"A setting is KEY=VALUE,VALUE or KEY=LOW..HIGH, and given once; received {pair!r:.80}.")
        found[key] = _span(text) if ".." in text else tuple(text.split(","))
    return found


def _span(text: str) -> dict[str, Any]:
    ends, _, log = text.partition(":")
    low, _, high = ends.partition("..")
    if log not in ("", "log"):
        raise InputError(f"A range is LOW..HIGH or LOW..HIGH:log; received {text!r:.80}.")
    return {"low": low, "high": high, "log": bool(log)}


def _meant(value: Value) -> float | str:
    """The same for all ways to write a number, since two equal trainings would run side by side."""
    try:
        return float(value)  # type: ignore[arg-type]  # None is a text as well
    except (TypeError, ValueError, OverflowError):
        return str(value).lower()


class _Plain(yaml.SafeLoader):
    """YAML without references, by which a few lines would stand for billions of values; without types that are said, such as ``!!int``,
    which raise errors of any kind where the value is none; and without numbers of thousands of digits."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.events.AliasEvent):
            raise yaml.YAMLError("references (&, *) are not allowed")
        if getattr(event, "tag", None):
            raise yaml.YAMLError("types (!) are not allowed")
        if isinstance(event, yaml.events.ScalarEvent) and len(event.value) > LONGEST:
            raise yaml.YAMLError(f"a value has at most {LONGEST} characters; one has {len(event.value):,}")
        return super().compose_node(parent, index)

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        keys = [key.value for key, _ in node.value]
        if twice := next((key for place, key in enumerate(keys) if key in keys[:place]), None):
            raise yaml.YAMLError(f"{str(twice)[:LONGEST]!r} is given twice")
        return node
