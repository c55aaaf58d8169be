"""A sweep from a YAML file, in which anything may stand."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from core.errors import InputError
from core.files import reason_of
from core.files.regular import read_regular
from core.sweeps.spec import Spec, make_spec
from core.sweeps.spec.limits import LONGEST

MOST_BYTES = 2**18


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
