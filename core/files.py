"""Where cached files go, and how any file is written: under a temporary name, then renamed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from core.errors import InputError


def cache_dir(*parts: str) -> Path:
    """A folder below ``PNEUMOLENS_CACHE`` (default: the user's cache folder), made when missing; InputError if it cannot be."""
    base = Path(os.environ.get("PNEUMOLENS_CACHE") or platformdirs.user_cache_dir("pneumolens"))
    folder = base.joinpath(*parts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The cache folder {str(folder)!r} cannot be made ({error.strerror}); set PNEUMOLENS_CACHE.") from None
    return folder


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well, and is removed when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield folder / path.name
        (folder / path.name).replace(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_json(path: Path, content: dict) -> None:
    """Write `content` so that a reader sees the old file or the new one, never half of it."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
