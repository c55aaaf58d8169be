"""The folders and files of images that were used lately, so that they can be offered again."""

from __future__ import annotations

import json
from pathlib import Path

from core.files import cache_dir, keep

MOST_KEPT = 10
NAME = "recent_data.json"


def recent() -> list[str]:
    """Paths of data sets used lately that are still there, the latest first.

    Returns
    -------
    list of str
    """
    return [path for path in _kept() if _is_there(path)][:MOST_KEPT]


def remember(path: str | Path) -> None:
    """Put a data set first among those used lately; nothing is written if it stands there already.

    Parameters
    ----------
    path : str or Path
    """
    path, kept = str(Path(path).absolute()), _kept()
    if kept[:1] == [path]:
        return
    paths = [path, *(one for one in kept if one != path)][:MOST_KEPT]
    text = json.dumps(paths, ensure_ascii=False)
    keep(cache_dir() / NAME, lambda path: path.write_text(text, encoding="utf-8"), "The data set is not offered again next time.")


def _kept() -> list[str]:
    try:
        paths = json.loads((cache_dir() / NAME).read_text("utf-8"))
    except (OSError, ValueError):  # none yet, or a broken one
        return []
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
