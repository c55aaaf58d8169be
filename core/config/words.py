"""What a setting takes, in words, for the page of settings and for whoever gave something else."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
KINDS = {int: "a whole number", float: "a number", str: "text"}


def takes(field: FieldInfo, quote: str = "") -> str:
    """The values that a setting may have.

    Parameters
    ----------
    field : FieldInfo
    quote : str
        Before and after each word that is typed as it stands.

    Returns
    -------
    str
        ``a whole number ≥ 1 or none``; empty for what is no single value.
    """
    kinds: list[Any] = [kind for kind in get_args(field.annotation) if kind is not type(None)] if is_optional(field) else [field.annotation]
    choices = get_args(kinds[0]) if get_origin(kinds[0]) is Literal else ("true", "false") if kinds[0] is bool else ()
    if not choices and kinds[0] not in KINDS:
        return ""
    bounds = [f"{sign} {getattr(rule, name):,}" for rule in field.metadata for name, sign in SIGNS.items() if hasattr(rule, name)]
    words = [f"{quote}{word}{quote}" for word in choices] or [" ".join([KINDS[kinds[0]], " and ".join(bounds)]).strip()]
    words += [f"{quote}none{quote}"] * is_optional(field)
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def is_optional(field: FieldInfo) -> bool:
    """Whether a setting may be off."""
    return get_origin(field.annotation) is UnionType and type(None) in get_args(field.annotation)
