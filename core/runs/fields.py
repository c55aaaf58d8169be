"""What the JSON files of a run say, field by field: a file that says it in another way is broken, and named so before it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

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
