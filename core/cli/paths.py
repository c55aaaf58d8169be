"""The type of every argument and option that is a path: as a person types or pastes it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from core.files.paths import typed_path


class TypedPath(click.Path):
    """A path without the quotes and blanks around it; one that needs no change stays as it was given."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """What `click.Path` makes of the path that was meant; an empty option is as if it were not given."""
        if str(value):
            meant = typed_path(str(value))
            value = value if meant == Path(value) else str(meant)
        return super().convert(value, param, ctx)


ANY, FILE = TypedPath(), TypedPath(path_type=Path, dir_okay=False)
PLACE = TypedPath(path_type=Path)
