"""What a setting takes, in words, for the page of settings and for whoever gave something else."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
KINDS = {int: "a whole number", float: "a number", str: "text"}
UNENDING = "a finite number"  # where no upper bound rules infinity out


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
    words = [f"{quote}{word}{quote}" for word in choices] or [_text(field) if kinds[0] is str else _number(kinds[0], field)]
    words += [f"{quote}none{quote}"] * (len(kinds) < len(parts))
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _number(kind: type, field: FieldInfo) -> str:
    limits = [(name, getattr(rule, name)) for rule in field.metadata for name in SIGNS if hasattr(rule, name)]
    noun = UNENDING if kind is float and not {"lt", "le"} & {name for name, _ in limits} else KINDS[kind]
    return f"{noun} {' and '.join(f'{SIGNS[name]} {limit:,}' for name, limit in limits)}".strip()


def _text(field: FieldInfo) -> str:
    limits = {name: getattr(rule, name) for rule in field.metadata for name in ("min_length", "max_length") if hasattr(rule, name)}
    fewest, most = limits.get("min_length", 0), limits.get("max_length")
    if most is None:
        return f"{KINDS[str]} of at least {fewest:,} characters" if fewest else KINDS[str]
    return f"{KINDS[str]} of {f'{fewest:,} to' if fewest else 'at most'} {most:,} characters"
