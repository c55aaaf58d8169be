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
    parts: tuple[Any, ...] = get_args(field.annotation) if get_origin(field.annotation) is UnionType else (field.annotation,)
    kinds = [kind for kind in parts if kind is not type(None)]
    choices = get_args(kinds[0]) if get_origin(kinds[0]) is Literal else ("true", "false") if kinds[0] is bool else ()
    if not choices and kinds[0] not in KINDS:
        return ""
    bounds = [f"{sign} {getattr(rule, name):,}" for rule in field.metadata for name, sign in SIGNS.items() if hasattr(rule, name)]
    words = [f"{quote}{word}{quote}" for word in choices] or [" ".join([KINDS[kinds[0]], " and ".join(bounds)]).strip()]
    words += [f"{quote}none{quote}"] * (len(kinds) < len(parts))
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
